import { describe, expect, test } from 'vitest';
import type { YoloGridHeadSpec } from '../../../src/heads/contracts/yolo-grid.js';
import { headOf } from '../../../src/heads/index.js';
import { complaint } from '../../support/complaint.js';
import { geometryOf } from '../../support/geometry.js';
import { allClasses, candidatesOf, tensor } from '../../support/head.js';

/** Cells of 16: 2 × 1 with two anchors; of 32: one with one anchor. */
const geometry = geometryOf(32, 16);
const spec: YoloGridHeadSpec = {
  family: 'yolo-grid',
  outputs: ['a', 'b'],
  order: 'anchors-cells',
  strides: [16, 32],
  anchors: [
    [10, 20, 30, 40],
    [50, 60],
  ],
  reach: [2, 2],
  size: 'square',
  boxActivation: 'sigmoid',
  activation: 'none',
};
const nothing = [0, 0, 0, 0, 0, 0];

/** One class: rows of six numbers; row 0 to 3 are level a's, row 4 is level b's. */
function outputsOf(row: number, numbers: number[], order = spec.order) {
  const rows = Array.from({ length: 5 }, (_, i) => (i === row ? numbers : nothing));
  const a = order === 'anchors-cells' ? [1, 2, 1, 2, 6] : [1, 1, 2, 2, 6];
  return { a: tensor(a, rows.slice(0, 4).flat()), b: tensor([1, 1, 1, 1, 6], rows[4]) };
}

describe('boxes', () => {
  const ln3 = Math.log(3); // σ(ln 3) = 3/4
  const rows: [string, Partial<YoloGridHeadSpec>, number, number[], number[]][] = [
    ['all zero: middle of the cell, the anchor itself', {}, 0, [0, 0, 0, 0], [3, -2, 13, 18]],
    ['anchors before cells: row 1 is the second cell', {}, 1, [0, 0, 0, 0], [19, -2, 29, 18]],
    ['anchors before cells: row 2 is the second anchor', {}, 2, [0, 0, 0, 0], [-7, -12, 23, 28]],
    [
      'cells before anchors: row 1 is the second anchor',
      { order: 'cells-anchors' },
      1,
      [0, 0, 0, 0],
      [-7, -12, 23, 28],
    ],
    ['cells before anchors: row 2 is the second cell', { order: 'cells-anchors' }, 2, [0, 0, 0, 0], [19, -2, 29, 18]],
    ['the second level', {}, 4, [0, 0, 0, 0], [-9, -14, 41, 46]],
    ['2 σ(t) − 1/2 of a cell, (2 σ(t))² of an anchor', {}, 0, [ln3, -ln3, ln3, -ln3], [4.75, -2.5, 27.25, 2.5]],
    ['σ done by the graph', { boxActivation: 'none' }, 0, [0.75, 0.25, 0.75, 0.25], [4.75, -2.5, 27.25, 2.5]],
    ['e^t of an anchor', { size: 'exp' }, 0, [0, 0, Math.log(2), -Math.log(2)], [-2, 3, 18, 13]],
    ['less reach: σ(t) of a cell', { reach: [1, 1] }, 0, [ln3, -ln3, 0, 0], [7, -6, 17, 14]],
  ];

  test.each(rows)('%s', (_, changes, row, numbers, box) => {
    const changed = { ...spec, ...changes };
    const outputs = outputsOf(row, [...numbers, 1, 0.75], changed.order);
    const found = candidatesOf(changed, outputs, allClasses(1), geometry);
    expect(found).toHaveLength(1);
    expect(found[0].slice(0, 3)).toEqual([row, 0, 0.75]);
    for (const [k, side] of box.entries()) expect(found[0][3 + k]).toBeCloseTo(side, 5);
  });

  test('all levels in one output', () => {
    const { a, b } = outputsOf(4, [0, 0, 0, 0, 1, 0.75]);
    const outputs = { all: tensor([1, 5, 6], [...a.data, ...b.data]) };
    const found = candidatesOf({ ...spec, outputs: ['all'] }, outputs, allClasses(1), geometry);
    expect(found).toEqual([[4, 0, 0.75, -9, -14, 41, 46]]);
  });

  test('published anchors by name', () => {
    const levels = { strides: [8, 16, 32], reach: [2, 2, 2], outputs: ['all'] };
    const rows = new Array<number>(6 * 63).fill(0);
    rows.splice(60 * 6, 6, 0, 0, 0, 0, 1, 1); // 32 × 32: 3 · 16 and 3 · 4 rows before, then the three of the last level
    const outputs = { all: tensor([1, 63, 6], rows) };
    const boxes = (['yolov5', 'yolov4'] as const).map((anchors) =>
      candidatesOf({ ...spec, ...levels, anchors }, outputs, allClasses(1), geometryOf(32, 32)),
    );
    expect(boxes).toEqual([[[60, 0, 1, -42, -29, 74, 61]], [[60, 0, 1, -55, -39, 87, 71]]]);
  });
});

