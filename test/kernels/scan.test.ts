import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sigmoid } from '../../src/kernels/activation.js';
import { allocateFloat32 } from '../../src/kernels/memory.js';
import { rowMajor, type ScanOptions, type ScoreMatrix, scan } from '../../src/kernels/scan.js';
import { scan as slowScan } from '../reference/scan.js';
import { float32Beside } from '../support/float32.js';
import { randomNumbers } from '../support/random.js';

const NONE = Number.NEGATIVE_INFINITY;
const TINIEST = 2 ** -149;
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

describe('as the twin, whatever the layout', () => {
  interface Layout {
    name: string;
    rows: number;
    classes: number;
    byColumn: boolean;
    objectness: boolean;
    /** Numbers between one row, or one column, and the next. */
    gap: number;
    stray?: boolean;
  }

  /** A matrix of the layout whose numbers, and those around it, come from `next`. */
  function matrixOf({ rows, classes, byColumn, objectness, gap, stray = false }: Layout, next: () => number) {
    const before = objectness ? 1 : 0;
    const width = before + classes;
    const unit = stray ? 2 : 1; // neither rows nor columns are contiguous
    const [rowStep, classStep] = byColumn ? [unit, unit * rows + gap] : [unit * width + gap, unit];
    const length = 3 + rows * rowStep + width * classStep + 20;
    const data = Float32Array.from({ length }, next);
    const matrix: ScoreMatrix = { data, rows, classes, start: 3 + before * classStep, rowStep, classStep };
    return objectness ? { ...matrix, objectness: { start: 3 } } : matrix;
  }

  const layout = fc.record({
    name: fc.constant('any'),
    rows: fc.nat(40),
    classes: fc.integer({ min: 1, max: 40 }),
    byColumn: fc.boolean(),
    objectness: fc.boolean(),
    gap: fc.nat(3),
    stray: fc.boolean(),
  });

  test('few values and many ties', () => {
    const value = fc.constantFrom(NONE, -1, -0, 0, 0.25, 0.5, 1, Number.NaN);
    const chosen = fc.record({
      layout,
      seed: fc.integer(),
      values: fc.array(value, { minLength: 1 }),
      single: fc.boolean(),
    });
    const property = fc.property(chosen, ({ layout, seed, values, single }) => {
      const random = randomNumbers(seed);
      const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)];
      const wide = layout.objectness ? values.map((value) => (value < 0 ? 0.75 : value)) : values;
      const matrix = matrixOf(layout, () => pick(wide));
      const thresholds = Array.from({ length: layout.classes }, () => pick(wide));
      const columns = [...thresholds.keys()].filter(() => random() < 0.8);
      sameAsTwin(matrix, optionsOf(thresholds, single, columns));
    });
    fc.assert(property, { numRuns: 2000 });
  });

  const layouts: Layout[] = [
    { name: 'YOLOv8', rows: 2100, classes: 80, byColumn: true, objectness: false, gap: 0 },
    { name: 'YOLOv5', rows: 1575, classes: 80, byColumn: false, objectness: true, gap: 4 },
    { name: 'SSD', rows: 1917, classes: 91, byColumn: false, objectness: false, gap: 0 },
    { name: 'YOLOv5 by column', rows: 1575, classes: 7, byColumn: true, objectness: true, gap: 0 },
    { name: 'a row longer than a piece', rows: 3, classes: 65535, byColumn: false, objectness: false, gap: 80_000 },
    { name: 'a column longer than a piece', rows: 300_003, classes: 2, byColumn: true, objectness: true, gap: 5 },
    { name: 'more rows than a piece holds', rows: 150_001, classes: 2, byColumn: false, objectness: true, gap: 0 },
    { name: 'one class', rows: 140_000, classes: 1, byColumn: false, objectness: false, gap: 4 },
  ];

  describe.each(layouts)('$name', (layout) => {
    test.each([false, true])('single: %s', (single) => {
      const random = randomNumbers(layout.rows);
      const matrix = matrixOf(layout, random);
      const [low, range] = layout.objectness ? [0.5, 0.4] : [0.95, 0.05];
      const thresholds = Array.from({ length: layout.classes }, () =>
        random() < 0.1 && layout.classes > 2 ? Number.NaN : low + range * random(),
      );
      const columns = [...thresholds.keys()].filter((column) => column % 11 !== 3);
      const hits = sameAsTwin(matrix, optionsOf(thresholds, single, columns));
      expect(hits.rows.length).toBeGreaterThan(single ? 2 : 20);
    });
  });

  describe.each([NONE, -1, -TINIEST, -0, 0, TINIEST, 0.5, Number.POSITIVE_INFINITY])(
    'one threshold for all, and numbers of all kinds: %s',
    (threshold) => {
      const negativeNaN = new Float32Array(Int32Array.of(-1).buffer)[0]!;
      const kinds = [NONE, -1, -TINIEST, -0, 0, TINIEST, 0.5, Number.POSITIVE_INFINITY, Number.NaN, negativeNaN];

      test.each([
        ['few reach it', 0.99, false],
        ['few reach it', 0.99, true],
        ['many reach it', 0, false],
        ['many reach it', 0, true],
      ])('%s (%s); single: %s', (_, share, single) => {
        const random = randomNumbers(3);
        const layout = { name: '', rows: 403, classes: 37, byColumn: true, objectness: false, gap: 0 };
        const next = () => (random() < share ? NONE : kinds[Math.floor(random() * kinds.length)]!);
        const thresholds = new Array(layout.classes).fill(threshold);
        sameAsTwin(matrixOf(layout, next), optionsOf(thresholds, single));
        const neighbours = [...thresholds.keys()].slice(2, -3);
        sameAsTwin(matrixOf(layout, next), optionsOf(thresholds, single, neighbours));
      });
    },
  );

  test.each([
    ['one label', 60, true, 0.1],
    ['one label, by nobody reached', 60, true, 2],
    ['several labels', 60, false, 0.1],
    ['more than there are', 1e6, true, 0.1],
  ])('enough are the best, and all are counted: %s', (_, enough, single, threshold) => {
    const random = randomNumbers(4);
    const layout = { name: '', rows: 3001, classes: 20, byColumn: true, objectness: false, gap: 0 };
    const matrix = matrixOf(layout, () => Math.round(1000 * random() ** 8) / 1000);
    const options = optionsOf(new Array(layout.classes).fill(threshold), single);
    const all = slowScan(matrix, options);
    for (const given of [matrix, held(matrix)]) {
      const { floor = NONE, total = all.rows.length, ...found } = scan(given, { ...options, enough });
      const wanted = [...all.rows.keys()].filter((i) => all.values[i]! >= floor);
      expect([...found.rows]).toEqual(wanted.map((i) => all.rows[i]));
      expect([...found.classIds]).toEqual(wanted.map((i) => all.classIds[i]));
      expect([...found.values]).toEqual(wanted.map((i) => all.values[i]));
      expect(total).toBe(all.rows.length);
      if (enough === 60 && threshold < 1 && given !== matrix) expect(wanted.length).toBeLessThan(total / 4);
    }
  });

  test('logits become scores', () => {
    const logits = Float32Array.of(-3, 2, Number.NaN, 0.5, 4, -1);
    const options = { ...optionsOf([-2, -2], false), activates: true };
    for (const matrix of [rowMajor(logits, 2), held(rowMajor(logits, 2))]) {
      expect(scan(matrix, options).values).toEqual(Float32Array.of(2, 0.5, 4, -1).map(sigmoid));
    }
    const byColumn = { data: logits, rows: 3, classes: 2, start: 0, rowStep: 1, classStep: 3 };
    expect(scan(byColumn, options).values).toEqual(Float32Array.of(0.5, 2, 4, -1).map(sigmoid));
  });

  test('one row, whose columns lie as rows would', () => {
    const matrix = { data: Float32Array.of(1, NONE), rows: 1, classes: 2, start: 0, rowStep: 1, classStep: 1 };
    sameAsTwin(matrix, optionsOf([NONE, NONE], true, [1]));
    sameAsTwin(matrix, optionsOf([0, NONE], false));
  });

  test('a scan does not see what an earlier one left', () => {
    const thresholds = [0.5, 0.5, 0.5];
    scan(rowMajor(new Float32Array(300_000).fill(1), 3), optionsOf(thresholds, false));
    sameAsTwin(rowMajor(Float32Array.of(0, 1, 0, 0, 0, 1), 3), optionsOf(thresholds, false));
    sameAsTwin(rowMajor(Float32Array.of(0, 1, 0, 0, 0, 1), 3), optionsOf(thresholds, true));
  });

  /** Wherever the matrix lies. */
  function sameAsTwin(matrix: ScoreMatrix, options: ScanOptions) {
    const hits = scan(matrix, options);
    expect(hits).toEqual(slowScan(matrix, options));
    expect(scan(held(matrix), options)).toEqual(hits);
    return hits;
  }
});

const room = allocateFloat32(2_000_000);

/** The same matrix in kernel memory, between numbers that are hits. */
function held(matrix: ScoreMatrix): ScoreMatrix {
  const [before, { length }] = [3, matrix.data];
  room.fill(Number.POSITIVE_INFINITY, 0, before + length + 64);
  const data = room.subarray(before, before + length);
  data.set(matrix.data);
  return { ...matrix, data };
}

function optionsOf(thresholds: number[], single: boolean, columns?: number[]): ScanOptions {
  const taking = columns ?? [...thresholds.keys()];
  return { thresholds: Float64Array.from(thresholds), columns: Uint16Array.from(taking), single };
}

function hitsOf(values: Float32Array, options: ScanOptions): Hit[] {
  const { rows, classIds, values: found } = scan(rowMajor(values, options.thresholds.length), options);
  expect([classIds.length, found.length]).toEqual([rows.length, rows.length]);
  return Array.from(rows, (row, i) => [row, classIds[i], found[i]]);
}

function asFloat32([row, classId, value]: Hit): Hit {
  return [row, classId, Math.fround(value)];
}
