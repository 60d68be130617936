import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HeadSpec } from '../../src/heads/index.js';
import { allocateFloat32 } from '../../src/kernels/memory.js';
import { EVERYTHING } from '../../src/kernels/scan/score-matrix.js';
import type { DetectOptions } from '../../src/options/detect-options.js';
import { planOf } from '../../src/options/plan.js';
import { suppressBestFirst } from '../../src/postprocess/best-first.js';
import { findCandidates } from '../../src/postprocess/select/find-candidates.js';
import { geometryOf } from '../support/geometry.js';
import { randomNumbers } from '../support/random.js';

const ROWS = 1500;
const CLASSES = 12;
const geometry = geometryOf(640, 640);
const room = allocateFloat32((4 + CLASSES) * ROWS);

/** An output of clusters of boxes, whose logits may be few, so that many are equal; class by class. */
function outputOf(seed: number, steps: number): Float32Array {
  const random = randomNumbers(seed);
  const data = new Float32Array((4 + CLASSES) * ROWS);
  for (let row = 0; row < ROWS; row++) {
    const cluster = Math.floor(40 * random() ** 2);
    const box = [16 * cluster + 6 * random(), 12 * cluster + 6 * random(), 40 + 4 * random(), 30 + 4 * random()];
    for (const [side, value] of box.entries()) data[side * ROWS + row] = value;
    for (let c = 0; c < CLASSES; c++) data[(4 + c) * ROWS + row] = Math.round(steps * (8 * random() - 6)) / steps;
  }
  return data;
}

/** The same row by row. */
function transposed(byColumn: Float32Array): Float32Array {
  const width = 4 + CLASSES;
  return byColumn.map((_, i) => byColumn[(i % width) * ROWS + Math.floor(i / width)]!);
}

/** What is kept, with and without looking at the best only; and how often the candidates were asked for. */
function keptBoth(
  data: Float32Array,
  options: DetectOptions,
  { activation = 'sigmoid', layout = 'columns' }: { activation?: 'sigmoid' | 'none'; layout?: 'columns' | 'rows' } = {},
) {
  const spec: HeadSpec = {
    family: 'yolo',
    output: 'out',
    layout,
    objectness: false,
    activation,
    boxFormat: 'cxcywh',
    boxUnit: 'input-pixels',
    suppress: true,
  };
  const labels = Array.from({ length: CLASSES }, (_, i) => `class ${i}`);
  const plan = planOf({ labels: labels }, options);
  const results = [false, true].map((lazily) => {
    const asked: number[] = [];
    const { candidates, survivors: kept } = suppressBestFirst((budget) => {
      asked.push(budget.max);
      const dims = layout === 'rows' ? [1, ROWS, 4 + CLASSES] : [1, 4 + CLASSES, ROWS];
      return findCandidates({ out: { dims, data } }, spec, geometry, plan, lazily ? budget : EVERYTHING);
    }, plan);
    const places = Array.from(kept.keep, (i) => [candidates.rows[i], candidates.classIds[i]]);
    const { scores, boxes } = kept;
    const cut = Math.max((candidates.total ?? candidates.rows.length) - plan.maxCandidates, 0);
    return { result: { places, scores, boxes, cut }, asked, candidates };
  });
  return { all: results[0]!, lazy: results[1]! };
}

describe('suppressBestFirst gives the same, whether it looks at all candidates or at the best first', () => {
  const options = fc.record({
    scoreThreshold: fc.constantFrom(0, 0.01, 0.2, 0.5),
    iouThreshold: fc.constantFrom(0, 0.3, 0.7, 1),
    maxDetections: fc.constantFrom(1, 3, 20, 100, 100_000),
    maxCandidates: fc.constantFrom(1, 50, 700, 30_000),
    maxPerClass: fc.constantFrom(1, 10, 1000),
    labels: fc.constantFrom('multi' as const, 'single' as const),
    scope: fc.constantFrom('class' as const, 'all' as const),
    suppression: fc.constantFrom('nms' as const, 'none' as const, 'soft-linear' as const),
    minSide: fc.constantFrom(0, 32),
  });

  test('whatever the options, with scores of all kinds and few', () => {
    const layouts = fc.constantFrom('columns' as const, 'rows' as const);
    const chosen = fc.tuple(fc.integer(), fc.constantFrom(1, 4, 1e6), fc.boolean(), layouts, options);
    const property = fc.property(chosen, ([seed, steps, held, layout, given]) => {
      const byColumn = outputOf(seed, steps);
      const data = layout === 'rows' ? transposed(byColumn) : byColumn;
      room.set(data);
      const used = given.suppression === 'soft-linear' ? { ...given, maxCandidates: 50 } : given;
      const { all, lazy } = keptBoth(held ? room : data, used, { layout });
      expect(lazy.result).toEqual(all.result);
    });
    fc.assert(property, { numRuns: 150 });
  });

  test('probabilities, some a little over 1', () => {
    const data = outputOf(3, 1e6).map((value, i) => (i < 4 * ROWS ? value : (value + 6) / 7.9));
    const { all, lazy } = keptBoth(data, { scoreThreshold: 0.1, maxDetections: 20 }, { activation: 'none' });
    expect(lazy.result).toEqual(all.result);
  });

  test('thresholds of single labels', () => {
    const labelThresholds = { 'class 3': 0.9, 'class 5': 0.02, 'class 7': 0.6 };
    const { all, lazy } = keptBoth(outputOf(4, 1e6), { scoreThreshold: 0.1, labelThresholds, maxDetections: 20 });
    expect(lazy.result).toEqual(all.result);
  });
});

test.each(['columns', 'rows'] as const)(
  'the best are enough where many boxes stay, and are far fewer: %s',
  (layout) => {
    const data = layout === 'rows' ? transposed(outputOf(1, 1e6)) : outputOf(1, 1e6);
    const options = { scoreThreshold: 0.01, iouThreshold: 0.9, maxDetections: 20, maxCandidates: 10_000 };
    const { all, lazy } = keptBoth(data, options, { layout });
    expect(lazy.asked).toEqual([120]);
    expect(lazy.candidates.rows.length).toBeLessThan(all.candidates.rows.length / 10);
    expect(lazy.candidates.total).toBe(all.candidates.rows.length);
  },
);

test('all are looked at where the best do not fill the limit', () => {
  const options: DetectOptions = { scoreThreshold: 0.01, iouThreshold: 0.1, maxDetections: 100, scope: 'all' };
  const { all, lazy } = keptBoth(outputOf(1, 1e6), options);
  expect(lazy.asked).toEqual([600, Number.POSITIVE_INFINITY]);
  expect(lazy.result).toEqual(all.result);
});
