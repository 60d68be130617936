import { matches } from '../../check/check.js';
import * as shapes from '../../check/shapes.js';
import * as words from '../../check/words.js';
import { complain } from '../../errors.js';

/** What an option must be. */
export interface Rule {
  /** In words, after "to be". */
  expected: string;
  /** The first part of a value that is wrong, and where it lies in it; null when all is well. */
  fault(value: unknown): Fault | null;
}

export interface Fault {
  path: string[];
  value: unknown;
}

/** A rule for every option of a kind. */
export type Rules<Options> = { [Name in keyof Required<Options>]: Rule };

export function rule(expected: string, holds: (value: unknown) => boolean): Rule {
  return { expected, fault: (value) => (holds(value) ? null : { path: [], value }) };
}

export const fraction = rule('a number from 0 to 1', isFraction);
export const positive = ruleOf(words.positive);
export const size = rule('a number of pixels from 0', (value) => isNumber(value) && value >= 0);
export const count = ruleOf(words.count);
export const trueOrFalse = ruleOf(words.flag);
export const wholeFromZero = rule('a whole number from 0', (value) => Number.isInteger(value) && Number(value) >= 0);

export function oneOf(...values: readonly string[]): Rule {
  return ruleOf(shapes.oneOf(...values));
}

function ruleOf(schema: shapes.Schema<unknown>): Rule {
  return rule((schema as unknown as { message: string }).message, (value) => matches(schema, value));
}

export const labelList: Rule = { expected: 'an array of labels', fault: (value) => faultOfList(value, isText) };

export const fractionsByLabel: Rule = {
  expected: 'numbers from 0 to 1, by label',
  fault(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { path: [], value };
    const wrong = Object.entries(value).find(([, each]) => !isFraction(each));
    return wrong === undefined ? null : { path: [wrong[0]], value: wrong[1] };
  },
};

export const scopeRule: Rule = {
  expected: "'class', 'all' or groups of labels",
  fault(value) {
    if (value === 'class' || value === 'all') return null;
    const isGroup = (group: unknown) => faultOfList(group, isText) === null;
    return faultOfList(value, isGroup);
  },
};

/**
 * The options that are given, in a copy of their own: what becomes of them later changes nothing.
 *
 * @throws SigboxError E_ARGUMENT  an unknown option, or one that is not as its rule says
 */
export function checkOptions<Options>(rules: Rules<Options>, options: unknown, where: string): Partial<Options> {
  const known = rules as Record<string, Rule>;
  const given = options === undefined ? {} : options;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw complain('E_ARGUMENT', { where, expected: 'an object of options', received: options });
  }
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  for (const [name, value] of entries) {
    if (!Object.hasOwn(known, name)) throw unknownOption(Object.keys(known), name, where);
    const { expected, fault } = known[name]!;
    const wrong = fault(value);
    if (wrong !== null) throw misfit([name, ...wrong.path].join('.'), expected, wrong.value, where);
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, copied(value)])) as Partial<Options>;
}

/** Lists and records are copied, down to the bottom; what is neither, as a signal or a URL, is what it is. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copied(each)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function faultOfList(value: unknown, isItem: (item: unknown) => boolean): Fault | null {
  if (!Array.isArray(value)) return { path: [], value };
  const wrong = value.findIndex((item) => !isItem(item));
  return wrong < 0 ? null : { path: [String(wrong)], value: value[wrong] };
}

function unknownOption(names: readonly string[], name: string, where: string) {
  return complain('E_ARGUMENT', { where, expected: `one of the options ${names.join(', ')}`, received: name });
}

function misfit(path: string, expected: string, received: unknown, where: string) {
  const percent = expected.includes('from 0 to 1') && isNumber(received) && received > 1 && received <= 100;
  const mend = percent ? { mend: `Percent was given? Use ${received / 100}.` } : {};
  return complain('E_ARGUMENT', { where, expected: `options.${path} to be ${expected}`, received, ...mend });
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(value);
}

function isFraction(value: unknown): boolean {
  return isNumber(value) && value >= 0 && value <= 1;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
