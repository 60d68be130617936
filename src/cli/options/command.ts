import type { Argv } from 'yargs';
import { complain } from '../../errors.js';

/** Option values as yargs gives them, by the options' names. */
export type Values = Readonly<Record<string, unknown>>;

/** One command: its words, what they ask for, and what then happens. */
export interface Command<Arguments> {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** Adds its usage, options and examples. */
  describe(parser: Argv): Argv;
  /**
   * @param operands  the words that are no options
   * @throws SigboxError E_ARGUMENT  words that can't be understood
   */
  read(operands: string[], values: Values): Arguments;
  /** Loads what the command needs, and runs it. @returns the exit status */
  run(args: Arguments): Promise<number>;
}

export interface OperandCount {
  least: number;
  /** Default: any number */
  most?: number;
  what: string;
}

/** @throws SigboxError E_ARGUMENT  too few or too many words that are no options */
export function requireOperands(
  command: string,
  operands: readonly string[],
  { least, most = Number.POSITIVE_INFINITY, what }: OperandCount,
): void {
  if (operands.length >= least && operands.length <= most) return;
  const received = operands.join(' ') || 'none';
  throw complain('E_ARGUMENT', { where: command, expected: what, received, mend: `See sigbox ${command} --help.` });
}

/** Without the entries that are undefined: those stay at their defaults. */
export function given<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

/** Options that the help lists together. */
export function grouped<T extends Record<string, object>>(group: string, options: T): T {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, { ...option, group }])) as T;
}
