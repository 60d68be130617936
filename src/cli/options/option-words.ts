import type { Argv, Options } from 'yargs';
import { complain } from '../../errors.js';
import type { Command } from './command.js';

/** The options of a command by their words, as they are described. */
export function optionsOf({ describe }: Command<unknown>): Map<string, Options> {
  const found = new Map<string, Options>();
  const parser: unknown = new Proxy(
    {},
    {
      get: (_, method) => (given: Record<string, Options> | string, option: Options) => {
        if (method === 'options') for (const [word, one] of Object.entries(given)) found.set(word, one);
        if (method === 'option') found.set(String(given), option);
        return parser;
      },
    },
  );
  describe(parser as Argv);
  return found;
}

/** The options that a command line has, as they stand in a description: `--no-pictures` and `--pictureSize 9` as well. */
export function optionsIn(argv: readonly string[]): string[] {
  return wordsBeforeOperands(argv).flatMap((word) => {
    const [, name] = /^--(?:no-)?([^=]+)/.exec(word) ?? [];
    return name === undefined ? [] : [dashed(name)];
  });
}

export function wordsBeforeOperands(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end < 0 ? argv : argv.slice(0, end);
}

/**
 * yargs takes any value of an option that is there or not for false.
 *
 * @throws SigboxError E_ARGUMENT  such an option with a value other than true and false
 */
export function requirePlainSwitches(argv: readonly string[], command: Command<unknown>): void {
  const options = optionsOf(command);
  for (const word of wordsBeforeOperands(argv)) {
    const [, name, value] = /^--([^=]+)=(.*)$/s.exec(word) ?? [];
    if (name === undefined || options.get(dashed(name))?.boolean !== true || /^(true|false)$/.test(value!)) continue;
    const mend = `Say --${name} or --no-${name}.`;
    throw complain('E_ARGUMENT', { where: `--${name}`, expected: 'no value', received: value, mend });
  }
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
