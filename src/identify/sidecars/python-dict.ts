/**
 * Class names from a Python literal as Ultralytics writes it into metadata: `{0: 'person', 1: "driver's seat"}` or
 * `['person', 'car']`. JSON of both forms is understood as well.
 *
 * @returns names by class number; null where the text is no such literal
 */
export function parseNames(text: string): Map<number, string> | null {
  const items = /^\s*(?:\{(.*)\}|\[(.*)\])\s*$/s
    .exec(text)
    ?.slice(1)
    .find((inner) => inner !== undefined)
    ?.trim();
  if (items === undefined) return null;
  const isList = text.trim().startsWith('[');
  const names = new Map<number, string>();
  const item = /\s*(?:["']?(\d+)["']?\s*:\s*)?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(?:,|$)/suy;
  while (item.lastIndex < items.length) {
    const found = item.exec(items);
    if (found === null) return null;
    const [, key, single, double] = found;
    if ((key === undefined) !== isList) return null;
    names.set(isList ? names.size : Number(key), unescaped(single ?? double ?? ''));
  }
  return names;
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r' };

const HEX = '[0-9a-fA-F]';
/** Behind a backslash: a character by its number (xe9, u00e9, U0001f697), or the character itself. */
const ESCAPE = new RegExp(`\\\\(?:u(${HEX}{4})|U(00(?:0${HEX}|10)${HEX}{4})|x(${HEX}{2})|(.))`, 'gsu');

function unescaped(text: string): string {
  return text.replace(ESCAPE, (_, u, wide, byte, letter) =>
    letter === undefined ? String.fromCodePoint(Number.parseInt(u ?? wide ?? byte, 16)) : (ESCAPES[letter] ?? letter),
  );
}
