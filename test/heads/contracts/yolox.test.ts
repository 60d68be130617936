import { describe, expect, test } from 'vitest';
import type { YoloxHeadSpec } from '../../../src/heads/contracts/yolox.js';
import { headOf } from '../../../src/heads/index.js';
import { complaint } from '../../support/complaint.js';
import { geometryOf } from '../../support/geometry.js';
import { allClasses, candidatesOf, type Found, tensor } from '../../support/head.js';

const spec: YoloxHeadSpec = { family: 'yolox', output: 'output', strides: [8, 16], activation: 'none' };
/** Cells of 8: 4 × 2, then of 16: 2 × 1. */
const geometry = geometryOf(32, 16);
const nothing = [0, 0, 0, 0, 0, 0, 0];
const ln2 = Math.log(2);

function outputOf(rows: Record<number, number[]>, cells = 10, width = 7) {
  const all = Array.from({ length: cells }, (_, i) => rows[i] ?? nothing.slice(0, width));
  return { output: tensor([1, cells, width], all.flat()) };
}

describe('boxes', () => {
  const rows: [string, number, number[], number[]][] = [
    ['first cell, no offset, as large as a cell', 0, [0, 0, 0, 0], [-4, -4, 4, 4]],
    ['middle of its cell', 0, [0.5, 0.5, 0, 0], [0, 0, 8, 8]],
    ['cell 2 of the second line', 6, [0.5, 0.5, 0, 0], [16, 8, 24, 16]],
    ['sizes are logarithms', 6, [0.5, 0.5, ln2, -ln2], [12, 10, 28, 14]],
    ['offsets may leave the cell', 6, [-1.5, 2.5, 0, 0], [0, 24, 8, 32]],
    ['last cell of the last level', 9, [0.5, 0.5, 0, 0], [16, 0, 32, 16]],
  ];

  test.each(rows)('%s', (_, row, numbers, box) => {
    const found = candidatesOf(spec, outputOf({ [row]: [...numbers, 1, 0.75, 0] }), allClasses(2), geometry);
    expect(found).toHaveLength(1);
    expect(found[0].slice(0, 3)).toEqual([row, 0, 0.75]);
    for (const [k, side] of box.entries()) expect(found[0][3 + k]).toBeCloseTo(side, 5);
  });

  test('a size that is not a multiple of the strides: its last cells reach over the edge', () => {
    const outputs = outputOf({ 2: [0.5, 0.5, 0, 0, 1, 1, 0] }, 6 + 2);
    expect(candidatesOf(spec, outputs, allClasses(2), geometryOf(20, 12))).toEqual([[2, 0, 1, 16, 0, 24, 8]]);
  });
});

describe('scores', () => {
  const box = [0.5, 0.5, 0, 0];
  const rows: [string, YoloxHeadSpec['activation'], number[], [classId: number, score: number][]][] = [
    ['objectness times class', 'none', [0.75, 1, 0.5], [[0, 0.75]]],
    [
      'both classes',
      'none',
      [1, 0.5, 0.75],
      [
        [0, 0.5],
        [1, 0.75],
      ],
    ],
    ['objectness alone is not enough', 'none', [0.5, 0.75, 0.75], []],
    ['logits: both take the sigmoid', 'sigmoid', [Math.log(3), 100, 0], [[0, 0.75]]],
    ['not a number', 'none', [Number.NaN, 1, 1], []],
  ];

  test.each(rows)('%s', (_, activation, scores, expected) => {
    const outputs = outputOf({ 3: [...box, ...scores] });
    const found = candidatesOf({ ...spec, activation }, outputs, allClasses(2), geometry);
    expect(found.map(([row, classId, score]) => [row, classId, score])).toEqual(
      expected.map(([classId, score]) => [3, classId, expect.closeTo(score, 6)]),
    );
  });

  test('single: the best class of the row', () => {
    const selection = { ...allClasses(2), single: true };
    const found = candidatesOf(spec, outputOf({ 3: [...box, 1, 0.5, 0.75] }), selection, geometry);
    expect(found.map(([, classId]) => classId)).toEqual([1]);
  });

  test('one class', () => {
    const outputs = outputOf({ 0: [...box, 1, 0.5] }, 10, 6);
    expect(candidatesOf(spec, outputs, allClasses(1), geometry)).toEqual([[0, 0, 0.5, 0, 0, 8, 8]] satisfies Found[]);
  });
});

test('needs suppression, and reads its output', () => {
  expect(headOf(spec).needsSuppression(spec)).toBe(true);
  expect(headOf(spec).outputs(spec)).toEqual(['output']);
});

test.each([
  [
    'another number of rows',
    outputOf({}, 11),
    /^output "output": expected 10 rows, one for each cell of strides 8, 16, received 11\. Correct head\.strides/,
  ],
  [
    'another number of classes',
    outputOf({}, 10, 6),
    /^output "output": expected dims \[1, n, 7\], received "\[1, 10, 6\]"/,
  ],
  ['no such output', { boxes: tensor([1, 1, 7], nothing) }, /^output "output": expected an output of the model/],
])('%s', (_, outputs, message) => {
  expect(() => candidatesOf(spec, outputs, allClasses(2), geometry)).toThrow(complaint('E_MODEL', message));
});
