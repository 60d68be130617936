import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exp } from '../../../src/kernels/maths/elementary.js';
import type { PostprocessOptions } from '../../../src/postprocess/options/postprocess-options.js';
import { overlapBy } from '../../../src/postprocess/suppress/measures.js';
import type { Survivors } from '../../../src/postprocess/suppress/method.js';
import { suppress } from '../../../src/postprocess/suppress/suppress.js';
import { type OverlapMeasure, SUPPRESSIONS, type Suppression } from '../../../src/types/options.js';
import { nms } from '../../reference/nms.js';
import { matrix, type Staying, soft } from '../../reference/suppression.js';
import { candidatesOf, type Row } from '../../support/candidates.js';
import { expectClose } from '../../support/close.js';
import { planFor } from '../../support/plan.js';
import { randomNumbers } from '../../support/random.js';

const MEASURES: OverlapMeasure[] = ['iou', 'giou', 'diou', 'ciou', 'ios'];

const whole = [0, 0, 2, 2];
const half = [0, 0, 2, 1]; // IoU with the whole: 0.5
const away = [7, 7, 9, 9];

function kept(rows: Row[], options: PostprocessOptions, classes = 4): Survivors {
  return suppress(candidatesOf(rows), planFor(classes, options));
}

describe('every method', () => {
  const table = SUPPRESSIONS.map((suppression): [Suppression] => [suppression]);

  test.each(table)('%s: nothing of nothing', (suppression) => {
    const nothing = { keep: new Uint32Array(0), scores: new Float32Array(0), boxes: new Float32Array(0) };
    expect(kept([], { suppression })).toMatchObject(nothing);
  });

  test.each(table)('%s: one stays as it is', (suppression) => {
    const one = { keep: Uint32Array.of(0), scores: Float32Array.of(0.5), boxes: Float32Array.from(away) };
    expect(kept([[0.5, 3, ...away]], { suppression })).toMatchObject(one);
  });

  test.each(table)('%s: what is apart stays, highest score first; ties: lower candidate first', (suppression) => {
    const rows: Row[] = [0, 1, 2, 3].map((i) => [[0.5, 0.75, 0.5, 0.25][i], 0, 9 * i, 0, 9 * i + 5, 5]);
    const found = kept(rows, { suppression });
    expect([...found.keep]).toEqual([1, 0, 2, 3]);
    expect([...found.scores]).toEqual([0.75, 0.5, 0.5, 0.25]);
  });

  test.each(table)('%s: limits per class and in all', (suppression) => {
    const rows: Row[] = [0, 1, 2, 3, 4].map((i) => [0.9 - i / 10, i > 2 ? 1 : 0, 9 * i, 0, 9 * i + 5, 5]);
    expect([...kept(rows, { suppression, maxPerClass: 1 }).keep]).toEqual([0, 3]);
    expect([...kept(rows, { suppression, maxDetections: 2 }).keep]).toEqual([0, 1]);
    expect([...kept(rows, { suppression, maxCandidates: 4 }).keep]).toEqual([0, 1, 2, 3]);
  });

  test.each(table.filter(([method]) => method !== 'none'))(
    '%s: classes are rivals only in their scope',
    (suppression) => {
      const rows: Row[] = [0, 1, 2].map((classId) => [0.9 - classId / 10, classId, ...whole]);
      const lowest = { suppression, scoreThreshold: 0.6 };
      expect([...kept(rows, lowest).keep]).toEqual([0, 1, 2]);
      expect([...kept(rows, { ...lowest, scope: 'all' }).keep]).toEqual([0]);
      expect([...kept(rows, { ...lowest, scope: [['c0', 'c2']] }).keep]).toEqual(expect.arrayContaining([0, 1]));
      expect([...kept(rows, { ...lowest, scope: [['c0', 'c2']] }).keep]).not.toContain(2);
    },
  );

  test.each(SUPPRESSIONS.flatMap((suppression) => MEASURES.map((measure) => [suppression, measure] as const)))(
    '%s by %s: any boxes at all, nothing changed, no score of its own making',
    (suppression, measure) => {
      const side = fc.oneof(
        fc.float({ min: -20, max: 20, noNaN: true }),
        fc.constantFrom(0, 1, 2, 1e-45, 3e38, -3e38, Infinity, -Infinity, NaN),
      );
      const row = fc.tuple(fc.constantFrom(0.25, 0.5, 1), fc.nat(3), side, side, side, side) as fc.Arbitrary<Row>;
      const property = fc.property(fc.array(row, { maxLength: 9 }), (rows) => {
        const candidates = candidatesOf(rows);
        const before = structuredClone(candidates);
        const found = suppress(candidates, planFor(4, { suppression, measure, scoreThreshold: 0.1 }));
        expect(candidates).toEqual(before);
        expect(new Set(found.keep).size).toBe(found.keep.length);
        for (const [i, candidate] of found.keep.entries()) {
          expect(found.scores[i]).toBeLessThanOrEqual(candidates.scores[candidate]);
          expect(found.scores[i]).toBeGreaterThanOrEqual(0.1);
          if (i > 0) expect(found.scores[i]).toBeLessThanOrEqual(found.scores[i - 1]);
        }
      });
      fc.assert(property, { numRuns: 60 });
    },
  );
});

