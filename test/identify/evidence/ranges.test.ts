import { describe, expect, test } from 'vitest';
import { activationOf, isProbability, rangeOf } from '../../../src/identify/evidence/ranges.js';

test.each<[string, number[], boolean]>([
  ['nothing', [], true],
  ['0 and 1', [0, 1], true],
  ['a rounding error beyond', [-1e-5, 1.00001], true],
  ['below 0', [0.5, -0.01], false],
  ['above 1', [0.5, 1.01], false],
  ['not a number', [0.5, Number.NaN], false],
])('isProbability: %s', (_, values, expected) => {
  expect(isProbability(Float32Array.from(values))).toBe(expected);
});

test('rangeOf leaves out what is no number', () => {
  expect(rangeOf(Float32Array.of(3, Number.NaN, -2, 1))).toEqual({ low: -2, high: 3, text: '-2.00 to 3.00' });
});

describe('activationOf', () => {
  test.each<[string, number[][], 'none' | 'sigmoid', string]>([
    ['probabilities', [[0.25, 0.5], [0.75]], 'none', 'scores of a run go from 0.250 to 0.750'],
    ['one logit among them', [[0.25], [-3]], 'sigmoid', 'scores of a run go from -3.00 to 0.250'],
  ])('%s', (_, scores, value, because) => {
    expect(activationOf(scores.map((list) => Float32Array.from(list)))).toEqual({ value, because });
  });
});
