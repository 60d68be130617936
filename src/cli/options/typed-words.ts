import { firstError, SigboxError } from '../../errors.js';
import type { Token } from './tokens.js';

/**
 * An error of the library in the words of the command line: where it names an option, it names the word that was typed, so that
 * `--only persn` is not answered with the name that this option has in the library.
 *
 * @param tokens  the options that were given
 * @returns the error itself where it names none of them
 */
export function inTypedWords(error: unknown, tokens: readonly Token[]): unknown {
  const first = firstError(error);
  if (!(first instanceof SigboxError) || first.code !== 'E_ARGUMENT') return error;
  const names = tokens.flatMap(({ known, typed }) => known?.owners.map(({ name }) => ({ name, typed })) ?? []);
  const named = names.find(({ name }) => new RegExp(`^(${name}:|.*\\boptions\\.${name}\\b)`).test(first.message));
  if (named === undefined) return error;
  const { name, typed } = named;
  const message = first.message.replace(new RegExp(`^${name}(?=:)|\\boptions\\.${name}\\b`), () => typed);
  return new SigboxError(first.code, message, { cause: first });
}
