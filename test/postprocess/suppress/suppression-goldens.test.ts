import { describe, expect, test } from 'vitest';
import { fuseBoxes } from '../../../src/postprocess/api/fuse-boxes.js';
import { overlapBy } from '../../../src/postprocess/suppress/measures.js';
import { suppress } from '../../../src/postprocess/suppress/suppress.js';
import { expectClose } from '../../support/close.js';
import { planFor } from '../../support/plan.js';
import { candidatesOfGolden, type SuppressionGolden, suppressionGoldens } from '../../support/suppression-golden.js';

/** float32 of a score below 1: the others keep scores in float32, and decay or sum them in it. */
const SCORE = 4 * 2 ** -24;
/** Pixels: ensemble-boxes sums fused boxes in float32. */
const SIDE = 1e-4;

const goldens = ['suppression', 'suppression-tensorflow', 'suppression-paddle'].flatMap(suppressionGoldens);
const withField = (field: keyof SuppressionGolden, models = false) =>
  goldens
    .filter((golden) => golden[field] !== undefined && (golden.models !== undefined) === models)
    .map((golden): [string, SuppressionGolden] => [golden.name, golden]);

function suppressed(golden: SuppressionGolden) {
  const candidates = candidatesOfGolden(golden);
  const classes = 1 + Math.max(...golden.classIds);
  const kept = suppress(candidates, planFor(classes, { maxDetections: 1000, ...golden.options }));
  return { ...kept, rows: Array.from(kept.keep, (i) => candidates.rows[i]), classIds: candidates.classIds };
}

describe('what other programs keep', () => {
  test.each(withField('keep'))('%s', (_, golden) => {
    const { rows, scores } = suppressed(golden);
    expect(rows).toEqual(golden.keep);
    expect(rows.length).toBeGreaterThan(5);
    if (golden.kept !== undefined) expectClose(scores, Float64Array.from(golden.kept), SCORE, 'scores');
  });

  test.each(withField('members'))('%s: which boxes stay; its scores are those before', (_, golden) => {
    expect(suppressed(golden).rows.sort((a, b) => a - b)).toEqual(golden.members);
  });
});

describe('how much boxes overlap', () => {
  // torchvision adds 1e-7 to the denominators of DIoU and CIoU.
  test.each(withField('matrix'))('%s', (_, { boxes, matrix, options }) => {
    const overlap = overlapBy(options.measure!);
    const found = boxes.flatMap((_box, i) => boxes.map((_other, j) => overlap(boxes.flat(), boxes.flat(), i, j)));
    expectClose(Float64Array.from(found), Float64Array.from(matrix!.flat()), 1e-6, 'overlaps');
  });
});

describe('what other programs fuse', () => {
  test.each(withField('fused'))('%s', (_, golden) => {
    const { keep, classIds, scores, boxes } = suppressed(golden);
    const classesKept = Array.from(keep, (i) => classIds[i]);
    expectFused({ classIds: classesKept, scores, boxes }, golden.fused!);
  });

  test.each(withField('fused', true))('%s', (_, { boxes, scores, classIds, models, options, fused }) => {
    let before = 0;
    const given = models!.map((count) => {
      const [start, end] = [before, before + count];
      before = end;
      return {
        boxes: Float32Array.from(boxes.slice(start, end).flat()),
        scores: Float32Array.from(scores.slice(start, end)),
        classIds: Uint16Array.from(classIds.slice(start, end)),
      };
    });
    const found = fuseBoxes(given, options);
    expectFused({ ...found, classIds: [...found.classIds] }, fused!);
  });
});

function expectFused(
  { classIds, scores, boxes }: { classIds: number[]; scores: Float32Array; boxes: Float32Array },
  fused: number[][],
): void {
  expect(classIds).toEqual(fused.map(([classId]) => classId));
  expectClose(
    scores,
    Float64Array.from(fused, ([, score]) => score),
    SCORE,
    'scores',
  );
  expectClose(boxes, Float64Array.from(fused.flatMap(([, , ...box]) => box)), SIDE, 'sides');
}