test('logits: objectness and classes take the sigmoid', () => {
  const found = candidatesOf(
    { ...spec, activation: 'sigmoid' },
    outputsOf(3, [0, 0, 0, 0, 100, 0]),
    allClasses(1),
    geometry,
  );
  expect(found.map(([row, , score]) => [row, score])).toEqual([[3, 0.5]]);
});

test('maps of YOLOv2: objectness takes the sigmoid, classes compete in a softmax', () => {
  const numbers = [0, 0, 0, 0, 0, Math.log(3), 0]; // anchor of one cell; σ(0) = 1/2; softmax 3/4 and 1/4
  const changed: YoloGridHeadSpec = {
    ...spec,
    outputs: ['map'],
    strides: [32],
    anchors: [[20, 10]],
    reach: [1],
    order: 'anchors-channels',
    size: 'exp',
    activation: 'softmax',
  };
  const outputs = { map: tensor([1, 7, 1, 1], numbers) };
  const found = candidatesOf(changed, outputs, allClasses(2, 0.1), geometryOf(32, 32));
  expect(found.map(([row, classId]) => [row, classId])).toEqual([
    [0, 0],
    [0, 1],
  ]);
  expect(found[0][2]).toBeCloseTo(3 / 8, 6);
  expect(found[1][2]).toBeCloseTo(1 / 8, 6);
  expect(found[0].slice(3)).toEqual([6, 11, 26, 21]);
});

test('a score for all anchors of a cell, levels one below the other', () => {
  const anchors = [
    [10, 20],
    [30, 40],
  ];
  const shared: YoloGridHeadSpec = {
    ...spec,
    outputs: ['all'],
    order: 'cells-shared-classes',
    anchors,
    boxActivation: 'none',
  };
  const outputs = { all: tensor([3, 6], [...nothing, ...nothing, 0.5, 0.5, 0.5, 0.5, 1, 0.75]) };
  const found = candidatesOf(shared, outputs, allClasses(1), geometry);
  expect(found).toEqual([[2, 0, 0.75, 1, -4, 31, 36]]);
});

test('rows ascend through all levels', () => {
  const { a } = outputsOf(2, [0, 0, 0, 0, 1, 1]);
  const { b } = outputsOf(4, [0, 0, 0, 0, 1, 0.5]);
  expect(candidatesOf(spec, { a, b }, allClasses(1), geometry).map(([row]) => row)).toEqual([2, 4]);
});

test('needs suppression, and reads its outputs', () => {
  expect(headOf(spec).needsSuppression(spec)).toBe(true);
  expect(headOf(spec).outputs(spec)).toEqual(['a', 'b']);
});

describe('what does not fit', () => {
  const outputs = outputsOf(0, nothing);
  const rows: [string, Partial<YoloGridHeadSpec>, RegExp][] = [
    [
      'anchors of another number of levels',
      { anchors: 'yolov5' },
      /^spec: expected anchors to be widths and heights in turn, a list for each of 2 strides/,
    ],
    [
      'half an anchor',
      {
        anchors: [
          [1, 2, 3],
          [4, 5],
        ],
      },
      /^spec: expected anchors to be widths and heights in turn/,
    ],
    [
      'no anchors',
      { anchors: [[], [4, 5]] },
      /^spec: expected anchors to be 'yolov4', .*, or lists of positive numbers/,
    ],
    ['reach of one level', { reach: [2] }, /^spec: expected reach to be a number for each of 2 strides/],
    [
      'cells before anchors',
      { order: 'cells-anchors' },
      /^output "a": expected dims \[1, 1, 2, 2, 6\], received "\[1, 2, 1, 2, 6\]"/,
    ],
    ['other strides', { strides: [8, 32] }, /^output "a": expected dims \[1, 2, 2, 4, 6\]/],
  ];

  test.each(rows)('%s', (_, changes, message) => {
    const wrong = { ...spec, ...changes };
    expect(() => candidatesOf(wrong, outputs, allClasses(1), geometry)).toThrow(complaint('E_MODEL', message));
  });
});
