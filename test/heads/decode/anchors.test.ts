import { expect, test } from 'vitest';
import { anchorsOf } from '../../../src/heads/decode/anchors.js';

test('RetinaNet: nine per cell, the sides of the shapes rounded to even where two are as near', () => {
  const sides = anchorsOf('retinanet', 8);
  // 8 × 8, 6 × 12 and 11 × 6 (5.5), times 4
  expect(sides.slice(0, 6)).toEqual([32, 32, 24, 48, 44, 24]);
  expect(sides).toHaveLength(18);
  expect(sides[6]).toBeCloseTo(32 * 2 ** (1 / 3), 9);
  expect(anchorsOf('retinanet', 32).slice(4, 6)).toEqual([180, 88]); // 45 × 22.5
});

test.each([
  ['efficientdet', 32],
  ['efficientdet-d7', 40],
  ['efficientdet-lite', 24],
] as const)('%s', (set, side) => {
  const sides = anchorsOf(set, 8);
  for (const [i, factor] of [1, 1, 1.4, 0.7, 0.7, 1.4].entries()) {
    expect(sides[i]).toBeCloseTo(side * factor, 9);
    expect(sides[12 + i]).toBeCloseTo(side * factor * 2 ** (2 / 3), 9);
  }
});