describe('nms', () => {
  test.each(MEASURES)('by %s as the twin, thresholds per class', (measure) => {
    const overlap = overlapBy(measure, 0.6);
    for (const seed of [1, 2, 3]) {
      const rows = clusters(seed, 200, 3);
      const options: PostprocessOptions = {
        measure,
        diouBeta: 0.6,
        iouThreshold: 0.3,
        labelIouThresholds: { c1: 0.6 },
      };
      const found = [...kept(rows, { ...options, maxDetections: 1000 }).keep];
      const thresholds = [0.3, 0.6, 0.3, 0.3];
      const taken: number[] = [];
      const { boxes, scores, classIds } = candidatesOf(rows);
      for (const i of [...rows.keys()].sort((a, b) => scores[b] - scores[a] || a - b)) {
        const over = (k: number) => overlap(boxes, boxes, k, i) > thresholds[classIds[i]];
        if (!taken.some((k) => classIds[k] === classIds[i] && over(k))) taken.push(i);
      }
      expect(found).toEqual(taken);
      expect(found.length).toBeLessThan(rows.length);
    }
  });

  test.each([1, 2, 80, 1203])('%s classes, as the twin', (classes) => {
    const rows = clusters(classes, 300, classes);
    const found = suppress(candidatesOf(rows), planFor(classes, { maxDetections: 1000, iouThreshold: 0.4 }));
    expect([...found.keep]).toEqual(nms(candidatesOf(rows), 0.4, 1000));
  });
});

describe('soft-NMS and matrix NMS', () => {
  const iouThreshold = 0.3;
  const decays: Record<string, (overlap: number) => number> = {
    'soft-linear': (o) => (o > iouThreshold ? 1 - o : 1),
    'soft-gaussian': (o) => (o > 0 ? exp(-(o * o) / 0.4) : 1),
    'matrix-linear': (o) => 1 - o,
    'matrix-gaussian': (o) => exp(-(o * o) / 0.4),
  };

  test.each(Object.keys(decays).flatMap((suppression) => MEASURES.map((measure) => [suppression, measure] as const)))(
    '%s by %s, as the twin',
    (method, measure) => {
      const suppression = method as Suppression;
      const twin = suppression.startsWith('soft') ? soft : matrix;
      for (const seed of [4, 5, 6]) {
        const rows = clusters(seed, 80, 1);
        const options = { suppression, measure, iouThreshold, sigma: 0.4, scoreThreshold: 0.2, maxDetections: 1000 };
        sameStaying(kept(rows, options), twin(candidatesOf(rows), overlapBy(measure), decays[method], 0.2));
      }
    },
  );

  test('linear: an overlap at the threshold takes nothing, just over it does', () => {
    const rows: Row[] = [
      [0.9, 0, ...whole],
      [0.8, 0, ...half],
    ];
    expect([...kept(rows, { suppression: 'soft-linear', iouThreshold: 0.5 }).scores]).toEqual(
      [0.9, 0.8].map(Math.fround),
    );
    const lowered = kept(rows, { suppression: 'soft-linear', iouThreshold: 0.5 - 2 ** -53 });
    expect([...lowered.scores]).toEqual([0.9, 0.4].map(Math.fround));
  });

  test('matrix: who is covered wholly has no say', () => {
    const rows: Row[] = [0.9, 0.8, 0.7].map((score) => [score, 0, ...whole]);
    expect([...kept(rows, { suppression: 'matrix-linear', scoreThreshold: 0.01 }).keep]).toEqual([0]);
    expect([...kept(rows, { suppression: 'matrix-linear' }).scores]).toEqual([Math.fround(0.9), 0, 0]);
  });

  test('a lowered score has to reach the threshold of its own class', () => {
    const rows: Row[] = [
      [0.9, 0, ...whole],
      [0.8, 1, ...half],
      [0.8, 2, ...half],
    ];
    const options: PostprocessOptions = {
      suppression: 'soft-linear',
      iouThreshold: 0.4,
      scope: [['c0', 'c1'], ['c2']],
    };
    expect([...kept(rows, { ...options, labelThresholds: { c1: 0.41 } }).keep]).toEqual([0, 2]);
    expect([...kept(rows, { ...options, labelThresholds: { c1: 0.4 } }).keep]).toEqual([0, 2, 1]);
  });
});

