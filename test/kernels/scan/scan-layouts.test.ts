import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sigmoid } from '../../../src/kernels/maths/activation.js';
import { rowMajor, type ScoreMatrix } from '../../../src/kernels/scan/score-matrix.js';
import { scan as slowScan } from '../../reference/scan.js';
import { randomNumbers } from '../../support/random.js';
import { type ScanOptions, scan } from '../../support/scan.js';
import { held, type Layout, matrixOf, optionsOf } from '../../support/score-matrices.js';

const NONE = Number.NEGATIVE_INFINITY;
const TINIEST = 2 ** -149;

describe('as the twin, whatever the layout', () => {
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
