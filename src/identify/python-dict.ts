/**
 * Class names from a Python literal as Ultralytics writes it into metadata: `{0: 'person', 1: "driver's seat"}` or
 * `['person', 'car']`. JSON of both forms is understood as well.
 *
 * @returns names by class number; null where the text is no such literal
 */
export function parseNames(text: string): Map<number, string> | null {
  const items = /^\s*[{[](.*)[}\]]\s*$/s.exec(text)?.[1];
  if (items === undefined) return null;
  const isList = text.trim().startsWith('[');
  const names = new Map<number, string>();
  const item = /\s*(?:["']?(\d+)["']?\s*:\s*)?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(?:,|$)/suy;
  while (item.lastIndex < items.length) {
    const found = item.exec(items);
    if (found === null) return items.slice(names.size === 0 ? 0 : undefined).trim() === '' ? names : null;
    const [, key, single, double] = found;
    if ((key === undefined) !== isList) return null;
    names.set(isList ? names.size : Number(key), unescaped(single ?? double ?? ''));
  }
  return names;
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r' };

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|x([0-9a-f]{2})|(.))/gisu, (_, u, wide, byte, letter) =>
    letter === undefined ? String.fromCodePoint(Number.parseInt(u ?? wide ?? byte, 16)) : (ESCAPES[letter] ?? letter),
  );
}
