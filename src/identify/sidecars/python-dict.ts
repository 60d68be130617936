/**
 * Class names from a Python literal as exporters write it into metadata: `{0: 'person', 1: "driver's seat"}`,
 * `['person', 'car']`, tuples, `OrderedDict([(0, 'a')])`; names may be numbers, `None` or in numpy's wrapping. JSON of these
 * forms is understood as well.
 *
 * @returns names by class number, without those that are None; null where the text is no such literal
 */
export function parseNames(text: string): Map<number, string> | null {
  const inner = /^\s*(?:\{(.*)\}|\[(.*)\]|\((.*)\))\s*$/s.exec(withoutWrapping(text));
  if (inner === null) return null;
  const items = inner.slice(1).find((part) => part !== undefined)!;
  const pairs = /^\s*\(/.test(items); // as OrderedDict writes them
  return inner[1] !== undefined ? entries(items, ENTRY) : pairs ? entries(items, PAIR) : entries(items, ELEMENT);
}

const NUMBER = '[-+]?\\d+(?:\\.\\d*)?';
const VALUE = `(?:'((?:[^'\\\\]|\\\\.)*)'|"((?:[^"\\\\]|\\\\.)*)"|(${NUMBER}|[A-Za-z_]\\w*))`;
const KEY = `["']?(\\d+)(?:\\.0*)?["']?`;
const END = '\\s*(?:,\\s*|$)';
const ENTRY = new RegExp(`${KEY}\\s*:\\s*${VALUE}${END}`, 'suy');
const PAIR = new RegExp(`\\(\\s*${KEY}\\s*,\\s*${VALUE}\\s*,?\\s*\\)${END}`, 'suy');
/** No key: its place is the number. */
const ELEMENT = new RegExp(`()${VALUE}${END}`, 'suy');

/** @param item  a key, perhaps empty, and a value in single quotes, in double ones, or without */
function entries(text: string, item: RegExp): Map<number, string> | null {
  const items = text.trim();
  const names = new Map<number, string>();
  let count = 0;
  for (item.lastIndex = 0; item.lastIndex < items.length; count++) {
    const found = item.exec(items);
    if (found === null) return null;
    const [, key, single, double, bare] = found;
    if (bare !== undefined && !/^(None|null|\d.*|[-+].*)$/.test(bare)) return null;
    if (bare === 'None' || bare === 'null') continue;
    names.set(key === '' ? count : Number(key), bare ?? unescaped(single ?? double ?? ''));
  }
  return names;
}

/** `np.str_('a')` is 'a', `np.int64(3)` is 3, `OrderedDict([…])` and `dict_values([…])` are what they hold. */
function withoutWrapping(text: string): string {
  const values = text.replace(/\b(?:np|numpy)\.\w+\(\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[-+\d.]+)\s*\)/gsu, '$1');
  return values.replace(/^\s*(?:collections\.)?(?:OrderedDict|dict_values|dict|list|tuple)\((.*)\)\s*$/s, '$1');
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
