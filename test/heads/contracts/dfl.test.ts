import { describe, expect, test } from 'vitest';
import type { DflHeadSpec } from '../../../src/heads/contracts/dfl.js';
import type { Tensors } from '../../../src/types/model.js';
import { complaint } from '../../support/complaint.js';
import { geometryOf } from '../../support/geometry.js';
import { expectGolden, goldenOf } from '../../support/golden.js';
import { allClasses, candidatesOf, tensor } from '../../support/head.js';

const spec: DflHeadSpec = {
  family: 'dfl',
  scores: ['cls8', 'cls16'],
  distances: ['dis8', 'dis16'],
  activation: 'none',
  strides: [8, 16],
  bins: 3,
  centre: 0.5,
};
/** 4 × 2 and 2 × 1 cells. */
const geometry = geometryOf(32, 16);

/** Logits of one edge whose distance is 0, 1 or 2 strides for certain, or 0.5 or 1 on the whole. */
const far = 1000; // e^−1000 is 0
const [zero, one, two, half, spread] = [
  [far, 0, 0],
  [0, far, 0],
  [0, 0, far],
  [far, far, 0],
  [7, 7, 7],
];

/** Two classes; of level 8 the cell in line 1, column 2 shows class 1, of level 16 the second cell both. */
const scores8 = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.25, 0.75, 0, 0];
const scores16 = [0, 0, 0.875, 0.5];
const cell8 = [zero, one, two, half].flat();
const cell16 = [spread, half, zero, zero].flat();
const outputs: Tensors = {
  cls8: tensor([1, 8, 2], scores8),
  dis8: tensor([1, 8, 12], [...new Array(72).fill(0), ...cell8, ...new Array(12).fill(0)]),
  cls16: tensor([1, 2, 2], scores16),
  dis16: tensor([1, 2, 12], [...new Array(12).fill(0), ...cell16]),
};
// Level 8: centre (20, 12), 0, 8, 16 and 4 pixels to the edges. Level 16: centre (24, 8), 16, 8, 0 and 0 pixels.
const expected = [
  [6, 1, 0.75, 20, 4, 36, 16],
  [9, 0, 0.875, 8, 0, 24, 8],
  [9, 1, 0.5, 8, 0, 24, 8],
];

function columns(rows: number[][]): number[] {
  return rows[0].flatMap((_, column) => rows.map((row) => row[column]));
}

describe('forms', () => {
  const rowsOf = (name: string, columns: number) =>
    Array.from({ length: outputs[name].dims[1] }, (_, row) => [
      ...outputs[name].data.subarray(row * columns, (row + 1) * columns),
    ]);
  const scores = [...rowsOf('cls8', 2), ...rowsOf('cls16', 2)];
  const distances = [...rowsOf('dis8', 12), ...rowsOf('dis16', 12)];
  const rows: [string, Partial<DflHeadSpec>, Tensors][] = [
    ['an output per level', {}, outputs],
    [
      'one for the scores and one for the distances of all levels',
      { scores: ['cls'], distances: ['dis'] },
      { cls: tensor([1, 10, 2], scores.flat()), dis: tensor([1, 10, 12], distances.flat()) },
    ],
    [
      'one for both',
      { scores: ['output'], distances: ['output'] },
      {
        output: tensor(
          [1, 10, 14],
          scores.flatMap((row, i) => [...row, ...distances[i]]),
        ),
      },
    ],
    [
      'a map per level',
      { layout: 'maps' },
      {
        cls8: tensor([1, 2, 2, 4], columns(rowsOf('cls8', 2))),
        dis8: tensor([1, 12, 2, 4], columns(rowsOf('dis8', 12))),
        cls16: tensor([1, 2, 1, 2], columns(rowsOf('cls16', 2))),
        dis16: tensor([1, 12, 1, 2], columns(rowsOf('dis16', 12))),
      },
    ],
    [
      'a map per level for both, distances first',
      { layout: 'maps', first: 'distances', scores: ['out8', 'out16'], distances: ['out8', 'out16'] },
      {
        out8: tensor(
          [1, 14, 2, 4],
          columns([0, 1, 2, 3, 4, 5, 6, 7].map((row) => [...distances[row], ...scores[row]])),
        ),
        out16: tensor([1, 14, 1, 2], columns([8, 9].map((row) => [...distances[row], ...scores[row]]))),
      },
    ],
  ];
  test.each(rows)('%s', (_, changes, tensors) => {
    const found = candidatesOf({ ...spec, ...changes }, tensors, allClasses(2), geometry);
    expect(found).toEqual(expected);
  });
});

