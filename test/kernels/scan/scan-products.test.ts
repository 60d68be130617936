import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sigmoid } from '../../../src/kernels/maths/activation.js';
import { allocateFloat32 } from '../../../src/kernels/memory.js';
import type { Hits, ScoreMatrix } from '../../../src/kernels/scan/score-matrix.js';
import { scan } from '../../reference/scan.js';
import { randomNumbers } from '../../support/random.js';
import { scanProducts } from '../../support/scan.js';

describe('scanProducts', () => {
  const classes = 21;

  function matrixOf(data: Float32Array, byColumn: boolean): ScoreMatrix {
    const rows = data.length / (classes + 1);
    const [rowStep, classStep] = byColumn ? [1, rows] : [classes + 1, 1];
    return { data, rows, classes, start: classStep, rowStep, classStep, objectness: { start: 0 } };
  }

  const everything = Uint16Array.from({ length: classes }, (_, c) => c);
  const few = [Number.NaN, Number.NEGATIVE_INFINITY, -104, -50, -3, -0.1, 0, 1, 3, 16.5, 17, 17.5, 90, Infinity];
  const rows: [string, { threshold: number | null; logits: 'spread' | 'few' | 'high' }][] = [
    ['threshold 0', { threshold: 0, logits: 'spread' }],
    ['a threshold below any normal float32', { threshold: 1e-40, logits: 'few' }],
    ['evaluation', { threshold: 0.001, logits: 'spread' }],
    ['use', { threshold: 0.35, logits: 'spread' }],
    ['almost certain', { threshold: 1 - 2 ** -24, logits: 'high' }],
    ['certain', { threshold: 1, logits: 'high' }],
    ['thresholds of all sizes', { threshold: null, logits: 'spread' }],
    ['few values, at the thresholds', { threshold: null, logits: 'few' }],
  ];

  describe.each(rows)('as the twin on scores: %s', (_, { threshold, logits }) => {
    test.each([
      [false, false],
      [false, true],
      [true, false],
      [true, true],
    ])('single: %s, by column: %s', (single, byColumn) => {
      const random = randomNumbers(7);
      const next = {
        spread: () => 20 * random() - 12,
        few: () => few[Math.floor(few.length * random())],
        high: () => 4 + 18 * random(),
      }[logits];
      const data = Float32Array.from({ length: 2000 * (classes + 1) }, next);
      const edges = [0, sigmoid(-3) * sigmoid(1), 0.25, Math.fround(sigmoid(1)), 1, Number.NaN];
      const thresholds = Float64Array.from(everything, (c) => threshold ?? edges[c % edges.length]);
      const options = { thresholds, columns: everything.filter((c) => c !== 4), single };
      const matrix = matrixOf(data, byColumn);
      const expected = scan({ ...matrix, data: data.map(sigmoid) }, options);
      expect(expected.rows.length).toBeGreaterThan(10);
      expect(scanProducts(matrix, options)).toEqual(expected);
      const held = allocateFloat32(data.length);
      held.set(data);
      expect(scanProducts({ ...matrix, data: held }, options)).toEqual(expected);
    });
  });

  describe.each([
    ['evaluation', 0.001, 'spread'],
    ['use', 0.35, 'spread'],
    ['a threshold below any normal float32', 1e-40, 'spread'],
    ['almost certain', 1 - 2 ** -24, 'high'],
    ['few values, at the threshold', Math.fround(sigmoid(-3) * sigmoid(1)), 'few'],
    ['values beside the threshold', 0.25, 'near'],
  ] as const)('budget are the best, and all are counted: %s', (_, threshold, logits) => {
    test.each([
      [10, false],
      [300, false],
      [300, true],
      [100_000, false],
    ])('%s, by column: %s', (budget, byColumn) => {
      const random = randomNumbers(13);
      const next = {
        spread: () => 20 * random() - 12,
        few: () => few[Math.floor(few.length * random())]!,
        high: () => 4 + 18 * random(),
        near: () => Math.round(1e4 * random() ** 4) / 1e4, // sigmoid(0)² is the threshold
      }[logits];
      const data = Float32Array.from({ length: 4000 * (classes + 1) }, next);
      const thresholds = new Float64Array(classes).fill(threshold);
      thresholds[3] = Number.NaN;
      const options = { thresholds, columns: everything.filter((c) => c !== 4), single: false };
      const matrix = matrixOf(data, byColumn);
      const all = scan({ ...matrix, data: data.map(sigmoid) }, options);
      const held = allocateFloat32(data.length);
      held.set(data);
      for (const given of [matrix, { ...matrix, data: held }]) {
        const { floor, total, ...found } = scanProducts(given, { ...options, budget: { max: budget, countAbove: 0 } });
        const wanted = (__: unknown, i: number) => floor === undefined || all.values[i]! >= floor;
        const [rows, classIds, values] = [all.rows, all.classIds, all.values].map((field) => [...field].filter(wanted));
        expect([...found.rows]).toEqual(rows);
        expect([...found.classIds]).toEqual(classIds);
        expect([...found.values]).toEqual(values);
        expect(total ?? rows!.length).toBe(all.rows.length);
        if (budget === 10 && logits === 'spread' && threshold > 1e-30)
          expect(rows!.length).toBeLessThan(all.rows.length / 4);
      }
    });
  });

  describe('more rows and hits than are looked at in one go', () => {
    const random = randomNumbers(17);
    const data = Float32Array.from({ length: 70_000 * (classes + 1) }, () => 9 * random() - 6);
    const matrix = matrixOf(data, false);
    const options = { thresholds: new Float64Array(classes).fill(0.01), columns: everything };
    const multi = scan({ ...matrix, data: data.map(sigmoid) }, { ...options, single: false });
    const single = scan({ ...matrix, data: data.map(sigmoid) }, { ...options, single: true });
    const held = allocateFloat32(data.length);
    held.set(data);

    test.each([
      ['held', held],
      ['copied', data],
    ])('%s', (_, values) => {
      const given = { ...matrix, data: values };
      expect(multi.rows.length).toBeGreaterThan(400_000);
      expect(differing(scanProducts(given, { ...options, single: false }), multi)).toEqual([]);
      expect(differing(scanProducts(given, { ...options, single: true }), single)).toEqual([]);
      const { floor, total, ...found } = scanProducts(given, {
        ...options,
        single: false,
        budget: { max: 1000, countAbove: 0 },
      });
      const best = multi.values.filter((value) => value >= floor!);
      expect(best.length).toBeGreaterThan(500);
      expect(best.length).toBeLessThan(2000);
      expect(found.values).toEqual(best);
      expect(total).toBe(multi.rows.length);
      expect(held).toHaveLength(data.length); // its memory has not grown
    });

    /** Names of fields that are not the same; half a million numbers are too many to be printed. */
    function differing(found: Hits, expected: Hits): string[] {
      const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
        Buffer.from(buffer, byteOffset, byteLength);
      const fields = ['rows', 'classIds', 'values'] as const;
      return fields.filter((field) => !bytes(found[field]).equals(bytes(expected[field])));
    }
  });

  test('as the twin, whatever columns there are and count', () => {
    const logit = fc.oneof(fc.constantFrom(...few), fc.float({ min: -12, max: 12, noNaN: true }));
    const layout = fc.record({ rows: fc.nat(40), wide: fc.integer({ min: 1, max: 50 }), seed: fc.nat() });
    const choice = fc.record({
      left: fc.array(fc.nat(49), { maxLength: 3 }),
      never: fc.array(fc.nat(49), { maxLength: 3 }),
      threshold: fc.constantFrom(0, 1e-40, 0.001, 0.25, Math.fround(sigmoid(-3) * sigmoid(1)), 0.9, 1),
      single: fc.boolean(),
    });
    const property = fc.property(
      layout,
      choice,
      fc.array(logit, { minLength: 1, maxLength: 40 }),
      (size, how, some) => {
        const { rows: count, wide, seed } = size;
        const random = randomNumbers(seed);
        const data = new Float32Array(count * (wide + 1)).map(() => some[Math.floor(some.length * random())]!);
        const matrix = { data, rows: count, classes: wide, start: 1, rowStep: wide + 1, classStep: 1 };
        const columns = Uint16Array.from({ length: wide }, (_, c) => c).filter((c) => !how.left.includes(c));
        const thresholds = new Float64Array(wide).map((_, c) => (how.never.includes(c) ? Number.NaN : how.threshold));
        const options = { thresholds, columns, single: how.single };
        const expected = scan({ ...matrix, data: data.map(sigmoid), objectness: { start: 0 } }, options);
        const held = allocateFloat32(data.length);
        held.set(data);
        for (const values of [data, held]) {
          expect(scanProducts({ ...matrix, data: values, objectness: { start: 0 } }, options)).toEqual(expected);
        }
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  test('no class is wanted', () => {
    const thresholds = new Float64Array(classes).fill(Number.NaN);
    const matrix = matrixOf(new Float32Array(10 * (classes + 1)).fill(9), false);
    expect(scanProducts(matrix, { thresholds, columns: everything, single: true }).rows).toHaveLength(0);
    expect(scanProducts(matrix, { thresholds, columns: everything, single: false }).rows).toHaveLength(0);
  });
});
