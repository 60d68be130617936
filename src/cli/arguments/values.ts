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

/** `0.5` is for all labels, `LABEL=0.5` for one; of two for the same, the last counts. */
export function scoreThresholds(texts: readonly string[] = []) {
  const labelThresholds: Record<string, number> = {};
  let scoreThreshold: number | undefined;
  for (const text of texts) {
    const cut = text.lastIndexOf('=');
    const value = readFraction(text.slice(cut + 1), '--score');
    if (cut < 0) scoreThreshold = value;
    else labelThresholds[text.slice(0, cut)] = value;
  }
  return { scoreThreshold, labelThresholds };
}

/** Labels, or other words, from a list that is separated by commas and may be given in parts. */
export function list(texts: readonly string[] | undefined): string[] | undefined {
  const words = texts?.flatMap((text) => text.split(',')).map((word) => word.trim());
  return words?.filter((word) => word !== '');
}

function readFraction(text: string, where: string): number {
  const number = /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (number >= 0 && number <= 1) return number;
  throw complain('E_ARGUMENT', { where, expected: 'a number from 0 to 1', received: text, ...mend(text, number) });
}

function mend(text: string, number: number): { mend?: string } {
  const point = text.replace(',', '.');
  if (/^\d*,\d+$/.test(text)) return { mend: `Use a point: ${point}.` };
  if (number > 1 && number <= 100) return { mend: `Percent was given? Use ${number / 100}.` };
  return {};
}
