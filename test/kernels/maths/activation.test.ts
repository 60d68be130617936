import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logit, nearLogit, sigmoid, softmaxRows } from '../../../src/kernels/maths/activation.js';
import { float32Below } from '../../../src/kernels/scan/scan-thresholds.js';
import { sigmoid as rounded } from '../../reference/sigmoid.js';
import { expectClose } from '../../support/close.js';
import { randomNumbers } from '../../support/random.js';

/** Half a step of float32 just below 1, in which softmaxRows stores its scores. */
const SINGLE = 2 ** -25;

/** A float32 by its bits. */
function float32(bits: number): number {
  return new Float32Array(Uint32Array.of(bits).buffer)[0];
}

/** Any float32 that is a number. */
const anyFloat = fc
  .integer({ min: 0, max: 2 ** 32 - 1 })
  .map(float32)
  .filter((value) => !Number.isNaN(value));

describe('sigmoid', () => {
  const rows: [string, number, number][] = [
    ['even', 0, 0.5],
    ['even, from below', -0, 0.5],
    ['the smallest numbers change nothing', 2 ** -149, 0.5],
    ['three to one for', Math.fround(Math.log(3)), 0.75],
    ['certain', Number.POSITIVE_INFINITY, 1],
    ['impossible', Number.NEGATIVE_INFINITY, 0],
    ['the largest', 3.4028234663852886e38, 1],
    ['the lowest', -3.4028234663852886e38, 0],
    ['where others give 0', -18, 1.522997951276e-8],
    ['the smallest score above 0', -103.5, 2 ** -149],
    ['below it', -104, 0],
    ['the last score below 1', 17, 1 - 2 ** -24],
    ['beyond it', 17.5, 1],
    ['NaN', Number.NaN, Number.NaN],
    ['more digits than a float32 has are rounded first', -1e-3 - 1e-13, sigmoid(Math.fround(-1e-3))],
  ];

  test.each(rows)('%s', (_, logits, score) => {
    expect(sigmoid(logits)).toBe(Math.fround(score));
  });

  test('correctly rounded, as the definition in 320 binary digits: seeded', () => {
    const random = randomNumbers(11);
    for (let i = 0; i < 4000; i++) {
      const x = Math.fround((2 * random() - 1) * [1, 20, 110][i % 3] * random() ** (i % 5));
      expect(sigmoid(x), `sigmoid(${x})`).toBe(rounded(x));
    }
  });

  test('correctly rounded at both sides of each power of two', () => {
    for (let exponent = 0; exponent < 255; exponent++) {
      for (const bits of [exponent * 2 ** 23, exponent * 2 ** 23 + 1, (exponent + 1) * 2 ** 23 - 1]) {
        if (bits > 0x42f00000) continue; // 120: from here on all are 0 or 1, and powers of e grow long
        for (const x of [float32(bits), -float32(bits)]) expect(sigmoid(x), `sigmoid(${x})`).toBe(rounded(x));
      }
    }
  });

  test('a higher logit never has a lower score', () => {
    fc.assert(fc.property(anyFloat, anyFloat, (a, b) => a > b || sigmoid(a) <= sigmoid(b)));
  });

  test('nor has the next float32', () => {
    fc.assert(
      fc.property(fc.float({ min: -104, max: 18, noNaN: true }), (x) => sigmoid(x) <= sigmoid(-float32Below(-x))),
      { numRuns: 2000 },
    );
  });
});

