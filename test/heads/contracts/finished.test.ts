import { describe, expect, test } from 'vitest';
import type { PartsHeadSpec } from '../../../src/heads/contracts/parts.js';
import type { RowsHeadSpec } from '../../../src/heads/contracts/rows.js';
import { headOf } from '../../../src/heads/index.js';
import type { Tensors } from '../../../src/types/model.js';
import { complaint } from '../../support/complaint.js';
import { allClasses, candidatesOf, tensor } from '../../support/head.js';

// The heads whose graph has finished the detections: rows and parts.

const rows: RowsHeadSpec = {
  family: 'rows',
  output: 'output0',
  count: null,
  columns: { all: 6, box: 0, score: 4, class: 5 },
  boxFormat: 'xyxy',
  boxUnit: 'input-pixels',
};
const parts: PartsHeadSpec = {
  family: 'parts',
  boxes: 'boxes',
  scores: 'scores',
  classes: 'labels',
  count: null,
  boxFormat: 'xyxy',
  boxUnit: 'input-pixels',
};

const boxes = [
  [10, 20, 30, 40],
  [10, 20, 30, 40],
  [50, 60, 70, 80],
  [1, 2, 3, 4],
];
const scores = [0.875, 0.75, 0.5, 0.25];
const classes = [2, 0, 1, 1];
const expected = [
  [0, 2, 0.875, 10, 20, 30, 40],
  [1, 0, 0.75, 10, 20, 30, 40],
  [2, 1, 0.5, 50, 60, 70, 80],
];
const asRows = (order: (row: number) => number[]) => boxes.flatMap((_, row) => order(row));
const usual = asRows((row) => [...boxes[row], scores[row], classes[row]]);
const asParts: Tensors = {
  boxes: tensor([1, 4, 4], boxes.flat()),
  scores: tensor([1, 4], scores),
  labels: tensor([1, 4], classes),
};

const forms: [string, RowsHeadSpec | PartsHeadSpec, Tensors][] = [
  ['rows [1, n, 6]', rows, { output0: tensor([1, 4, 6], usual) }],
  ['rows [n, 6]', rows, { output0: tensor([4, 6], usual) }],
  [
    'rows of seven, the batch first, class before score',
    { ...rows, columns: { all: 7, box: 1, score: 6, class: 5 } },
    {
      output0: tensor(
        [4, 7],
        asRows((row) => [0, ...boxes[row], classes[row], scores[row]]),
      ),
    },
  ],
  ['parts [1, n]', parts, asParts],
  [
    'parts without a batch',
    parts,
    { boxes: tensor([4, 4], boxes.flat()), scores: tensor([4], scores), labels: tensor([4], classes) },
  ],
  [
    'the score as fifth number of the box',
    { ...parts, scores: null },
    {
      boxes: tensor(
        [1, 4, 5],
        asRows((row) => [...boxes[row], scores[row]]),
      ),
      labels: tensor([1, 4], classes),
    },
  ],
];

describe.each(forms)('%s', (_, spec, outputs) => {
  test('rows over the threshold, as they stand', () => {
    expect(candidatesOf(spec, outputs, allClasses(3))).toEqual(expected);
  });

  test('single: of equal boxes the best', () => {
    expect(candidatesOf(spec, outputs, { ...allClasses(3), single: true })).toEqual([expected[0], expected[2]]);
  });

  test('needs no suppression', () => {
    expect(headOf(spec).needsSuppression(spec)).toBe(false);
  });
});

describe('what is no detection', () => {
  const padded = tensor(
    [1, 4, 6],
    [
      ...[1, 2, 3, 4, 0.9, -1],
      ...[1, 2, 3, 4, Number.NaN, 0],
      ...[1, 2, 3, 4, 0.9, Number.NaN],
      ...[1, 2, 3, 4, Number.POSITIVE_INFINITY, 0],
    ],
  );

  test('rows without class or score', () => {
    expect(candidatesOf(rows, { output0: padded }, allClasses(3, 0))).toEqual([]);
  });

  test('classes beyond the labels, and those without one', () => {
    const selection = { ...allClasses(2), labelled: Uint16Array.of(1) };
    expect(candidatesOf(rows, { output0: tensor([1, 4, 6], usual) }, selection)).toEqual([expected[2]]);
  });

  test.each([0, 1, 2])('what stands behind the count of %i', (count) => {
    const outputs = { ...asParts, num: tensor([1, 1], [count]) };
    expect(candidatesOf({ ...parts, count: 'num' }, outputs, allClasses(3))).toEqual(expected.slice(0, count));
    const counted = { output0: tensor([1, 4, 6], usual), num: tensor([1], [count]) };
    expect(candidatesOf({ ...rows, count: 'num' }, counted, allClasses(3))).toEqual(expected.slice(0, count));
  });

  test('none at all', () => {
    expect(candidatesOf(rows, { output0: tensor([0, 6], []) }, allClasses(3))).toEqual([]);
  });
});

describe('outputs that do not fit', () => {
  const bad: [string, RowsHeadSpec | PartsHeadSpec, Tensors, RegExp][] = [
    [
      'columns',
      rows,
      { output0: tensor([1, 2, 7], new Array(14).fill(0)) },
      /^output "output0": expected dims \[1, n, 6\]/,
    ],
    ['a batch of two', rows, { output0: tensor([2, 2, 6], new Array(24).fill(0)) }, /received "\[2, 2, 6\]"/],
    [
      'too few scores',
      parts,
      { ...asParts, scores: tensor([1, 3], [1, 1, 1]) },
      /^output "scores": expected dims \[1, 4\]/,
    ],
    ['no classes', parts, { boxes: asParts.boxes, scores: asParts.scores }, /^output "labels": expected an output/],
  ];
  test.each(bad)('%s', (_, spec, outputs, message) => {
    expect(() => candidatesOf(spec, outputs, allClasses(3))).toThrow(complaint('E_MODEL', message));
  });
});

test.each([rows, parts])('suppression is needed where the spec says so', (spec) => {
  expect(headOf(spec).needsSuppression(spec)).toBe(false);
  expect(headOf(spec).needsSuppression({ ...spec, suppress: true })).toBe(true);
});
