import { complain } from '../errors.js';

/** What a field must be. */
export interface Field<Value = unknown> {
  /** In words, after "to be". */
  expected: string;
  holds(value: unknown): value is Value;
}

/** What each field of an object must be. */
export type Fields<Of> = { [Name in keyof Of]-?: Field<Of[Name]> };

/**
 * @param path  what the object is called in the message
 * @throws SigboxError E_ARGUMENT  no object, or a field that is not as it must be
 */
export function requireFields<Of>(
  value: unknown,
  fields: Fields<Of>,
  { where, path }: { where: string; path: string },
): asserts value is Of {
  if (typeof value !== 'object' || value === null) {
    const expected = `${path} to be { ${Object.keys(fields).join(', ')} }`;
    throw complain('E_ARGUMENT', { where, expected, received: value });
  }
  const all = fields as Record<string, Field>;
  for (const name in all) {
    const received = (value as Record<string, unknown>)[name];
    if (all[name]!.holds(received)) continue;
    throw complain('E_ARGUMENT', { where, expected: `${path}.${name} to be ${all[name]!.expected}`, received });
  }
}

export function field<Value>(expected: string, holds: (value: unknown) => boolean): Field<Value> {
  return { expected, holds: holds as Field<Value>['holds'] };
}

export function oneOf<Value extends string>(...values: readonly Value[]): Field<Value> {
  const quoted = values.map((value) => `'${value}'`);
  const last = quoted.pop();
  return field(`${quoted.join(', ')} or ${last}`, (value) => values.includes(value as Value));
}

export function optional<Value>({ expected, holds }: Field<Value>): Field<Value | undefined> {
  return field(expected, (value) => value === undefined || holds(value));
}

export function orNull<Value>({ expected, holds }: Field<Value>): Field<Value | null> {
  return field(`${expected}, or null`, (value) => value === null || holds(value));
}

export function listOf<Value>(expected: string, { holds }: Field<Value>): Field<Value[]> {
  return field(expected, (value) => Array.isArray(value) && value.length > 0 && value.every(holds));
}

export const outputName = field<string>('the name of an output', (value) => typeof value === 'string');
export const outputNames = listOf('names of outputs', outputName);
export const trueOrFalse = field<boolean>('true or false', (value) => typeof value === 'boolean');
export const finite = field<number>('a finite number', Number.isFinite);
export const positive = field<number>('a positive number', (value) => Number.isFinite(value) && Number(value) > 0);
export const count = field<number>(
  'a whole number from 0 on',
  (value) => Number.isInteger(value) && Number(value) >= 0,
);
export const whole = field<number>('a positive integer', (value) => Number.isInteger(value) && Number(value) > 0);
export const strides = listOf('positive integers', whole);

/** Per stride the width and height of each anchor in turn, or the name of a published set. */
export function anchors<Name extends string>(names: readonly Name[]): Field<Name | number[][]> {
  const published = oneOf(...names);
  const own = listOf('', listOf('', positive));
  const expected = `lists of positive numbers, ${published.expected}`;
  return field(expected, (value) => published.holds(value) || own.holds(value));
}