test('one bin: distances are plain numbers; two rows per cell', () => {
  const plain: DflHeadSpec = {
    ...spec,
    bins: 1,
    perCell: 2,
    centre: 0,
    scores: ['s8', 's16'],
    distances: ['d8', 'd16'],
  };
  const numbers = (count: number, at: number, row: number[]) =>
    Array.from({ length: count }, (_, i) => (i === at ? row : row.map(() => 0))).flat();
  const tensors = {
    s8: tensor([16, 1], numbers(16, 13, [0.75])),
    d8: tensor([16, 4], numbers(16, 13, [0.5, 1, 1.5, 2])),
    s16: tensor([4, 1], numbers(4, 2, [0.875])),
    d16: tensor([4, 4], numbers(4, 2, [1, 0.5, 0, 0])),
  };
  expect(candidatesOf(plain, tensors, allClasses(1), geometry)).toEqual([
    [13, 0, 0.75, 12, 0, 28, 24], // cell 6 of the first level: (16, 8)
    [18, 0, 0.875, 0, -8, 16, 0], // cell 1 of the second: (16, 0)
  ]);
});

test('centres at the corner of their cells', () => {
  const found = candidatesOf({ ...spec, centre: 0 }, outputs, allClasses(2), geometry);
  expect(found.map(([, , , ...box]) => box)).toEqual([
    [16, 0, 32, 12],
    [0, -8, 16, 0],
    [0, -8, 16, 0],
  ]);
});

test('scores that are logits', () => {
  const cls8 = tensor(
    [1, 8, 2],
    scores8.map((score) => Math.log(score / (1 - score))),
  );
  const cls16 = tensor(
    [1, 2, 2],
    scores16.map((score) => Math.log(score / (1 - score))),
  );
  const found = candidatesOf({ ...spec, activation: 'sigmoid' }, { ...outputs, cls8, cls16 }, allClasses(2), geometry);
  expect(found.map(([row, classId]) => [row, classId])).toEqual(expected.map(([row, classId]) => [row, classId]));
});

test('one class', () => {
  const one = {
    cls8: tensor(
      [1, 8, 1],
      scores8.filter((_, i) => i % 2 === 1),
    ),
    cls16: tensor([1, 2, 1], [0, 0.5]),
  };
  const found = candidatesOf(spec, { ...outputs, ...one }, allClasses(1), geometry);
  expect(found.map(([row, classId, score]) => [row, classId, score])).toEqual([
    [6, 0, 0.75],
    [9, 0, 0.5],
  ]);
});

test('sides that are no multiple of a stride have a cell for the rest', () => {
  const found = candidatesOf(spec, outputs, allClasses(2), geometryOf(25, 9));
  expect(found).toEqual(expected);
});

describe('outputs that do not fit', () => {
  const rows: [string, Partial<DflHeadSpec>, Tensors, RegExp][] = [
    [
      'other strides',
      { strides: [16, 32] },
      outputs,
      /^outputs "cls8", "cls16": expected 2 \+ 1 rows for strides 16, 32, received "8 \+ 2"\. Correct strides/,
    ],
    ['a level missing', { distances: ['dis8'] }, outputs, /^outputs "dis8": expected 8 \+ 2 rows/],
    ['other bins', { bins: 8 }, outputs, /^output "dis8": expected dims \[1, n, 32\], received "\[1, 8, 12\]"/],
    ['no such output', { scores: ['a', 'b'] }, outputs, /^output "a": expected an output of the model/],
  ];
  test.each(rows)('%s', (_, changes, tensors, message) => {
    const act = () => candidatesOf({ ...spec, ...changes }, tensors, allClasses(2), geometry);
    expect(act).toThrow(complaint('E_MODEL', message));
  });
});

describe('what the families’ own code makes of the same outputs', () => {
  const common = { family: 'dfl', activation: 'none', bins: 8 } as const;
  const levels = (prefix: string, names: number[]) => names.map((name) => prefix.replace('*', String(name)));
  const rows: [string, string, number, DflHeadSpec][] = [
    [
      'nanodet',
      'nanodet',
      3,
      {
        ...common,
        scores: levels('dis_pred_stride_*', [8, 16, 32]),
        distances: levels('cls_pred_stride_*', [8, 16, 32]),
        strides: [8, 16, 32],
        centre: 0.5,
      },
    ],
    [
      'nanodet',
      'nanodet-plus',
      3,
      { ...common, scores: ['output'], distances: ['output'], strides: [8, 16, 32, 64], centre: 0 },
    ],
    [
      'paddle',
      'picodet',
      5,
      {
        ...common,
        scores: levels('save_infer_model/scale_*.tmp_1', [0, 1, 2, 3]),
        distances: levels('save_infer_model/scale_*.tmp_1', [4, 5, 6, 7]),
        strides: [8, 16, 32, 64],
        centre: 0.5,
      },
    ],
  ];
  test.each(rows)('%s: %s', (file, name, classes, head) => expectGolden(goldenOf(file, name), head, classes));
});
