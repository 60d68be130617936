import { check } from '../../check/check.js';
import type { Form, OptionsOf, OptionTable } from '../../check/option.js';
import { complain, SigboxError } from '../../errors.js';
import type { Token } from './tokens.js';
import { isRepeatable, type KnownWord, type Owner } from './words.js';

/**
 * The values of options from the texts of a command line, each checked by its option's own schema.
 *
 * @param tokens  all of words that the table has
 * @throws SigboxError E_ARGUMENT  a value that is out of range, a word that may stand once and stands twice, a required
 *   option that is missing
 */
export function readOptions<const Table extends OptionTable>(
  table: Table,
  tokens: readonly Token[],
  command: string,
): OptionsOf<Table> {
  const options: Record<string, unknown> = {};
  const givenBy = new Map<string, KnownWord>(); // by option
  for (const [known, given] of byWord(tokens)) {
    const values = given.map(({ value }) => value);
    for (const { name } of known.owners) {
      const other = givenBy.get(name);
      if (other !== undefined) throw twoWords(known, other);
      givenBy.set(name, known);
    }
    Object.assign(
      options,
      known.form === 'switch' ? switched(known, values) : valuesOf(known, values as string[], given.at(-1)!.typed),
    );
  }
  for (const [name, { required, words = {} }] of Object.entries(table)) {
    if (required !== true || name in options) continue;
    throw new SigboxError(
      'E_ARGUMENT',
      `${command}: --${Object.keys(words)[0]} is missing. See sigbox ${command} --help.`,
    );
  }
  return options as OptionsOf<Table>;
}

function byWord(tokens: readonly Token[]): Map<KnownWord, Token[]> {
  const found = new Map<KnownWord, Token[]>();
  for (const token of tokens) {
    if (token.known !== undefined) found.set(token.known, [...(found.get(token.known) ?? []), token]);
  }
  return found;
}

/** The last one counts. */
function switched({ owners }: KnownWord, values: readonly (string | boolean)[]) {
  return { [owners[0]!.name]: values.at(-1) };
}

function valuesOf(known: KnownWord, texts: readonly string[], where: string): Record<string, unknown> {
  if (texts.length > 1 && !isRepeatable(known)) {
    throw complain('E_ARGUMENT', { where, expected: 'one value', received: texts.join(' ') });
  }
  const options: Record<string, unknown> = {};
  const several = known.owners.find(({ form }) => form === 'texts');
  if (several !== undefined && known.owners.length > 1) {
    const owner = texts.length > 1 ? several : known.owners.find((each) => each !== several)!;
    return { [owner.name]: readValue(owner, texts, where) };
  }
  for (const owner of known.owners) {
    const own = texts.filter((text) => ownerOf(known, text) === owner);
    if (own.length > 0) options[owner.name] = readValue(owner, own, where);
  }
  return options;
}

/** Of `--score 0.5` and `--score car=0.5`, each is another option's. */
function ownerOf({ owners }: KnownWord, text: string): Owner {
  const labelled = owners.find(({ form }) => form === 'by-label');
  return labelled !== undefined && text.includes('=')
    ? labelled
    : (owners.find((owner) => owner !== labelled) ?? owners[0]!);
}

function readValue({ option: { schema }, form }: Owner, texts: readonly string[], where: string): unknown {
  const comma = texts.find((text) => /(^|=)\d*,\d+$/.test(text));
  const isNumber = form === 'number' || form === 'by-label';
  const mend = isNumber && comma !== undefined ? { mend: `Use a point: ${comma.replace(/,(?=\d+$)/, '.')}.` } : {};
  return check(schema, fromTexts(form, texts, where), { where, ...mend });
}

/** The value for the schema to check. */
function fromTexts(form: Form, texts: readonly string[], where: string): unknown {
  const last = texts.at(-1)!;
  switch (form) {
    case 'number':
      return numberOf(last);
    case 'size':
      return sizeOf(last, where);
    case 'list':
      return texts.flatMap((text) => wordsIn(text, where));
    case 'texts':
      return [...texts];
    case 'groups':
      return texts.map((text) => wordsIn(text, where));
    case 'by-label':
      return Object.fromEntries(texts.map((text) => labelNumber(text)));
    default:
      return last;
  }
}

function labelNumber(text: string): [label: string, value: number | string] {
  const cut = text.lastIndexOf('=');
  return [text.slice(0, cut), numberOf(text.slice(cut + 1))];
}

/** A text that is no number written in digits stays a text, which no schema of a number lets pass. */
function numberOf(text: string): number | string {
  return /^-?(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(text) ? Number(text) : text;
}

function sizeOf(text: string, where: string): [width: number, height: number] {
  const [, width, height = width] = /^([1-9]\d*)(?:x([1-9]\d*))?$/i.exec(text) ?? [];
  if (width !== undefined) return [Number(width), Number(height)];
  throw complain('E_ARGUMENT', { where, expected: '640 or WIDTHxHEIGHT', received: text });
}

function wordsIn(text: string, where: string): string[] {
  const words = text.split(',').map((word) => word.trim());
  const named = words.filter((word) => word !== '');
  if (named.length > 0) return named;
  throw complain('E_ARGUMENT', { where, expected: 'words separated by commas', received: text });
}

function twoWords({ word }: KnownWord, other: KnownWord): SigboxError {
  return new SigboxError('E_ARGUMENT', `--${word}: cannot be combined with --${other.word}.`);
}
