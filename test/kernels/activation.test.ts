import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logit, sigmoid, softmaxRows } from '../../src/kernels/activation.js';
import { expectClose } from '../support/close.js';
import { randomNumbers } from '../support/random.js';

/** A few steps of double precision near 1: exp, log and one division each round once. */
const DOUBLE = 1e-15;
/** Half a step of float32 just below 1, in which softmaxRows stores its scores. */
const SINGLE = 2 ** -25;

describe('sigmoid and logit', () => {
  const rows: [string, { logit: number; score: number }][] = [
    ['even', { logit: 0, score: 0.5 }],
    ['three to one for', { logit: Math.log(3), score: 0.75 }],
    ['three to one against', { logit: -Math.log(3), score: 0.25 }],
    ['certain', { logit: Number.POSITIVE_INFINITY, score: 1 }],
    ['impossible', { logit: Number.NEGATIVE_INFINITY, score: 0 }],
  ];

  test.each(rows)('%s', (_, { logit: raw, score }) => {
    expect(sigmoid(raw)).toBeCloseTo(score, 14);
    expect(logit(score)).toBeCloseTo(raw, 14);
  });

  test('logits beyond what exp can hold', () => {
    expect(sigmoid(1000)).toBe(1);
    expect(sigmoid(-1000)).toBe(0);
    expect(sigmoid(-0)).toBe(0.5);
  });

  test('no number', () => {
    expect(sigmoid(Number.NaN)).toBeNaN();
    expect(logit(Number.NaN)).toBeNaN();
  });

  test('a score outside 0 to 1 has no logit', () => {
    expect(logit(1.5)).toBeNaN();
    expect(logit(-0.5)).toBeNaN();
  });

  test('each takes the other back', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (score) => {
        expect(Math.abs(sigmoid(logit(score)) - score)).toBeLessThan(DOUBLE);
      }),
    );
  });

  test('a higher logit never has a lower score', () => {
    const number = fc.double({ noNaN: true });
    fc.assert(fc.property(number, number, (a, b) => a > b || sigmoid(a) <= sigmoid(b)));
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