describe('logit', () => {
  test.each([
    ['0 is reached by all', 0, Number.NEGATIVE_INFINITY],
    ['NaN', Number.NaN, Number.NaN],
    ['above 1', 1.5, Number.NaN],
    ['below 0', -0.5, Number.NaN],
  ])('%s', (_, score, expected) => {
    expect(logit(score)).toBe(expected);
  });

  test.each([
    0.5,
    0.25,
    0.75,
    0.35,
    0.001,
    0.01,
    1,
    1e-8,
    1e-30,
    1e-44,
    2 ** -149,
    1e-60,
    1 - 2 ** -24,
    1 - 2 ** -25,
    0.9999999,
  ])('the lowest float32 whose score reaches %s', (score) => {
    const lowest = logit(score);
    expect(lowest).toBe(Math.fround(lowest));
    expect(sigmoid(lowest)).toBeGreaterThanOrEqual(score);
    expect(sigmoid(float32Below(lowest))).toBeLessThan(score);
  });

  test('logits that reach it are scores that reach the threshold', () => {
    const score = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), anyFloat.map(sigmoid));
    const near = fc.integer({ min: -40, max: 40 });
    fc.assert(
      fc.property(score, anyFloat, near, (threshold, far, steps) => {
        const lowest = logit(threshold);
        let beside = Math.max(lowest, -200);
        for (let i = 0; i < Math.abs(steps); i++) beside = steps < 0 ? float32Below(beside) : -float32Below(-beside);
        for (const x of [far, beside]) expect(x >= lowest, `${x}`).toBe(sigmoid(x) >= threshold);
      }),
      { numRuns: 2000 },
    );
  });

  test('nearLogit is near, and in bounds', () => {
    for (const score of [0.001, 0.35, 0.5, 0.9]) expect(Math.abs(nearLogit(score) - logit(score))).toBeLessThan(1e-6);
    expect([nearLogit(0), nearLogit(1), nearLogit(1e-60)]).toEqual([-104, 18, -104]);
  });
});

describe('softmaxRows', () => {
  const rows: [string, { logits: number[]; classes: number; scores: number[] }][] = [
    ['no rows', { logits: [], classes: 3, scores: [] }],
    ['one class is certain', { logits: [-7], classes: 1, scores: [1] }],
    ['one to three', { logits: [0, Math.log(3)], classes: 2, scores: [0.25, 0.75] }],
    ['ties share', { logits: [2, 2, 2, 2], classes: 4, scores: [0.25, 0.25, 0.25, 0.25] }],
    ['each row for itself', { logits: [0, 0, Math.log(3), 0], classes: 2, scores: [0.5, 0.5, 0.75, 0.25] }],
    ['beyond what exp can hold', { logits: [1000, 1000, -1000, -1000], classes: 2, scores: [0.5, 0.5, 0.5, 0.5] }],
    ['the highest last', { logits: [-1000, 0, 1000], classes: 3, scores: [0, 0, 1] }],
    ['an impossible class', { logits: [0, Number.NEGATIVE_INFINITY], classes: 2, scores: [1, 0] }],
  ];

  test.each(rows)('%s', (_, { logits, classes, scores }) => {
    const given = Float32Array.from(logits);
    const found = softmaxRows(given, classes);
    expect(found).toHaveLength(scores.length);
    for (const [i, score] of scores.entries()) expect(found[i], `[${i}]`).toBeCloseTo(score, 7);
    expect(given).toEqual(Float32Array.from(logits));
  });

  test('a row that holds NaN becomes NaN, the others do not', () => {
    const scores = softmaxRows(Float32Array.of(0, 0, Number.NaN, 0, 0, 0), 2);
    expect(scores).toEqual(Float32Array.of(0.5, 0.5, Number.NaN, Number.NaN, 0.5, 0.5));
  });

  test('as e^x over the sum of e^x, seeded', () => {
    const random = randomNumbers(3);
    const classes = 91;
    const logits = Float32Array.from({ length: 200 * classes }, () => 30 * random() - 15);
    const expected = Float64Array.from(logits, Math.exp);
    for (let start = 0; start < expected.length; start += classes) {
      const row = expected.subarray(start, start + classes);
      const sum = row.reduce((a, b) => a + b);
      row.forEach((value, i) => {
        row[i] = value / sum;
      });
    }
    expectClose(softmaxRows(logits, classes), expected, SINGLE, 'scores');
  });
});
