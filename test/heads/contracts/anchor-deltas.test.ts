import { describe, expect, test } from 'vitest';
import type { AnchorDeltasHeadSpec } from '../../../src/heads/contracts/anchor-deltas.js';
import type { Tensors } from '../../../src/types/model.js';
import { complaint } from '../../support/complaint.js';
import { geometryOf } from '../../support/geometry.js';
import { expectGolden, type Golden, goldenOf } from '../../support/golden.js';
import { allClasses, candidatesOf, tensor } from '../../support/head.js';

const spec: AnchorDeltasHeadSpec = {
  family: 'anchor-deltas',
  scores: ['cls8', 'cls16'],
  deltas: ['box8', 'box16'],
  layout: 'maps',
  activation: 'none',
  order: 'xywh',
  strides: [8, 16],
  anchors: [
    [8, 4, 4, 8],
    [16, 8, 8, 16],
  ],
};
/** 2 × 1 and 1 × 1 cells, two anchors each, two classes. */
const geometry = geometryOf(16, 8);
const ln2 = Math.log(2);

// Level 8: anchor 1 of the second cell shows class 0. Level 16: anchor 0 shows class 1.
const maps: Tensors = {
  cls8: tensor([1, 4, 1, 2], [0, 0, 0, 0, 0, 0.75, 0, 0]), // anchor, class; cells
  box8: tensor([1, 8, 1, 2], [9, 9, 9, 9, 9, 9, 9, 9, 9, 0.5, 9, -0.25, 9, ln2, 9, 0]),
  cls16: tensor([1, 4, 1, 1], [0, 0.5, 0, 0]),
  box16: tensor([1, 8, 1, 1], [0, 0, 0, -ln2, 9, 9, 9, 9]),
};
// Rows: anchor by anchor on each level.
const expectedOfMaps = [
  // anchor 4 × 8 at (12, 4), moved by half its width and a quarter of its height, twice as wide
  [3, 0, 0.75, 10, -2, 18, 6],
  // anchor 16 × 8 at (8, 8), half as high
  [4, 1, 0.5, 0, 6, 16, 10],
];

test('maps', () => {
  const found = candidatesOf(spec, maps, allClasses(2), geometry);
  expect(found.map((row) => row.map((value) => Math.round(value * 1e5) / 1e5))).toEqual(expectedOfMaps);
});

test('rows: the anchors of a cell one after the other', () => {
  const rows: Tensors = {
    cls: tensor([1, 6, 2], [0, 0, 0, 0, 0, 0, 0.75, 0, 0, 0.5, 0, 0]),
    box: tensor([1, 6, 4], [...new Array(12).fill(9), 0.5, -0.25, ln2, 0, 0, 0, 0, -ln2, 9, 9, 9, 9]),
  };
  const found = candidatesOf(
    { ...spec, layout: 'rows', scores: ['cls'], deltas: ['box'] },
    rows,
    allClasses(2),
    geometry,
  );
  expect(found.map((row) => row.map((value) => Math.round(value * 1e5) / 1e5))).toEqual(expectedOfMaps);
});

test('order yxhw', () => {
  const box8 = tensor([1, 8, 1, 2], [9, 9, 9, 9, 9, 9, 9, 9, 9, -0.25, 9, 0.5, 9, 0, 9, ln2]);
  const box16 = tensor([1, 8, 1, 1], [0, 0, -ln2, 0, 9, 9, 9, 9]);
  const found = candidatesOf({ ...spec, order: 'yxhw' }, { ...maps, box8, box16 }, allClasses(2), geometry);
  expect(found.map((row) => row.map((value) => Math.round(value * 1e5) / 1e5))).toEqual(expectedOfMaps);
});

test('one class', () => {
  const one = { cls8: tensor([1, 2, 1, 2], [0, 0, 0, 0.75]), cls16: tensor([1, 2, 1, 1], [0.5, 0]) };
  const found = candidatesOf(spec, { ...maps, ...one }, allClasses(1), geometry);
  expect(found.map(([row, classId, score]) => [row, classId, score])).toEqual([
    [3, 0, 0.75],
    [4, 0, 0.5],
  ]);
});

describe('what does not fit', () => {
  const rows: [string, Partial<AnchorDeltasHeadSpec>, Tensors, RegExp][] = [
    [
      'anchors of one level',
      { anchors: [[8, 4]] },
      maps,
      /^spec: expected anchors to be a width and a height of each anchor, as many for each of 2 strides/,
    ],
    ['half an anchor', { anchors: [[8], [8]] }, maps, /^spec: expected anchors to be a width and a height/],
    [
      'outputs of one level',
      { scores: ['cls8'] },
      maps,
      /^spec: expected scores to be 2 names of outputs with layout 'maps', received Array of length 1/,
    ],
    [
      'three anchors',
      {
        anchors: [
          [1, 1, 2, 2, 3, 3],
          [1, 1, 2, 2, 3, 3],
        ],
      },
      maps,
      /^output "cls8": expected dims \[1, 6, 1, 2\]/,
    ],
    [
      'boxes of five numbers',
      {},
      { ...maps, box16: tensor([1, 10, 1, 1], []) },
      /^output "box16": expected dims \[1, 8, 1, 1\]/,
    ],
  ];
  test.each(rows)('%s', (_, changes, tensors, message) => {
    const act = () => candidatesOf({ ...spec, ...changes }, tensors, allClasses(2), geometry);
    expect(act).toThrow(complaint('E_MODEL', message));
  });
});

describe('what the families’ own code makes of the same outputs', () => {
  const levels = [0, 1, 2, 3, 4];
  const effdet: AnchorDeltasHeadSpec = {
    ...spec,
    scores: levels.map((level) => `cls_${level}`),
    deltas: levels.map((level) => `box_${level}`),
    activation: 'sigmoid',
    order: 'yxhw',
    strides: [8, 16, 32, 64, 128],
    anchors: 'efficientdet',
  };

  test('effdet', () => expectGolden(goldenOf('efficientdet', 'effdet'), effdet, 2));

  test('effdet, laid out as zylo117’s export does', () => {
    const golden = goldenOf('efficientdet', 'effdet');
    const outputs = { classification: rowsOf(golden, effdet.scores, 2), regression: rowsOf(golden, effdet.deltas, 4) };
    const head = { ...effdet, layout: 'rows', scores: ['classification'], deltas: ['regression'] } as const;
    expectGolden({ ...golden, outputs }, { ...head, scores: [...head.scores], deltas: [...head.deltas] }, 2);
  });

  test('RetinaNet', () => {
    const names = (kind: string) => effdet.strides.map((stride) => `${kind}_${stride}`);
    const retinanet = {
      ...effdet,
      scores: names('cls'),
      deltas: names('box'),
      activation: 'none',
      order: 'xywh',
    } as const;
    expectGolden(goldenOf('retinanet', 'retinanet'), { ...retinanet, anchors: 'retinanet' }, 2);
  });
});

/** Maps [1, anchors · columns, height, width] as rows, the anchors of a cell one after the other. */
function rowsOf({ outputs }: Golden, names: string[], columns: number): Golden['outputs'][string] {
  const data = names.flatMap((name) => {
    const { dims, data: map } = outputs[name];
    const cells = dims[2] * dims[3];
    const perCell = dims[1];
    return Array.from({ length: cells * perCell }, (_, i) => map[(i % perCell) * cells + Math.floor(i / perCell)]);
  });
  return { dims: [1, data.length / columns, columns], data };
}
