import { describe, expect, test } from 'vitest';
import { differenceOf, differenceText, holm, intervalOf, normalTail } from '../../src/compare/difference.js';

/** Draws around a value, half of them an error below, half above. */
const draws = (value: number, error: number) =>
  Float64Array.from({ length: 1000 }, (_, i) => value + (i % 2 ? error : -error));

describe('a difference', () => {
  test.each([
    [0.02, 'better', /^B is better: \+0\.020 \(95 % interval \+0\.010 to \+0\.030\)$/],
    [-0.02, 'worse', /^B is worse: −0\.020 \(95 % interval −0\.030 to −0\.010\)$/],
    [0.005, 'undecided', /^no evidence of a difference: \+0\.005 .*; about 6,\d00 more images would tell$/],
    [0, 'undecided', /; it is too small to tell with any number of images$/],
  ])('of %d is %s', (value, verdict, text) => {
    const difference = differenceOf(value, draws(value, 0.005), 1000);
    expect(difference.verdict).toBe(verdict);
    expect(differenceText('B', difference)).toMatch(text);
  });

  test('without draws has no interval', () => {
    const { verdict, p } = differenceOf(Number.NaN, new Float64Array(9).fill(Number.NaN), 10);
    expect([verdict, p]).toEqual(['undecided', null]);
  });

  test('draws that are NaN are left out', () => {
    const some = Float64Array.from(draws(0.1, 0.02), (draw, i) => (i < 500 ? Number.NaN : draw));
    const all = intervalOf(0.1, draws(0.1, 0.02), 50);
    expect(intervalOf(0.1, some, 50).low).toBeCloseTo(all.low, 4);
  });

  test.each([
    [10, 2.262],
    [11, 2.228],
    [101, 1.984],
  ])('with %i images is as wide as Student’s t has it', (images, t) => {
    const { low } = intervalOf(0, draws(0, Math.sqrt((images - 1) / images)), images, [-9, 9]);
    expect(-low / t).toBeCloseTo(1, 1);
  });

  test('with fewer than ten images has no interval and no verdict', () => {
    const difference = differenceOf(0.2, draws(0.2, 0.01), 9);
    expect(difference).toEqual({ value: 0.2, low: NaN, high: NaN, verdict: 'undecided', p: null, moreImages: null });
    expect(differenceText('B', difference)).toBe('no verdict: +0.200; too few images for an interval');
  });

  test('has an interval that ends where values end: shares at 0 and 1, their differences at −1 and 1', () => {
    expect(intervalOf(0.9, draws(0.9, 0.2), 10)).toMatchObject({ low: expect.closeTo(0.42, 1), high: 1 });
    expect(differenceOf(0.9, draws(0.9, 0.2), 10)).toMatchObject({ high: 1 });
    expect(differenceOf(-0.9, draws(-0.9, 0.2), 10)).toMatchObject({ low: -1 });
  });
});

test('tails of the normal distribution', () => {
  for (const [z, tail] of [
    [0, 0.5],
    [1.959963985, 0.025],
    [3, 0.0013498980316],
    [6, 9.8658764503e-10],
  ]) {
    expect(normalTail(z) / tail).toBeCloseTo(1, 2);
  }
});

test('Holm’s correction: each p-value by the number that are left, never falling', () => {
  expect(holm([0.01, 0.04, null, 0.03])).toEqual([0.03, 0.06, null, 0.06]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});
