import type { OptionsOf, OptionTable } from '../check/option.js';
import { complain, SigboxError } from '../errors.js';

/** The words of a command line that are no options. */
export interface Operands {
  min: number;
  /** Default: any number */
  max?: number;
  /** What they are, for messages: 'one or more images'. */
  what: string;
  /** Whether they are pictures or folders, so that a URL gets advice. */
  pictures?: boolean;
  /** Whether they may also be in buckets: `s3://…`. */
  buckets?: boolean;
}

/** What a command line asks of a command. */
export interface Call<Table extends OptionTable> {
  operands: string[];
  options: OptionsOf<Table>;
}

/** One command: its words, its help, and what it does. */
export interface Command<Table extends OptionTable = OptionTable> {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** What follows the name in the usage line: 'IMAGE…'. */
  usage: string;
  /** What it does, in a sentence or two. */
  about: string;
  operands: Operands;
  options: Table;
  /** Command lines, each with what it is for. */
  examples: readonly (readonly [line: string, what: string])[];
  /** What else to know: files, exit status. */
  notes?: string;
  /** Its files are what counts: it goes on when nobody reads what it prints. Default false */
  writesFiles?: boolean;
  /**
   * Refuses options that don't go together, before anything is loaded.
   *
   * @throws SigboxError E_ARGUMENT
   */
  check?(call: Call<Table>): void;
  /** Loads what the command needs, with `await import`, and runs it. @returns the exit status */
  run(call: Call<Table>): Promise<number>;
}

/** A command whose `check` and `run` know the types of its options. */
export function command<const Table extends OptionTable>(of: Command<Table>): Command {
  return of as unknown as Command;
}

/** Options that the help lists together. */
export function grouped<const Table extends OptionTable>(group: string, table: Table): Table {
  const entries = Object.entries(table).map(([name, option]) => {
    const words = Object.entries(option.words ?? {}).map(([word, how]) => [word, { ...how, group }] as const);
    return [name, { ...option, words: Object.fromEntries(words) }] as const;
  });
  return Object.fromEntries(entries) as unknown as Table;
}

/** @throws SigboxError E_ARGUMENT  too few or too many words that are no options, or a URL among them */
export function requireOperands(
  { name, operands: { min, max = Number.POSITIVE_INFINITY, what, pictures = false, buckets = false } }: Command,
  given: readonly string[],
): void {
  if (given.length < min || given.length > max) {
    const mend = `See sigbox ${name} --help.`;
    if (given.length === 0) throw new SigboxError('E_ARGUMENT', `${name}: expected ${what}. ${mend}`);
    throw complain('E_ARGUMENT', { where: name, expected: what, received: given.join(' '), mend });
  }
  const isUrl = (word: string) => /^[a-z][a-z0-9+.-]+:\/\//i.test(word) && !(buckets && /^s3:/i.test(word));
  const url = pictures ? given.find(isUrl) : undefined;
  if (url === undefined) return;
  const mend = `Download it first: curl -sS ${url} | sigbox detect -`;
  throw complain('E_ARGUMENT', {
    where: name,
    expected: 'a file or a folder',
    received: url,
    mend: url.startsWith('file:') ? 'Give the path instead.' : mend,
  });
}
