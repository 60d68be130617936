import { describe, expect, test } from 'vitest';
import type { BoxesScoresHeadSpec } from '../../../src/heads/contracts/boxes-scores.js';
import { complaint } from '../../support/complaint.js';
import { allClasses, candidatesOf, tensor } from '../../support/head.js';

const spec: BoxesScoresHeadSpec = {
  family: 'boxes-scores',
  boxes: 'pred_boxes',
  scores: 'logits',
  layout: 'rows',
  activation: 'none',
  boxFormat: 'xyxy',
  boxUnit: 'input-pixels',
  suppress: false,
};
const boxes = [10, 20, 30, 40, 50, 60, 70, 80];
/** Two rows of three classes. */
const scores = [0.125, 0.5, 0.75, 0.25, 0.875, 0];

const expected = [
  [0, 1, 0.5, 10, 20, 30, 40],
  [0, 2, 0.75, 10, 20, 30, 40],
  [1, 1, 0.875, 50, 60, 70, 80],
];

describe('layouts', () => {
  const rows: [string, BoxesScoresHeadSpec['layout'], number[], number[], number[]][] = [
    ['[1, n, 4] and [1, n, classes]', 'rows', [1, 2, 4], [1, 2, 3], scores],
    ['[n, 4] and [n, classes]', 'rows', [2, 4], [2, 3], scores],
    ['[1, n, 1, 4]', 'rows', [1, 2, 1, 4], [1, 2, 3], scores],
    ['[1, classes, n]', 'columns', [1, 2, 4], [1, 3, 2], [0.125, 0.25, 0.5, 0.875, 0.75, 0]],
  ];
  test.each(rows)('%s', (_, layout, boxDims, scoreDims, values) => {
    const outputs = { pred_boxes: tensor(boxDims, boxes), logits: tensor(scoreDims, values) };
    expect(candidatesOf({ ...spec, layout }, outputs, allClasses(3))).toEqual(expected);
  });
});

test('boxes in columns', () => {
  const outputs = {
    pred_boxes: tensor([1, 4, 2], [10, 50, 20, 60, 30, 70, 40, 80]),
    logits: tensor([1, 2, 3], scores),
  };
  expect(candidatesOf({ ...spec, boxLayout: 'columns' }, outputs, allClasses(3))).toEqual(expected);
});

test('softmax: a column without a label competes, and is no candidate', () => {
  const [ln2, ln5] = [Math.log(2), Math.log(5)];
  const outputs = {
    pred_boxes: tensor([1, 2, 4], boxes),
    logits: tensor([1, 2, 3], [ln5, ln2, 0, 0, ln2, ln5]), // 5/8 2/8 1/8, 1/8 2/8 5/8
  };
  const noObject = { ...allClasses(3, 0.2), labelled: Uint16Array.of(0, 1) };
  noObject.scoreThresholds[2] = Number.NaN;
  const found = candidatesOf({ ...spec, activation: 'softmax' }, outputs, noObject);
  expect(found.map(([row, classId]) => [row, classId])).toEqual([
    [0, 0],
    [0, 1],
    [1, 1],
  ]);
  for (const [i, score] of [5 / 8, 2 / 8, 2 / 8].entries()) expect(found[i][2]).toBeCloseTo(score, 6);
});

test('as many boxes as rows of scores', () => {
  const outputs = { pred_boxes: tensor([1, 1, 4], [1, 2, 3, 4]), logits: tensor([1, 2, 3], scores) };
  const message = /^output "pred_boxes": expected 2 boxes, one for each row of "logits", received 1\./;
  expect(() => candidatesOf(spec, outputs, allClasses(3))).toThrow(complaint('E_MODEL', message));
});
