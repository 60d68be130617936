import { describe, expect, test } from 'vitest';
import { iou } from '../../../src/postprocess/suppress/measures.js';

describe('iou', () => {
  const rows: [string, { a: number[]; b: number[]; iou: number }][] = [
    ['equal', { a: [1, 2, 4, 8], b: [1, 2, 4, 8], iou: 1 }],
    ['a quarter of one inside', { a: [0, 0, 4, 4], b: [1, 1, 3, 3], iou: 0.25 }],
    ['partly, each the other way', { a: [0, 0, 2, 3], b: [1, 1, 3, 4], iou: 2 / 10 }],
    ['apart', { a: [0, 0, 1, 1], b: [2, 2, 3, 3], iou: 0 }],
    ['apart in one axis only', { a: [0, 0, 1, 9], b: [2, 0, 3, 9], iou: 0 }],
    ['edge to edge', { a: [0, 0, 1, 1], b: [1, 0, 2, 1], iou: 0 }],
    ['corner to corner', { a: [0, 0, 1, 1], b: [1, 1, 2, 2], iou: 0 }],
    ['left of and above the origin', { a: [-2, -2, 0, 0], b: [-1, -2, 0, 0], iou: 0.5 }],
    ['no area', { a: [0, 0, 2, 0], b: [0, 0, 2, 2], iou: 0 }],
    ['two without area, the same', { a: [1, 1, 1, 1], b: [1, 1, 1, 1], iou: 0 }],
    ['inverted', { a: [2, 2, 0, 0], b: [0, 0, 2, 2], iou: 0 }],
    ['two inverted', { a: [2, 2, 0, 0], b: [2, 2, 0, 0], iou: 0 }],
    ['not a number', { a: [0, Number.NaN, 2, 2], b: [0, 0, 2, 2], iou: 0 }],
  ];

  test.each(rows)('%s', (_, { a, b, iou: expected }) => {
    expect(iou(a, b)).toBe(expected);
    expect(iou(b, a)).toBe(expected);
    const [others, more] = [
      [9, 9, 99, 99],
      [5, 5, 6, 6],
    ];
    expect(iou([...others, ...a], [...more, ...others, ...b], 1, 2)).toBe(expected);
  });
});
