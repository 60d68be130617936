import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { float32Below, float32From } from '../../../src/kernels/scan/scan-thresholds.js';
import { float32Beside } from '../../support/float32.js';

describe('float32From', () => {
  test.each([
    ['a float32', 0.5, 0.5],
    ['just over one', 0.5 + 2 ** -30, float32Beside(0.5, 1)],
    ['just under one', 0.5 - 2 ** -30, 0.5],
    ['a negative one', -0.5 + 2 ** -30, -float32Beside(0.5, -1)],
    ['smaller than any', 1e-60, 2 ** -149],
    ['smaller than any, negative', -1e-60, -0],
    ['larger than any', 1e60, Number.POSITIVE_INFINITY],
    ['larger than any, negative', -1e60, -float32Beside(Number.POSITIVE_INFINITY, -1)],
    ['endless', Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ['none', Number.NaN, Number.NaN],
  ])('%s', (_, number, expected) => {
    expect(float32From(number)).toBe(expected);
  });

  test('lets the same float32 pass as the number itself', () => {
    const threshold = fc.oneof(fc.double({ noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }));
    const steps = fc.constantFrom(-1, 0, 1);
    const property = fc.property(threshold, steps, (number, step) => {
      const near = Math.fround(number);
      const value = near > 0 && Number.isFinite(near) ? float32Beside(near, step) : near;
      expect(value >= float32From(number)).toBe(value >= number);
    });
    fc.assert(property, { numRuns: 2000 });
  });
});

test.each([
  ['one', 1, 1 - 2 ** -24],
  ['nothing', 0, -(2 ** -149)],
  ['nothing, negative', -0, -(2 ** -149)],
  ['a negative one', -1, -1 - 2 ** -23],
  ['endless', Number.POSITIVE_INFINITY, float32Beside(Number.POSITIVE_INFINITY, -1)],
])('float32Below: %s', (_, number, expected) => {
  expect(float32Below(number)).toBe(expected);
});
