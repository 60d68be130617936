import { describe, expect, test } from 'vitest';
import { greedy, scoreOrder } from '../../../src/kernels/boxes/greedy.js';
import { iou } from '../../../src/postprocess/suppress/measures.js';
import { randomNumbers } from '../../support/random.js';

test.each([
  ['nothing', [], []],
  ['one', [0.5], [0]],
  ['ties keep their order', [0.5, 0.75, 0.5, 0.75], [1, 3, 0, 2]],
  ['zero has no sign', [-0, 0, -0], [0, 1, 2]],
  ['negative', [-2, -1, 0, 1e-45, -1e-45, -Infinity, Infinity], [6, 3, 2, 4, 1, 0, 5]],
])('orderByScore: %s', (_, scores, order) => {
  expect([...scoreOrder(Float32Array.from(scores))]).toEqual(order);
});

describe.each([47, 48, 1000, 4096, 4097])('orderByScore: as sort, %s scores', (length) => {
  test.each<[string, (random: number, i: number) => number]>([
    ['with ties', (random) => Math.round(100 * random ** 3) / 100],
    ['spread', (random) => random],
    ['all near one, but for a few far away', (random, i) => (i % 500 === 7 ? 1e-38 : 0.5 + 1e-4 * random)],
    ['falling, near one but for the first', (_, i) => (i === 0 ? -1 : 0.75 - i * 2 ** -20)],
    ['rising, near one but for the last', (_, i) => (i === length - 1 ? Infinity : 0.75 + i * 2 ** -20)],
    ['equal', () => 0.5],
  ])('%s', (_, scoreOf) => {
    const random = randomNumbers(length);
    const scores = Float32Array.from({ length }, (_, i) => scoreOf(random(), i));
    const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b);
    expect([...scoreOrder(scores)]).toEqual(order);
  });
});

describe('greedy: of many kept boxes only those nearby are looked at, and none is missed', () => {
  /** Greedy suppression by its definition, each box against every kept one. */
  function plain(scores: Float32Array, classIds: Uint16Array, boxes: Float32Array, thresholds: Float64Array): number[] {
    const kept: number[] = [];
    for (const i of [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b)) {
      const rival = (k: number) => classIds[k] === classIds[i] && iou(boxes, boxes, k, i) > thresholds[classIds[i]];
      if (!kept.some(rival)) kept.push(i);
    }
    return kept;
  }

  const sizes: [string, (random: () => number) => number][] = [
    ['all alike', () => 20],
    ['of all sizes', (random) => 2 ** (10 * random() - 2)],
    ['a few very large', (random) => (random() < 0.01 ? 1e6 : 8)],
  ];
  const places: [string, (random: () => number) => number][] = [
    ['spread', (random) => 800 * random()],
    ['around 0', (random) => 400 * random() - 200],
    ['far out', (random) => 1e6 + 300 * random()],
    ['in two places', (random) => (random() < 0.5 ? 3e9 : 0) + 500 * random()],
  ];

  describe.each(sizes)('boxes %s', (_, size) => {
    test.each(places)('%s', (__, place) => {
      const random = randomNumbers(11);
      const n = 2500;
      const classIds = Uint16Array.from({ length: n }, () => (random() < 0.8 ? 0 : 1));
      const scores = Float32Array.from({ length: n }, () => Math.round(500 * random()) / 500);
      const boxes = Float32Array.from({ length: 4 * n }, () => 0);
      for (let i = 0; i < n; i++) {
        const [x, y, width, height] = [place(random), place(random), size(random), size(random)];
        boxes.set(random() < 0.01 ? [Number.NaN, y, x, y] : [x, y, x + width, y + height], 4 * i);
      }
      for (const threshold of [0, 0.05, 0.3, 0.5, 0.7, 0.95, 1]) {
        const iouThresholds = Float64Array.of(threshold, Math.min(1, threshold + 0.1));
        const limits = { maxCandidates: n, maxDetections: n, maxPerClass: n };
        const kept = greedy(scores, classIds, boxes, { iouThresholds, buckets: Uint16Array.of(0, 1), ...limits });
        expect([...kept]).toEqual(plain(scores, classIds, boxes, iouThresholds));
      }
    });
  });
});
