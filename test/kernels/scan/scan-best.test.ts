import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Hits } from '../../../src/kernels/scan/score-matrix.js';
import { scan as slowScan } from '../../reference/scan.js';
import { randomNumbers } from '../../support/random.js';
import { scan } from '../../support/scan.js';
import { held, matrixOf, optionsOf } from '../../support/score-matrices.js';

describe.each([
  ['scores', 3001, (random: () => number) => Math.round(1000 * random() ** 8) / 1000, 0.1],
  ['scores that nobody reaches', 3001, (random: () => number) => random(), 2],
  ['logits, few of them different', 3001, (random: () => number) => Math.round(20 * random() ** 4) - 15, -12],
  ['more rows and numbers than are read at a time', 70_001, (random: () => number) => -14 * random() ** 0.2, -13],
])('budget are the best, and all are counted where that is wanted: %s', (_, rows, next, threshold) => {
  const layout = { name: '', rows, classes: 31, objectness: false, gap: 0 };
  describe.each([true, false])('by column: %s', (byColumn) => {
    const matrix = matrixOf({ ...layout, byColumn }, next.bind(null, randomNumbers(4)));
    test.each([
      ['one label', 60, true, 0],
      ['one label, not counted', 60, true, rows],
      ['one label, more than there are', 1e7, true, rows],
      ['several labels', 60, false, 0],
      ['several labels, not counted', 60, false, rows * 31],
      ['several labels, more than there are', 1e7, false, 0],
    ])('%s', (__, budget, single, countAbove) => {
      const options = optionsOf(new Array(layout.classes).fill(threshold), single);
      const all = slowScan(matrix, options);
      for (const given of [matrix, held(matrix)]) {
        const found = scan(given, { ...options, budget: { max: budget, countAbove } });
        areTheBest(found, all, countAbove);
        const raises = !single || (byColumn && countAbove > 0);
        const isRaised = budget === 60 && raises && all.rows.length > 0;
        if (isRaised && given !== matrix) expect(found.rows.length).toBeLessThan(all.rows.length / 2);
      }
    });
  });
});

test('whatever the layout, the thresholds, and what is budget', () => {
  const chosen = fc.record({
    rows: fc.nat(4000),
    classes: fc.integer({ min: 1, max: 20 }),
    byColumn: fc.boolean(),
    gap: fc.nat(3),
    stray: fc.boolean(),
    seed: fc.integer(),
    range: fc.constantFrom([-12, 3], [0, 1], [-3, 3]),
    share: fc.constantFrom(0.01, 0.2, 0.9),
    alike: fc.boolean(),
    single: fc.boolean(),
    budget: fc.integer({ min: 1, max: 400 }),
    counts: fc.boolean(),
  });
  let raised = 0;
  const property = fc.property(chosen, ({ seed, range, share, alike, single, budget, counts, ...layout }) => {
    const random = randomNumbers(seed);
    const [low, high] = range as [number, number];
    const value = () => low + (high - low) * Math.round(200 * random() ** 2) * 0.005;
    const matrix = matrixOf({ name: '', objectness: false, ...layout }, () => (random() < 0.01 ? Number.NaN : value()));
    const threshold = low + (high - low) * (1 - share) ** 2;
    const thresholds = Array.from({ length: layout.classes }, () =>
      alike ? threshold : threshold * (1 + 0.1 * random()),
    );
    const columns = [...thresholds.keys()].filter(() => alike || random() < 0.8);
    const options = optionsOf(thresholds, single, columns);
    const countAbove = counts ? 0 : layout.rows * layout.classes;
    const all = slowScan(matrix, options);
    for (const given of [matrix, held(matrix)]) {
      const found = scan(given, { ...options, budget: { max: budget, countAbove } });
      areTheBest(found, all, countAbove);
      if (found.floor !== undefined) raised++;
    }
  });
  fc.assert(property, { numRuns: 150 });
  expect(raised).toBeGreaterThan(20);
});

/** Every hit of at least the floor, where there is one, and how many there are in all. */
function areTheBest({ floor, total, ...found }: Hits, all: Hits, countAbove: number): void {
  const isWanted = (_: unknown, i: number) => floor === undefined || all.values[i]! >= floor;
  for (const field of ['rows', 'classIds', 'values'] as const) {
    expect(bytesOf(found[field]).equals(bytesOf(all[field].filter(isWanted)))).toBe(true);
  }
  expect(total).toBe(floor === undefined || countAbove > 0 ? undefined : all.rows.length);
}

/** To compare many, which toEqual takes long for. */
function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}
