import { describe, expect, test } from 'vitest';
import { type Constant, sizeOf, transpose } from '../../../scripts/model/values.js';
import { randomNumbers } from '../../support/random.js';

describe('sizeOf', () => {
  test.each([
    ['a number', [], 1],
    ['a row', [5], 5],
    ['an image', [1, 300, 300, 3], 270_000],
    ['nothing', [3, 0], 0],
  ])('%s', (_, shape, size) => {
    expect(sizeOf(shape)).toBe(size);
  });
});

describe('transpose', () => {
  const rows: [string, { shape: number[]; order: number[]; shaped: number[]; data: number[] }][] = [
    ['a number', { shape: [], order: [], shaped: [], data: [0] }],
    ['nothing', { shape: [2, 0], order: [1, 0], shaped: [0, 2], data: [] }],
    ['as it is', { shape: [2, 3], order: [0, 1], shaped: [2, 3], data: [0, 1, 2, 3, 4, 5] }],
    ['rows and columns', { shape: [2, 3], order: [1, 0], shaped: [3, 2], data: [0, 3, 1, 4, 2, 5] }],
    ['the last axis first', { shape: [2, 1, 3], order: [2, 0, 1], shaped: [3, 2, 1], data: [0, 3, 1, 4, 2, 5] }],
  ];

  test.each(rows)('%s', (_, { shape, order, shaped, data }) => {
    const constant = counted(shape);
    expect(transpose(constant, order)).toEqual({ kind: 'constant', shape: shaped, data: Float32Array.from(data) });
    expect(constant).toEqual(counted(shape));
  });

  test('each number of four axes goes where its position says', () => {
    const random = randomNumbers(9);
    const [shape, order] = [
      [2, 3, 4, 5],
      [3, 1, 0, 2],
    ];
    const constant = { kind: 'constant', shape, data: Float32Array.from({ length: 120 }, random) } as const;
    const result = transpose({ ...constant, shape: [...shape] }, order);
    expect(result.shape).toEqual([5, 3, 2, 4]);
    for (let i = 0; i < 120; i++) {
      const [a, b, c, d] = [Math.floor(i / 60), Math.floor(i / 20) % 3, Math.floor(i / 5) % 4, i % 5];
      expect(result.data[((d * 3 + b) * 2 + a) * 4 + c], `[${a}, ${b}, ${c}, ${d}]`).toBe(constant.data[i]);
    }
  });

  test('whole numbers stay whole', () => {
    const constant: Constant = { kind: 'constant', shape: [2, 2], data: Int32Array.of(1, 2, 3, 4) };
    expect(transpose(constant, [1, 0]).data).toEqual(Int32Array.of(1, 3, 2, 4));
  });
});

function counted(shape: number[]): Constant {
  return { kind: 'constant', shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => i) };
}
