import { existsSync } from 'node:fs';
import { complain, reason, SigboxError } from '../../errors.js';
import { readRegularSync } from '../../files/read-file.js';
import type { Command } from '../command.js';
import { meantWord } from './hints.js';
import type { Token } from './tokens.js';
import { type KnownWord, wordsOf } from './words.js';

/** The file that is read if no other is named. */
const CONFIG_FILE = 'sigbox.config.json';

/**
 * The options of a configuration file that the command line does not set itself. The file is JSON; its keys are the words
 * of options. A number or text is one value, a list is several, an object is `key=value` for each of its keys, true and
 * false turn switches on and off. Words that only other commands have are ignored.
 *
 * @param tokens    the command line's; `--config FILE` names the file, `--no-config` reads none. Default:
 *                  sigbox.config.json in the working folder, if it exists
 * @param commands  all there are
 * @throws SigboxError E_IO  the file can't be read. E_ARGUMENT  it is no JSON object, has a word that no command knows, or
 *   says what to write over though the command line does not name it.
 */
export function configuredTokens(tokens: readonly Token[], command: Command, commands: readonly Command[]): Token[] {
  const file = fileFor(tokens);
  if (file === null) return [];
  const isNamed = tokens.some(({ known }) => known?.word === 'config');
  const own = wordsOf(command.options);
  const everywhere = new Set(commands.flatMap(({ options }) => [...spellingsOf(wordsOf(options)).keys()]));
  const set = new Set(tokens.flatMap(({ known }) => known?.owners.map(({ name }) => name) ?? []));
  return Object.entries(readConfiguration(file)).flatMap(([key, value]) => {
    if (!everywhere.has(key)) throw unknownWord(file, key, command);
    const known = spellingsOf(own).get(key);
    if (known === undefined || known.owners.some(({ name }) => set.has(name))) return [];
    if (!isNamed && value !== false && WRITING.includes(known.word)) throw unasked(file, known.word);
    return asTokens(known, value, file);
  });
}

/** Options that say what is written over or removed. */
const WRITING = ['out', 'save', 'restart'];

/** A working folder may come from somebody else: a file that nobody asked for must not decide what is written where. */
function unasked(file: string, word: string): SigboxError {
  const expected = `no ${WRITING.join(', ')} in a file that the command line does not name`;
  const mend = `Give --${word} on the command line, or --config ${file}.`;
  return complain('E_ARGUMENT', { where: `configuration ${file}`, expected, received: word, mend });
}

function spellingsOf(words: ReadonlyMap<string, KnownWord>): Map<string, KnownWord> {
  return new Map(
    [...words.values()].flatMap((word) => [word.word, word.also ?? word.word].map((name) => [name, word])),
  );
}

function fileFor(tokens: readonly Token[]): string | null {
  const said = tokens.filter(({ known }) => known?.word === 'config').at(-1)?.value;
  if (said !== undefined) return said === false ? null : String(said);
  return existsSync(CONFIG_FILE) ? CONFIG_FILE : null;
}

function readConfiguration(file: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = JSON.parse(readRegularSync(file).toString());
  } catch (cause) {
    const [code, what] =
      cause instanceof SyntaxError ? (['E_ARGUMENT', 'is not JSON'] as const) : (['E_IO', 'cannot be read'] as const);
    throw new SigboxError(code, `configuration ${file}: ${what}: ${reason(cause)}.`, { cause });
  }
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as never;
  throw complain('E_ARGUMENT', { where: `configuration ${file}`, expected: 'an object of options', received: content });
}

function asTokens(known: KnownWord, value: unknown, file: string): Token[] {
  const { word, form } = known;
  const typed = `--${word}`;
  if (form === 'switch' && typeof value === 'boolean') return [{ word, known, typed, value }];
  const texts = form === 'switch' ? null : textsOf(value);
  if (texts !== null) return texts.map((text) => ({ word, known, typed, value: text }));
  const kinds = form === 'switch' ? 'true or false' : 'a number, a text, a list, or an object of numbers and texts';
  throw complain('E_ARGUMENT', { where: `configuration ${file}`, expected: `${word} to be ${kinds}`, received: value });
}

/** The values of an option; null for what can't be any. */
function textsOf(value: unknown): string[] | null {
  if (isScalar(value)) return [String(value)];
  if (Array.isArray(value)) {
    const parts = value.map(textsOf);
    return parts.every((part) => part !== null) ? parts.flat() : null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const entries = Object.entries(value);
  return entries.every(([, part]) => isScalar(part)) ? entries.map(([key, part]) => `${key}=${part}`) : null;
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function unknownWord(file: string, key: string, command: Command): SigboxError {
  const meant = meantWord(key, command);
  const hint =
    meant === null ? 'Keys are the words of the command line, without the dashes.' : `Did you mean "${meant}"?`;
  const mend = `${hint} See sigbox ${command.name} --help-all.`;
  return complain('E_ARGUMENT', {
    where: `configuration ${file}`,
    expected: 'the word of an option',
    received: key,
    mend,
  });
}
