import { describe, expect, test } from 'vitest';
import { activationOf, tableOf } from '../../../../src/identify/evidence/layout/table.js';
import { activationInRun, areScores, isNoScore, rangeOf } from '../../../../src/identify/evidence/values/ranges.js';
import { tensor } from '../../../support/head.js';

test.each<[string, number[], boolean]>([
  ['nothing', [], true],
  ['0 and 1', [0, 1], true],
  ['a rounding error beyond', [-0.009, 1.009], true],
  ['below 0', [0.5, -0.011], false],
  ['above 1', [0.5, 1.011], false],
  ['NaN and infinity say nothing', [0.5, Number.NaN, Number.NEGATIVE_INFINITY], true],
])('scores: %s', (_, values, expected) => {
  expect(areScores(Float32Array.from(values))).toBe(expected);
  expect(values.some(isNoScore)).toBe(!expected);
});

test('a quantised score just below 0 needs no second sigmoid, whichever way it is read', () => {
  const values = [0.2, -0.004, 0.9, 0.1];
  expect(activationInRun([Float32Array.from(values)]).value).toBe('none');
  const evidence = { file: 'model.onnx', given: { head: {}, input: {}, names: null } };
  expect(activationOf(evidence, tableOf(tensor([1, 1, 4], values), 'rows'), 0).activation).toBe('none');
});

test('rangeOf leaves out what is no number', () => {
  expect(rangeOf(Float32Array.of(3, Number.NaN, -2, 1))).toEqual({ low: -2, high: 3, text: '-2.00 to 3.00' });
});

describe('activationInRun', () => {
  test.each<[string, number[][], 'none' | 'sigmoid', string]>([
    ['probabilities', [[0.25, 0.5], [0.75]], 'none', 'scores of a run go from 0.250 to 0.750'],
    ['one logit among them', [[0.25], [-3]], 'sigmoid', 'scores of a run go from -3.00 to 0.250'],
  ])('%s', (_, scores, value, because) => {
    expect(activationInRun(scores.map((list) => Float32Array.from(list)))).toEqual({ value, because });
  });
});
