/** Bold on a terminal that may show it: see no-color.org and force-color.org. */
export function bold(text: string, stream: { isTTY?: boolean } = process.stdout): string {
  return mayColour(stream) ? `\u001b[1m${text}\u001b[22m` : text;
}

export function mayColour(
  stream: { isTTY?: boolean },
  { NO_COLOR = '', FORCE_COLOR = '', TERM = '' }: NodeJS.ProcessEnv = process.env,
): boolean {
  if (NO_COLOR !== '') return false;
  if (FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return stream.isTTY === true && TERM !== 'dumb';
}
