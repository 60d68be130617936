import { existsSync, readFileSync } from 'node:fs';
import type { Argv } from 'yargs';
import { complain, reason, SigboxError } from '../errors.js';
import type { Command } from './arguments/command.js';

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
  const file = fileFor(argv);
  if (command === undefined || file === null) return [...argv];
  const options = readConfiguration(file);
  const known = new Set(commands.flatMap(wordsOf));
  const own = new Set(wordsOf(command));
  const said = new Set(optionsIn(argv));
  const added = Object.entries(options).flatMap(([word, value]) => {
    if (!known.has(word)) throw unknownWord(file, word);
    return own.has(word) && !said.has(word) ? asWords(word, value, file) : [];
  });
  const at = argv.indexOf(command.name) + 1;
  return [...argv.slice(0, at), ...added, ...argv.slice(at)];
}

function fileFor(argv: readonly string[]): string | null {
  let file = existsSync(CONFIG_FILE) ? CONFIG_FILE : null;
  const words = wordsBeforeOperands(argv);
  for (const [i, word] of words.entries()) {
    if (word === '--no-config') file = null;
    else if (word === '--config')
      file = words[i + 1] ?? null; // without a file the parser says so
    else if (word.startsWith('--config=')) file = word.slice('--config='.length);
  }
  return file;
}

function readConfiguration(file: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const [code, what] =
      cause instanceof SyntaxError ? (['E_ARGUMENT', 'is not JSON'] as const) : (['E_IO', 'cannot be read'] as const);
    throw new SigboxError(code, `configuration ${file}: ${what}: ${reason(cause)}.`, { cause });
  }
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as never;
  throw complain('E_ARGUMENT', { where: `configuration ${file}`, expected: 'an object of options', received: content });
}

/** The words of a command's options. */
function wordsOf({ describe }: Command<unknown>): string[] {
  const words: string[] = [];
  const parser: unknown = new Proxy(
    {},
    {
      get: (_, method) => (given: unknown) => {
        if (method === 'options') words.push(...Object.keys(given as object));
        if (method === 'option') words.push(String(given));
        return parser;
      },
    },
  );
  describe(parser as Argv);
  return words;
}

/** The options that a command line has, as they stand in a description: `--no-pictures` and `--pictureSize 9` as well. */
function optionsIn(argv: readonly string[]): string[] {
  return wordsBeforeOperands(argv).flatMap((word) => {
    const [, name] = /^--(?:no-)?([^=]+)/.exec(word) ?? [];
    return name === undefined ? [] : [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)];
  });
}

function wordsBeforeOperands(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end < 0 ? argv : argv.slice(0, end);
}

function asWords(word: string, value: unknown, file: string): string[] {
  if (typeof value === 'boolean') return [value ? `--${word}` : `--no-${word}`];
  if (typeof value === 'string' || typeof value === 'number') return [`--${word}=${value}`];
  if (Array.isArray(value)) return value.flatMap((part) => asWords(word, part, file));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).map(([key, part]) => `--${word}=${key}=${part}`);
  }
  const expected = `${word} to be true, false, a number, a text, a list or an object`;
  throw complain('E_ARGUMENT', { where: `configuration ${file}`, expected, received: value });
}

function unknownWord(file: string, word: string): SigboxError {
  const expected = 'the words of options';
  const mend = 'They stand as on the command line, without the dashes: see sigbox COMMAND --help.';
  return complain('E_ARGUMENT', { where: `configuration ${file}`, expected, received: word, mend });
}