describe('fusion', () => {
  const rows: Row[] = [
    [0.75, 0, 0, 0, 4, 4],
    [0.25, 0, 0, 0, 4, 3],
    [0.5, 0, ...away],
  ];

  test('wbf: the mean by score, the mean score, every member told', () => {
    const found = kept(rows, { suppression: 'wbf' });
    expect([...found.boxes]).toEqual([0, 0, 4, 3.75, ...away].slice(0, 4).concat(away));
    expect([...found.scores]).toEqual([0.5, 0.5]);
    expect(found.members).toEqual([Uint32Array.of(0, 1), Uint32Array.of(2)]);
  });

  test('wbf: the highest score', () => {
    expect([...kept(rows, { suppression: 'wbf', fusedScore: 'max' }).scores]).toEqual([0.75, 0.5]);
  });

  test('nmw: the mean by score and overlap with the best', () => {
    const found = kept(rows, { suppression: 'nmw' });
    expect(found.boxes[3]).toBe(Math.fround((0.75 * 4 + 0.25 * 0.75 * 3) / (0.75 + 0.25 * 0.75)));
    expect([...found.scores]).toEqual([0.75, 0.5]);
  });

  test.each(['wbf', 'nmw'] as const)('%s: a member does not join at the threshold', (suppression) => {
    expect(kept(rows, { suppression, iouThreshold: 0.75 }).keep.length).toBe(3);
    expect(kept(rows, { suppression, iouThreshold: 0.75 - 2 ** -53 }).keep.length).toBe(2);
  });

  test.each(['wbf', 'nmw'] as const)('%s: boxes of score 0 have no mean, the first stays', (suppression) => {
    const none: Row[] = [0, 0].map((score) => [score, 0, ...whole]);
    expect(kept(none, { suppression })).toMatchObject({ boxes: Float32Array.from(whole), scores: Float32Array.of(0) });
  });
});

/** Boxes in clusters, scores with ties. */
function clusters(seed: number, count: number, classes: number): Row[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, (): Row => {
    const [x, y] = [10 * Math.floor(6 * random()) + 3 * random(), 10 * Math.floor(6 * random()) + 3 * random()];
    const score = 0.2 + Math.floor(80 * random()) / 100;
    return [score, Math.floor(classes * random()), x, y, x + 6 + 6 * random(), y + 6 + 6 * random()];
  });
}

function sameStaying({ keep, scores }: Survivors, twin: Staying): void {
  expect([...keep]).toEqual(twin.map(([candidate]) => candidate));
  expectClose(
    scores,
    Float32Array.from(twin, ([, score]) => score),
    0,
    'scores',
  );
  expect(keep.length).toBeGreaterThan(3);
}
