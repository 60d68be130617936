import { list, word } from './shapes.js';

/** The words that options, specs and files share. Each message says what is expected. */

export const text = word<string>('a string', (value) => typeof value === 'string');
export const flag = word<boolean>('true or false', (value) => typeof value === 'boolean');
export const anything = word<unknown>('a value', () => true);

export const finite = word<number>('a finite number', Number.isFinite);
export const fraction = between(0, 1);
export const positiveFraction = word<number>(
  'a number above 0, up to 1',
  (value) => isFrom(value, 0) && (value as number) > 0 && (value as number) <= 1,
);
export const positive = word<number>('a positive number', (value) => Number.isFinite(value) && (value as number) > 0);
export const notNegative = word<number>('a number from 0', (value) => isFrom(value, 0));
export const nonZero = word<number>('a number other than 0', (value) => Number.isFinite(value) && value !== 0);

/** How many there are, at least one. */
export const count = wholeFrom(1, 'a positive integer');
export const wholeFromZero = wholeFrom(0);

/** @param expected  default 'a whole number from …' */
export function wholeFrom(least: number, expected = `a whole number from ${least}`) {
  return word<number>(expected, (value) => Number.isInteger(value) && (value as number) >= least);
}

/** @param expected  in words that follow "to be" */
export function between(least: number, most: number, expected = `a number from ${least} to ${most}`) {
  return word<number>(expected, (value) => isFrom(value, least) && (value as number) <= most);
}

export const labels = list('an array of labels', text);

/** Infinity is accepted, as a limit that never applies. */
function isFrom(value: unknown, least: number): boolean {
  return typeof value === 'number' && value >= least;
}

/** A path or a file URL. @param what  of what, in words: 'a label map' */
export function pathOf(what: string) {
  return word<string | URL>(
    `the path or file URL of ${what}`,
    (value) => (typeof value === 'string' && value !== '') || value instanceof URL,
  );
}
