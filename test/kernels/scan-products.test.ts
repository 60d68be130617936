import { describe, expect, test } from 'vitest';
import { sigmoid } from '../../src/kernels/activation.js';
import { allocateFloat32 } from '../../src/kernels/memory.js';
import type { ScoreMatrix } from '../../src/kernels/scan.js';
import { scanProducts } from '../../src/kernels/scan-products.js';
import { scan } from '../reference/scan.js';
import { randomNumbers } from '../support/random.js';

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

  test('no class is wanted', () => {
    const thresholds = new Float64Array(classes).fill(Number.NaN);
    const matrix = matrixOf(new Float32Array(10 * (classes + 1)).fill(9), false);
    expect(scanProducts(matrix, { thresholds, columns: everything, single: true }).rows).toHaveLength(0);
    expect(scanProducts(matrix, { thresholds, columns: everything, single: false }).rows).toHaveLength(0);
  });
});
