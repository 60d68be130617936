import { readFileSync } from 'node:fs';
import yargs from 'yargs';
import { complain, SigboxError } from '../errors.js';
import { annotate } from './options/annotate-words.js';
import { calibrate } from './options/calibrate-words.js';
import type { Command, Values } from './options/command.js';
import { withConfiguration } from './options/configuration.js';
import { detect } from './options/detect-words.js';
import { evaluate } from './options/evaluate-words.js';
import { exportCommand } from './options/export-words.js';
import { inspect } from './options/inspect-words.js';
import { merge } from './options/merge-words.js';
import { requirePlainSwitches } from './options/option-words.js';
import { tune } from './options/tune-words.js';

/** Every command. A new one is a file beside `options/detect-words.ts` and a line here. */
const COMMANDS: readonly Command<unknown>[] = [
  detect,
  annotate,
  exportCommand,
  merge,
  evaluate,
  tune,
  calibrate,
  inspect,
];

/** What a command line asks for. */
export type Request =
  | { command: string; args: unknown; run: () => Promise<number> }
  | { command: 'print'; text: string };

/**
 * Reads a command line. Loads neither sharp nor onnxruntime.
 *
 * @param argv  without node and the script
 * @throws SigboxError E_ARGUMENT  a command line that can't be understood
 */
export function parseCommandLine(argv: readonly string[]): Request {
  let printed = '';
  let values: Values = {};
  const parser = yargs()
    .scriptName('sigbox')
    .locale('en')
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .usage('$0: labelled boxes from any ONNX object detector. $0 COMMAND --help tells more.')
    .strictOptions()
    .version(version())
    .option('config', {
      string: true,
      requiresArg: true,
      describe: 'JSON file with options. Default: sigbox.config.json',
    })
    .completion('completion', 'Print what makes bash or zsh complete these words')
    .parserConfiguration({
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
      'greedy-arrays': false,
    })
    .fail((message, error) => {
      throw error instanceof SigboxError ? error : usageError(message, argv);
    });
  for (const { name, summary, describe } of COMMANDS) parser.command(name, summary, describe);
  const words = withConfiguration(argv, COMMANDS);
  parser.parse(words, {}, (_error: unknown, parsed: Values, output: string) => {
    values = parsed;
    printed = output;
  });
  return printed === '' ? requestOf(words, values) : { command: 'print', text: printed };
}

function requestOf(words: readonly string[], values: Values): Request {
  const [name, ...operands] = values._ as string[];
  const command = COMMANDS.find((known) => known.name === name);
  if (command === undefined) throw unknownCommand(name);
  requirePlainSwitches(words, command);
  const args = command.read(operands, values);
  return { command: command.name, args, run: () => command.run(args) };
}

function unknownCommand(name: string | undefined): SigboxError {
  const names = COMMANDS.map((command) => command.name);
  const expected = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  const mend = 'See sigbox --help.';
  return complain('E_ARGUMENT', { where: 'command', expected, received: name ?? 'none', mend });
}

function usageError(message: string, argv: readonly string[]): SigboxError {
  const command = COMMANDS.find(({ name }) => argv.includes(name));
  const help = command === undefined ? 'sigbox --help' : `sigbox ${command.name} --help`;
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  return new SigboxError('E_ARGUMENT', `${sentence} See ${help}.`);
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}
