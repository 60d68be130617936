import { existsSync } from 'node:fs';
import { complain, reason, SigboxError } from '../../errors.js';
import { readRegularSync } from '../../files/read-file.js';
import type { Command } from './command.js';
import { optionsIn, optionsOf, wordsBeforeOperands } from './option-words.js';

/** File that is read where no other is named. */
const CONFIG_FILE = 'sigbox.config.json';

/**
 * A command line with the options of a configuration file put in front: JSON, with the options' own words as keys. A
 * number or text is one value, a list several, an object `key=value` for each of its keys, true and false stand for the
 * word and `--no-` with it. What the command line says itself wins, option by option; options that only other commands
 * have are passed over.
 *
 * @param argv      without node and the script; `--config FILE` names the file, `--no-config` says that none is to be read.
 *                  Default: sigbox.config.json in the working folder, if there is one
 * @param commands  all there are
 * @throws SigboxError E_IO  the file can't be read. E_ARGUMENT  it is no JSON object, or has a word that no command knows.
 */
export function withConfiguration(argv: readonly string[], commands: readonly Command<unknown>[]): string[] {
  const command = commands.find(({ name }) => name === argv.find((word) => commands.some((one) => one.name === word)));
  const { file, isNamed } = fileFor(argv);
  if (command === undefined || file === null) return [...argv];
  const options = readConfiguration(file);
  if (!isNamed) refuseWriting(file, options);
  const known = new Set(commands.flatMap((one) => [...optionsOf(one).keys()]));
  const own = optionsOf(command);
  const said = new Set(optionsIn(argv));
  const added = Object.entries(options).flatMap(([word, value]) => {
    if (!known.has(word)) throw unknownWord(file, word);
    const option = own.get(word);
    return option === undefined || said.has(word) ? [] : asWords(word, value, option.boolean === true, file);
  });
  const at = argv.indexOf(command.name) + 1;
  return [...argv.slice(0, at), ...added, ...argv.slice(at)];
}

/** Options that say what is written over or removed. */
const WRITING = ['out', 'save', 'restart'];

/** A working folder may come from somebody else: a file that nobody asked for must not decide what is written where. */
function refuseWriting(file: string, options: Record<string, unknown>): void {
  const word = WRITING.find((one) => options[one] !== undefined && options[one] !== false);
  if (word === undefined) return;
  const expected = `no ${WRITING.join(', ')} in a file that the command line does not name`;
  const mend = `Give --${word} on the command line, or --config ${file}.`;
  throw complain('E_ARGUMENT', { where: `configuration ${file}`, expected, received: word, mend });
}

/** @returns its path, null where there is none, and whether the command line names it */
function fileFor(argv: readonly string[]): { file: string | null; isNamed: boolean } {
  let file = existsSync(CONFIG_FILE) ? CONFIG_FILE : null;
  let isNamed = false;
  const words = wordsBeforeOperands(argv);
  for (const [i, word] of words.entries()) {
    if (word === '--no-config') file = null;
    else if (word === '--config')
      file = words[i + 1] ?? null; // without a file the parser says so
    else if (word.startsWith('--config=')) file = word.slice('--config='.length);
    isNamed ||= /^--config(=|$)/.test(word);
  }
  return { file, isNamed };
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

/** @param isSwitch  whether the option is there or not, and has no value */
function asWords(word: string, value: unknown, isSwitch: boolean, file: string): string[] {
  if (typeof value === 'boolean' && (isSwitch || !value)) return [value ? `--${word}` : `--no-${word}`];
  const texts = isSwitch ? null : textsOf(value);
  if (texts !== null) return texts.map((text) => `--${word}=${text}`);
  const kinds = isSwitch ? 'true or false' : 'a number, a text, a list, or an object of numbers and texts';
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

function unknownWord(file: string, word: string): SigboxError {
  const expected = 'the words of options';
  const mend = 'They stand as on the command line, without the dashes: see sigbox COMMAND --help.';
  return complain('E_ARGUMENT', { where: `configuration ${file}`, expected, received: word, mend });
}
