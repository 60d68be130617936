import { complain } from '../../errors.js';

import type { Values } from './command.js';

/** The value of an option that may stand once. */
export function single(values: Values, name: string): string | undefined {
  const value = values[name] as string | string[] | undefined;
  if (!Array.isArray(value)) return value;
  throw complain('E_ARGUMENT', { where: `--${name}`, expected: 'one value', received: value.join(' ') });
}

/** A number from 0 to 1. */
export function fraction(values: Values, name: string): number | undefined {
  const text = single(values, name);
  return text === undefined ? undefined : readFraction(text, `--${name}`);
}

/** A whole number from `lowest` on. */
export function wholeNumber(values: Values, name: string, lowest: number): number | undefined {
  const text = single(values, name);
  if (text === undefined) return undefined;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= lowest && Number.isSafeInteger(number)) return number;
  throw complain('E_ARGUMENT', { where: `--${name}`, expected: `a whole number from ${lowest}`, received: text });
}

/** `640` or `WIDTHxHEIGHT`. */
export function inputSize(values: Values, name: string): [width: number, height: number] | undefined {
  const text = single(values, name);
  if (text === undefined) return undefined;
  const [, width, height = width] = /^([1-9]\d*)(?:x([1-9]\d*))?$/i.exec(text) ?? [];
  if (width !== undefined) return [Number(width), Number(height)];
  throw complain('E_ARGUMENT', { where: `--${name}`, expected: '640 or WIDTHxHEIGHT', received: text });
}

/** A number from 0. */
export function amount(values: Values, name: string): number | undefined {
  const text = single(values, name);
  if (text === undefined) return undefined;
  const number = readNumber(text);
  if (number >= 0) return number;
  throw complain('E_ARGUMENT', { where: `--${name}`, expected: 'a number from 0', received: text });
}

/** `0.5` is for all labels, `LABEL=0.5` for one; of two for the same, the last counts. */
export function labelNumbers(values: Values, name: string) {
  const byLabel: Record<string, number> = {};
  let all: number | undefined;
  for (const text of (values[name] ?? []) as string[]) {
    const cut = text.lastIndexOf('=');
    const value = readFraction(text.slice(cut + 1), `--${name}`);
    if (cut < 0) all = value;
    else byLabel[text.slice(0, cut)] = value;
  }
  return { all, byLabel: Object.keys(byLabel).length > 0 ? byLabel : undefined };
}

/** What `--scope` and `--group` say of rivals. */
export function labelGroups(values: Values): 'class' | 'all' | string[][] | undefined {
  const scope = single(values, 'scope') as 'class' | 'all' | undefined;
  const groups = values.group as string[] | undefined;
  if (groups === undefined) return scope;
  if (scope !== 'all') return groups.map((group) => words(group, 'group'));
  throw complain('E_ARGUMENT', { where: '--group', expected: 'no --scope all beside it', received: groups.join(' ') });
}

/** Labels, or other words, from a list that is separated by commas and may be given in parts. */
export function list(values: Values, name: string): string[] | undefined {
  return (values[name] as string[] | undefined)?.flatMap((text) => words(text, name));
}

function words(text: string, name: string): string[] {
  const found = text.split(',').map((word) => word.trim());
  const named = found.filter((word) => word !== '');
  if (named.length > 0) return named;
  throw complain('E_ARGUMENT', { where: `--${name}`, expected: 'words separated by commas', received: text });
}

function readFraction(text: string, where: string): number {
  const number = readNumber(text);
  if (number >= 0 && number <= 1) return number;
  throw complain('E_ARGUMENT', { where, expected: 'a number from 0 to 1', received: text, ...mend(text, number) });
}

function mend(text: string, number: number): { mend?: string } {
  const point = text.replace(',', '.');
  if (/^\d*,\d+$/.test(text)) return { mend: `Use a point: ${point}.` };
  if (number > 1 && number <= 100) return { mend: `Percent was given? Use ${Number((number / 100).toFixed(4))}.` };
  return {};
}

/** NaN for what is no number written in digits. */
function readNumber(text: string): number {
  return /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}
