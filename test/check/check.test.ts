import { describe, expect, test } from 'vitest';
import { check, matches } from '../../src/check/check.js';
import * as s from '../../src/check/shapes.js';
import * as w from '../../src/check/words.js';

const options = s.strictObject({
  score: s.optional(w.fraction),
  top: s.withDefault(w.count, 300),
  scope: s.optional(
    s.either("'class', 'all' or groups of labels", s.oneOf('class', 'all'), s.list('groups of labels', w.labels)),
  ),
  byLabel: s.optional(s.record('numbers from 0 to 1, by label', w.fraction)),
});
const head = s.variant('family', {
  a: s.strictObject({ family: s.literal('a'), output: w.text, count: s.orNull(w.text) }),
  b: s.strictObject({ family: s.literal('b'), sides: s.tuple('two numbers', w.finite, 2) }),
});

function messageOf(schema: s.Schema<unknown>, value: unknown, path = 'options'): string {
  try {
    check(schema, value, { where: 'f', path });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

describe('check refuses, in one line', () => {
  test.each<[string, s.Schema<unknown>, unknown, string]>([
    ['no object', options, [], 'f: expected options to be an object, received Array of length 0.'],
    [
      'a value out of range, and percent',
      options,
      { score: 45 },
      'f: expected options.score to be a number from 0 to 1, received 45. Percent was given? Use 0.45.',
    ],
    ['NaN', options, { score: Number.NaN }, 'f: expected options.score to be a number from 0 to 1, received NaN.'],
    [
      'an unknown field, with the one that was meant',
      options,
      { scor: 1 },
      'f: expected one of the options score, top, scope, byLabel, received "scor". Did you mean "score"?',
    ],
    [
      'a part of a record',
      options,
      { byLabel: { 'a.b': 2 } },
      'f: expected options.byLabel.a.b to be a number from 0 to 1, received 2. Percent was given? Use 0.02.',
    ],
    [
      'none of several',
      options,
      { scope: 'every' },
      `f: expected options.scope to be 'class', 'all' or groups of labels, received "every".`,
    ],
    ['an unknown kind', head, { family: 'c' }, `f: expected options.family to be 'a' or 'b', received "c".`],
    ['no kind', head, null, 'f: expected options to be an object, received null.'],
    [
      'a missing field, by what it must be',
      head,
      { family: 'a', count: null },
      'f: expected options.output to be a string, received undefined.',
    ],
    [
      'neither null nor the word',
      head,
      { family: 'a', output: 'x', count: 3 },
      'f: expected options.count to be a string, or null, received 3.',
    ],
    [
      'too many items',
      head,
      { family: 'b', sides: [1, 2, 3] },
      'f: expected options.sides to be two numbers, received Array of length 3.',
    ],
  ])('%s', (_, schema, value, message) => {
    expect(messageOf(schema, value)).toBe(message);
  });

  test('an unknown field further down names where it is', () => {
    const nested = s.strictObject({ head });
    expect(messageOf(nested, { head: { family: 'a', output: 'x', count: null, extra: 1 } }, '')).toBe(
      'f: expected one of the fields of head: family, output, count, received "extra".',
    );
  });

  test('a long value is cut', () => {
    expect(messageOf(w.flag, 'x'.repeat(5000))).toMatch(
      /^f: expected options to be true or false, received "x{200}…".$/,
    );
  });

  test('with the code and the advice of the caller', () => {
    expect(() => check(w.text, 1, { where: 'a.json', code: 'E_IO', mend: 'Write it again.' })).toThrow(
      expect.objectContaining({ code: 'E_IO', message: 'a.json: expected a string, received 1. Write it again.' }),
    );
  });
});

describe('check gives', () => {
  test('defaults, and no fields that are undefined', () => {
    expect(Object.entries(check(options, { score: undefined, other: undefined }, { where: 'f' }))).toEqual([
      ['top', 300],
    ]);
  });

  test('copies, down to the bottom', () => {
    const given = { scope: [['a', 'b']], byLabel: { a: 0.5 } };
    const checked = check(options, given, { where: 'f' });
    expect(checked).toEqual({ ...given, top: 300 });
    given.scope[0]!.push('c');
    given.byLabel.a = 2;
    expect(checked).toEqual({ scope: [['a', 'b']], byLabel: { a: 0.5 }, top: 300 });
  });

  test('labels of any name', () => {
    const given = JSON.parse('{ "byLabel": { "__proto__": 0.1, "constructor": 0.2, "": 0.3 } }');
    const { byLabel } = check(options, given, { where: 'f' });
    expect(Object.entries(byLabel!)).toEqual([
      ['__proto__', 0.1],
      ['constructor', 0.2],
      ['', 0.3],
    ]);
  });

  test('fields of foreign files, the others dropped or kept', () => {
    const fields = { a: w.finite, b: s.nullish(w.text) };
    const given = { a: 1, b: null, c: 2 };
    expect(check(s.object(fields), given, { where: 'f' })).toEqual({ a: 1, b: null });
    expect(check(s.looseObject(fields), given, { where: 'f' })).toEqual(given);
  });
});

test.each<[string, s.Schema<unknown>, unknown[], unknown[]]>([
  ['fraction', w.fraction, [0, 1, 0.5], [-1e-9, 1.0000001, Number.NaN, '0.5', null]],
  ['positive', w.positive, [1e-300, 5], [0, -1, Number.POSITIVE_INFINITY]],
  ['notNegative', w.notNegative, [0, 1.5, Number.POSITIVE_INFINITY], [-1, Number.NaN]],
  ['nonZero', w.nonZero, [-1, 0.1], [0, Number.NaN]],
  ['count', w.count, [1, 7], [0, 1.5, '1']],
  ['wholeFromZero', w.wholeFromZero, [0, 7], [-1, 0.5]],
  ['finite', w.finite, [-1e300], [Number.NEGATIVE_INFINITY, '1']],
  ['labels', w.labels, [[], ['a']], [[1], 'a', null]],
  ['list, without holes', s.list('names', w.text), [['a', 'b']], [new Array(1)]],
  ['list, at least one', s.list('names', w.text, { min: 1 }), [['a']], [[]]],
  ['literal', s.literal(1), [1], ['1', 2]],
  ['refine', s.refine(w.count, 'an even integer', (value) => value % 2 === 0), [2], [1, 0]],
])('%s', (_, schema, good, bad) => {
  expect(good.filter((value) => !matches(schema, value))).toEqual([]);
  expect(bad.filter((value) => matches(schema, value))).toEqual([]);
});
