import { describe, expect, test } from 'vitest';
import { allocateFloat32 } from '../../../src/kernels/memory.js';
import { rowMajor } from '../../../src/kernels/scan/score-matrix.js';
import { float32Beside } from '../../support/float32.js';
import { randomNumbers } from '../../support/random.js';
import { type ScanOptions, scan } from '../../support/scan.js';
import { optionsOf } from '../../support/score-matrices.js';

const NONE = Number.NEGATIVE_INFINITY;
const half = Math.fround(0.5);

type Hit = [row: number, classId: number, value: number];

interface Case {
  values: number[];
  /** Threshold per class; their number is the number of classes. */
  thresholds: number[];
  /** Default all */
  columns?: number[];
  multi: Hit[];
  single: Hit[];
}

const cases: [string, Case][] = [
  ['no rows', { values: [], thresholds: [0.5, 0.5], multi: [], single: [] }],
  ['one value', { values: [0.75], thresholds: [0.5], multi: [[0, 0, 0.75]], single: [[0, 0, 0.75]] }],
  ['nothing reaches it', { values: [0.25, 0.25, 0, 0.25], thresholds: [0.5, 0.5], multi: [], single: [] }],
  [
    'just under, at and just over the threshold',
    {
      values: [float32Beside(half, -1), half, float32Beside(half, 1)],
      thresholds: [half],
      multi: [
        [1, 0, half],
        [2, 0, float32Beside(half, 1)],
      ],
      single: [
        [1, 0, half],
        [2, 0, float32Beside(half, 1)],
      ],
    },
  ],
  [
    'a threshold between two float32 is not rounded',
    {
      values: [half, float32Beside(half, 1)],
      thresholds: [half + 2 ** -30],
      multi: [[1, 0, float32Beside(half, 1)]],
      single: [[1, 0, float32Beside(half, 1)]],
    },
  ],
  [
    'several classes of a row; single: the highest',
    {
      values: [0.6, 0.5, 0.9],
      thresholds: [0.5, 0.5, 0.5],
      multi: [
        [0, 0, 0.6],
        [0, 1, 0.5],
        [0, 2, 0.9],
      ],
      single: [[0, 2, 0.9]],
    },
  ],
  [
    'tie: lower column wins',
    {
      values: [0.5, 0.75, 0.75],
      thresholds: [0.5, 0.5, 0.5],
      multi: [
        [0, 0, 0.5],
        [0, 1, 0.75],
        [0, 2, 0.75],
      ],
      single: [[0, 1, 0.75]],
    },
  ],
  [
    'single: the best below its own threshold hides a second that reaches its own',
    { values: [0.75, 0.5], thresholds: [0.875, 0.25], multi: [[0, 1, 0.5]], single: [] },
  ],
  [
    'a class that is never wanted still competes',
    { values: [0.75, 0.5], thresholds: [Number.NaN, 0.25], multi: [[0, 1, 0.5]], single: [] },
  ],
  [
    'a column left out does not compete',
    { values: [0.75, 0.5], thresholds: [0.25, 0.25], columns: [1], multi: [[0, 1, 0.5]], single: [[0, 1, 0.5]] },
  ],
  ['no columns', { values: [0.75, 0.5], thresholds: [0.25, 0.25], columns: [], multi: [], single: [] }],
  [
    'NaN is no hit and hides nothing',
    {
      values: [Number.NaN, -2, Number.NaN, Number.NaN],
      thresholds: [NONE, NONE],
      multi: [[0, 1, -2]],
      single: [[0, 1, -2]],
    },
  ],
  [
    'logits: all negative',
    {
      values: [-3, -1, -5, -4],
      thresholds: [-4, -4],
      multi: [
        [0, 0, -3],
        [0, 1, -1],
        [1, 1, -4],
      ],
      single: [
        [0, 1, -1],
        [1, 1, -4],
      ],
    },
  ],
  [
    'the lowest logit reaches the lowest threshold',
    {
      values: [Number.NaN, NONE, NONE],
      thresholds: [NONE, NONE, NONE],
      multi: [
        [0, 1, NONE],
        [0, 2, NONE],
      ],
      single: [[0, 1, NONE]],
    },
  ],
];

describe('scanRows', () => {
  describe.each(cases)('%s', (_, { values, thresholds, columns, ...expected }) => {
    test.each(['multi', 'single'] as const)('%s', (labels) => {
      const given = Float32Array.from(values);
      const options = optionsOf(thresholds, labels === 'single', columns);
      expect(hitsOf(given, options)).toEqual(expected[labels].map(asFloat32));
      expect(given).toEqual(Float32Array.from(values));
    });
  });
});

describe('other layouts give what rows of scores give', () => {
  const random = randomNumbers(5);
  const [count, classes] = [300, 7];
  const scores = Float32Array.from({ length: count * classes }, () => Math.fround(random()));
  const options = optionsOf([0.9, 0.5, Number.NaN, 0.99, 0, 1, 0.7], false, [0, 1, 2, 3, 5, 6]);

  test.each([false, true])('class by class, between other numbers; single %s', (single) => {
    const data = new Float32Array(13 + (classes + 3) * count).fill(1);
    for (let row = 0; row < count; row++) {
      for (let c = 0; c < classes; c++) data[13 + (c + 2) * count + row] = scores[row * classes + c];
    }
    const matrix = { data, rows: count, classes, start: 13 + 2 * count, rowStep: 1, classStep: count };
    expect(scan(matrix, { ...options, single })).toEqual(scan(rowMajor(scores, classes), { ...options, single }));
  });

  test.each([false, true])('with objectness: scores that are multiplied before; single %s', (single) => {
    const objectness = Float32Array.from({ length: count }, () => Math.fround(random()));
    const width = classes + 1;
    const data = Float32Array.from({ length: count * width }, (_, i) =>
      i % width === 0 ? objectness[Math.floor(i / width)] : scores[Math.floor(i / width) * classes + (i % width) - 1],
    );
    const matrix = { data, rows: count, classes, start: 1, rowStep: width, classStep: 1, objectness: { start: 0 } };
    const multiplied = scores.map((score, i) => score * objectness[Math.floor(i / classes)]);
    expect(scan(matrix, { ...options, single })).toEqual(scan(rowMajor(multiplied, classes), { ...options, single }));
  });
});

test('a scan of held arrays leaves their views alive, however many hits there are', () => {
  const data = allocateFloat32(400_000).fill(1);
  for (const single of [false, true]) {
    for (const [rowStep, classStep] of [
      [1, 200_000],
      [2, 1],
    ]) {
      const matrix = { data, rows: 200_000, classes: 2, start: 0, rowStep, classStep };
      expect(scan(matrix, optionsOf([0.5, 0.5], single)).rows).toHaveLength(single ? 200_000 : 400_000);
      expect(data).toHaveLength(400_000);
    }
  }
});

function hitsOf(values: Float32Array, options: ScanOptions): Hit[] {
  const { rows, classIds, values: found } = scan(rowMajor(values, options.thresholds.length), options);
  expect([classIds.length, found.length]).toEqual([rows.length, rows.length]);
  return Array.from(rows, (row, i) => [row, classIds[i], found[i]]);
}

function asFloat32([row, classId, value]: Hit): Hit {
  return [row, classId, Math.fround(value)];
}
