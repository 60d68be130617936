import { readFileSync } from 'node:fs';
import { SigboxError } from '../errors.js';
import { packageFile } from '../files/package-files.js';
import { type Command, requireOperands } from './command.js';
import { COMMANDS } from './commands/index.js';
import { completionScript, completions } from './completion.js';
import { configuredTokens } from './options/config-file.js';
import { meantCommand, meantWord } from './options/hints.js';
import { readOptions } from './options/read-options.js';
import { type Token, tokensOf } from './options/tokens.js';
import { inTypedWords } from './options/typed-words.js';
import { GLOBAL, type KnownWord, wordsOf } from './options/words.js';
import { commandHelp, mainHelp } from './output/help.js';

/** What a command line asks for. */
export type CommandRequest =
  | { command: string; operands: string[]; options: object; writesFiles: boolean; run: () => Promise<number> }
  | { command: 'print'; text: string };

/**
 * Reads a command line. Loads neither sharp nor onnxruntime.
 *
 * @param argv  without node and the script
 * @throws SigboxError E_ARGUMENT  a command line that can't be understood
 */
export function parseCommandLine(argv: readonly string[]): CommandRequest {
  const [first = '', ...rest] = argv;
  if (first === '--get-completions') return print(completions(rest, COMMANDS).join('\n'));
  if (first === 'completion') return print(completionScript(rest[0]));
  const name = commandName(argv);
  const command = COMMANDS.find((known) => known.name === name);
  const asked = asksFor(argv, command);
  if (asked === 'version') return print(version());
  if (command === undefined) {
    if (name === undefined || name === 'help') return print(mainHelp(COMMANDS));
    throw unknownCommand(name);
  }
  if (asked !== null) return print(commandHelp(command, asked === 'help-all'));
  return requestOf(argv, command);
}

function requestOf(argv: readonly string[], command: Command): CommandRequest {
  const { operands: words, options: tokens } = tokensOf(argv, wordsFor(command));
  const unknown = tokens.find(({ known }) => known === undefined);
  if (unknown !== undefined) throw unknownOption(unknown, command);
  const operands = withoutFirst(words, command.name);
  requireOperands(command, operands);
  const own = [...configuredTokens(tokens, command, COMMANDS), ...tokens].filter(
    ({ known }) => !GLOBAL.has(known!.word),
  );
  const options = readOptions(command.options, own, command.name);
  command.check?.({ operands, options });
  const run = async () => {
    try {
      return await command.run({ operands, options });
    } catch (error) {
      throw inTypedWords(error, own);
    }
  };
  return { command: command.name, operands, options, writesFiles: command.writesFiles === true, run };
}

/** The first word that is no option; options of any command may stand before it. */
function commandName(argv: readonly string[]): string | undefined {
  const everywhere = COMMANDS.flatMap(({ options }) => [...wordsOf(options)]);
  return lenientTokens(argv, new Map([...everywhere, ...GLOBAL])).operands[0];
}

function asksFor(argv: readonly string[], command: Command | undefined): 'help' | 'help-all' | 'version' | null {
  const { options } = lenientTokens(argv, command === undefined ? GLOBAL : wordsFor(command));
  const asked = options.find(({ known, value }) => value === true && /^(help|version)/.test(known?.word ?? ''));
  return (asked?.word ?? null) as 'help' | 'help-all' | 'version' | null;
}

/** Of a line that may have mistakes elsewhere: who asks for help gets it. */
function lenientTokens(argv: readonly string[], words: ReadonlyMap<string, KnownWord>) {
  return tokensOf(argv, words, { lenient: true });
}

function wordsFor({ options }: Command): Map<string, KnownWord> {
  return new Map([...wordsOf(options), ...GLOBAL]);
}

function withoutFirst(words: readonly string[], word: string): string[] {
  const at = words.indexOf(word);
  return words.filter((_, i) => i !== at);
}

function print(text: string): CommandRequest {
  return { command: 'print', text };
}

function unknownCommand(name: string): SigboxError {
  const names = COMMANDS.map((command) => command.name);
  const meant = meantCommand(name, names);
  const hint = meant === null ? `Commands: ${names.join(', ')}.` : `Did you mean ${meant}?`;
  return new SigboxError('E_ARGUMENT', `${JSON.stringify(name)} is not a command. ${hint} See sigbox --help.`);
}

function unknownOption({ word }: Token, command: Command): SigboxError {
  const meant = meantWord(word, command);
  const hint = meant === null ? '' : ` Did you mean --${meant}?`;
  return new SigboxError('E_ARGUMENT', `Unknown option ${word}.${hint} See sigbox ${command.name} --help-all.`);
}

function version(): string {
  return JSON.parse(readFileSync(packageFile('package.json'), 'utf8')).version;
}
