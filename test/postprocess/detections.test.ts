import { describe, expect, test } from 'vitest';
import { detectionsOf } from '../../src/postprocess/detections.js';
import { makePlan } from '../../src/postprocess/make-plan.js';
import type { PostprocessOptions } from '../../src/postprocess/options/postprocess-options.js';
import { withinLimits } from '../../src/postprocess/select/size-limits.js';
import type { Candidates } from '../../src/types/plan.js';
import { geometryOf } from '../support/geometry.js';

type Row = [row: number, classId: number, score: number, ...box: number[]];

function found(rows: Row[], options: PostprocessOptions, needsSuppression = true) {
  const candidates: Candidates = {
    rows: Uint32Array.from(rows, ([row]) => row),
    classIds: Uint16Array.from(rows, ([, classId]) => classId),
    scores: Float32Array.from(rows, ([, , score]) => score),
    boxes: Float32Array.from(rows.flatMap(([, , , ...box]) => box)),
    space: 'input',
  };
  const plan = makePlan({ labels: ['car', 'truck'], needsSuppression }, { scoreThreshold: 0, ...options });
  const geometry = geometryOf(100, 100);
  return detectionsOf(() => withinLimits(candidates, geometry, plan), geometry, plan);
}

const labelsOf = ({ detections }: ReturnType<typeof found>) =>
  detections.map(({ labels }) => labels.map((l) => l.label));

describe('regions of fused boxes', () => {
  // Two rows for one place. As a truck the second is better, so that the two fused boxes differ.
  const rows: Row[] = [
    [0, 0, 0.9, 10, 10, 30, 30],
    [0, 1, 0.4, 10, 10, 30, 30],
    [1, 0, 0.4, 10, 10, 30, 40],
    [1, 1, 0.8, 10, 10, 30, 40],
  ];

  test.each(['wbf', 'nmw'] as const)('%s: made of each other’s best row, they are one place', (suppression) => {
    const result = found(rows, { suppression, regionIou: 1 });
    expect(labelsOf(result)).toEqual([['car', 'truck']]);
    expect(result.detections[0].box[3]).toBeGreaterThan(30);
  });

  test('boxes that share only a lesser row are two places', () => {
    const apart: Row[] = [
      [0, 0, 0.9, 10, 10, 30, 30],
      [1, 0, 0.4, 10, 10, 30, 40],
      [1, 1, 0.4, 10, 10, 30, 40],
      [2, 1, 0.8, 10, 10, 30, 50],
    ];
    expect(labelsOf(found(apart, { suppression: 'wbf' }))).toEqual([['car'], ['truck']]);
  });
});

describe('models that suppressed in their graph', () => {
  const rows: Row[] = [
    [0, 0, 0.9, 10, 10, 30, 30],
    [1, 0, 0.8, 10, 10, 30, 30],
    [2, 0, 0.7, 10, 10, 14, 14],
  ];

  test.each<[string, PostprocessOptions, number]>([
    ['no method runs', { suppression: 'wbf' }, 3],
    ['limits do', { maxDetections: 2 }, 2],
    ['limits per class do', { maxPerClass: 1 }, 1],
    ['filters do', { minSide: 5 }, 2],
  ])('%s', (_, options, count) => {
    expect(found(rows, { ...options, regionIou: 1 }, false).detections).toHaveLength(count);
  });
});

test('what is too small suppresses nothing, and counts nowhere', () => {
  const rows: Row[] = [
    [0, 0, 0.9, 96, 10, 300, 30],
    [1, 0, 0.8, 90, 10, 300, 30],
  ];
  const { detections } = found(rows, { minSide: 5, maxDetections: 1 });
  expect(detections.map(({ score }) => score)).toEqual([Math.fround(0.8)]);
});

test('says what was cut, after sizes were looked at', () => {
  const rows = [0, 1, 2, 3].map((i): Row => [i, 0, 0.9 - i / 10, 20 * i, 0, 20 * i + (i === 0 ? 2 : 9), 9]);
  expect(found(rows, { maxCandidates: 2, minSide: 5 }).notes).toEqual([
    'maxCandidates: 1 of 3 candidates were cut; the 2 with the highest scores were looked at.',
  ]);
  expect(found(rows, { maxCandidates: 3, minSide: 5 })).not.toHaveProperty('notes');
});
