import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cubicTaps, linearTaps, reversedTaps, warpTaps } from '../../../src/image/resize/taps.js';

describe('linearTaps', () => {
  const rows: [string, { source: number; target: number; places: number[]; weights: number[] }][] = [
    ['same size: the pixel alone', { source: 2, target: 2, places: [0, 1, 1, 1], weights: [2048, 0, 2048, 0] }],
    ['half: the mean of two', { source: 4, target: 2, places: [0, 1, 2, 3], weights: [1024, 1024, 1024, 1024] }],
    ['a fifth: the middle one alone', { source: 10, target: 2, places: [2, 3, 7, 8], weights: [2048, 0, 2048, 0] }],
    ['twice: the edge stands in', { source: 1, target: 2, places: [0, 0, 0, 0], weights: [512, 1536, 1536, 512] }],
  ];

  test.each(rows)('%s', (_, { source, target, places, weights }) => {
    const taps = linearTaps(source, target);
    expect([...taps.places]).toEqual(places);
    expect([...taps.weights]).toEqual(weights);
  });

  test('weights make a whole', () => {
    const side = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(side, fc.integer({ min: 1, max: 700 }), (source, target) => {
        const { weights } = linearTaps(source, target);
        for (let i = 0; i < target; i++) expect(weights[2 * i] + weights[2 * i + 1]).toBe(2048);
      }),
    );
  });
});

test('cubicTaps: four around the centre, the outer ones less than nothing', () => {
  const { count, places, weights } = cubicTaps(8, 4);
  expect(count).toBe(4);
  expect([...places.subarray(4, 8)]).toEqual([1, 2, 3, 4]);
  expect([...weights.subarray(4, 8)]).toEqual([-192, 1216, 1216, -192]); // −3/32, 19/32 for A = −0.75
});

test('warpTaps: whole coordinates, nothing beyond the edges', () => {
  const { places, weights } = warpTaps(4, 4, { scale: 0.5, offset: 1 }); // at −2, 0, 2, 4
  expect([...places]).toEqual([0, 0, 0, 1, 2, 3, 3, 3]);
  expect([...weights]).toEqual([0, 0, 1, 0, 1, 0, 0, 0]);
});

test('reversedTaps: the same pixels, counted from the other end', () => {
  expect([...reversedTaps(linearTaps(10, 2), 10).places]).toEqual([7, 6, 2, 1]);
});
