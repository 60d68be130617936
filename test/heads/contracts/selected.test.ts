import { describe, expect, test } from 'vitest';
import type { SelectedHeadSpec } from '../../../src/heads/contracts/selected.js';
import { headOf } from '../../../src/heads/index.js';
import { complaint } from '../../support/complaint.js';
import { allClasses, candidatesOf, type Found, tensor } from '../../support/head.js';

const spec: SelectedHeadSpec = {
  family: 'selected',
  boxes: 'boxes',
  scores: 'scores',
  indices: 'indices',
  boxFormat: 'yxyx',
  boxUnit: 'image-pixels',
};
/** y1, x1, y2, x2 of three boxes, and per class the scores of all three. */
const boxes = tensor([1, 3, 4], [1, 2, 3, 4, 10, 20, 30, 40, 5, 6, 7, 8]);
const scores = tensor([1, 2, 3], [0.5, 0.75, 0.25, 0.875, 0.625, 0.125]);
const A: Found = [0, 0, 0.5, 2, 1, 4, 3];
const B: Found = [0, 1, 0.875, 2, 1, 4, 3];
const C: Found = [1, 0, 0.75, 20, 10, 40, 30];

function outputsOf(indices: number[][], dims = [indices.length, 3]) {
  return { boxes, scores, indices: tensor(dims, indices.flat()) };
}

describe('places', () => {
  const rows: [string, number[][], Found[]][] = [
    ['none', [], []],
    ['image, class, box', [[0, 0, 1]], [C]],
    [
      'in any order: by row, then by class',
      [
        [0, 0, 1],
        [0, 1, 0],
        [0, 0, 0],
      ],
      [A, B, C],
    ],
    [
      'twice: once',
      [
        [0, 0, 1],
        [0, 0, 1],
      ],
      [C],
    ],
    [
      'below the threshold',
      [
        [0, 0, 2],
        [0, 1, 2],
      ],
      [],
    ],
    [
      '−1 is padding',
      [
        [0, 0, 1],
        [-1, -1, -1],
      ],
      [C],
    ],
    ['another image', [[1, 0, 1]], []],
  ];

  test.each(rows)('%s', (_, indices, found) => {
    expect(candidatesOf(spec, outputsOf(indices), allClasses(2))).toEqual(found);
    expect(candidatesOf(spec, outputsOf(indices, [1, indices.length, 3]), allClasses(2))).toEqual(found);
  });

  test('single: the best class of each box', () => {
    const selection = { ...allClasses(2), single: true };
    const indices = outputsOf([
      [0, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 1, 1],
    ]);
    expect(candidatesOf(spec, indices, selection)).toEqual([B, C]);
  });

  test('classes without a label stay out', () => {
    const selection = { ...allClasses(2), labelled: Uint16Array.of(1) };
    expect(
      candidatesOf(
        spec,
        outputsOf([
          [0, 0, 0],
          [0, 1, 0],
        ]),
        selection,
      ),
    ).toEqual([B]);
  });
});

test('needs no suppression, and reads its outputs', () => {
  expect(headOf(spec).needsSuppression(spec)).toBe(false);
  expect(headOf(spec).outputs(spec)).toEqual(['boxes', 'scores', 'indices']);
});

test.each([
  [
    'a class too high',
    outputsOf([[0, 2, 0]]),
    /^output "indices": expected image, class below 2 and box below 3, received "0, 2, 0"/,
  ],
  ['a box too high', outputsOf([[0, 0, 3]]), /^output "indices": .*received "0, 0, 3"/],
  ['indices of two numbers', outputsOf([[0, 0]], [1, 2]), /^output "indices": expected dims \[1, n, 3\]/],
  [
    'scores of other classes',
    { ...outputsOf([]), scores: tensor([1, 3, 3], new Array(9).fill(0)) },
    /^output "scores": expected dims \[1, 2, 3\]/,
  ],
])('%s', (_, outputs, message) => {
  expect(() => candidatesOf(spec, outputs, allClasses(2))).toThrow(complaint('E_MODEL', message));
});
