import fc from 'fast-check';
import { expect, test } from 'vitest';
import { overlapBy } from '../../../src/postprocess/suppress/measures.js';
import type { Survivors } from '../../../src/postprocess/suppress/method.js';
import { suppress } from '../../../src/postprocess/suppress/suppress.js';
import type { OverlapMeasure } from '../../../src/types/options.js';
import { type FusedBox, nonMaximumWeighted, weightedBoxes } from '../../reference/suppression.js';
import { candidatesOf, type Row } from '../../support/candidates.js';
import { expectClose } from '../../support/close.js';
import { planFor } from '../../support/plan.js';

const MEASURES: OverlapMeasure[] = ['iou', 'giou', 'diou', 'ciou', 'ios'];
const twins = { wbf: weightedBoxes, nmw: nonMaximumWeighted };
const methods = Object.entries(twins).flatMap(([name, twin]) =>
  MEASURES.map((measure) => [name as keyof typeof twins, measure, twin] as const),
);
const side = fc.oneof(
  fc.integer({ min: 0, max: 6 }), // ties, and overlaps at the threshold
  fc.float({ min: -6, max: 12, noNaN: true }),
  fc.constantFrom(-1000, 1000, 1e30, -1e30, Infinity, -Infinity, NaN),
);
const boxes = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.nat(3), fc.nat(3), fc.integer({ min: 4, max: 7 }), fc.integer({ min: 4, max: 7 })),
  },
  { weight: 1, arbitrary: fc.tuple(side, side, side, side) }, // empty, inverted, huge, negative, no numbers
);
const scores = fc.oneof(fc.constantFrom(0.25, 0.5, 1), fc.float({ min: Math.fround(0.01), max: 1, noNaN: true }));

test.each(methods)('%s by %s, as the twin: any boxes, ties, one class or many', (suppression, measure, twin) => {
  const property = fc.property(
    fc.constantFrom(1, 2, 1203),
    fc.array(fc.tuple(scores, fc.nat(1202), boxes), { maxLength: 14 }),
    fc.constantFrom(0.25, 0.5, 0.75),
    (classes, drawn, iouThreshold) => {
      const given = drawn.map(([score, classId, box]): Row => [score, classId % classes, ...box]);
      const candidates = candidatesOf(given);
      const options = { suppression, measure, iouThreshold, maxDetections: 1000 };
      const found = suppress(candidates, planFor(classes, options));
      const expected = [...new Set(candidates.classIds)].flatMap((classId) => {
        const own = given.flatMap((row, i) => (row[1] === classId ? [i] : []));
        const fused = twin(candidatesOf(own.map((i) => given[i])), overlapBy(measure), iouThreshold);
        return fused.map((one) => ({ ...one, members: one.members.map((i) => own[i]) }));
      });
      sameFused(found, expected);
    },
  );
  fc.assert(property, { numRuns: 150 });
});

/** Sums run in another order in the twin: float32 of the sides may differ by a rounding. */
function sameFused(found: Survivors, twin: FusedBox[]): void {
  const expected = [...twin].sort((a, b) => b.score - a.score || a.members[0] - b.members[0]);
  expect(found.members!.map((members) => [...members])).toEqual(expected.map(({ members }) => members));
  if (expected.length === 0) return;
  expectClose(
    found.scores,
    Float32Array.from(expected, ({ score }) => score),
    2 ** -23,
    'scores',
  );
  for (const [k, { box }] of expected.entries()) {
    const sides = found.boxes.subarray(4 * k, 4 * k + 4);
    for (const [side, value] of box.map(Math.fround).entries()) {
      if (Object.is(sides[side], value)) continue; // endless, or no number
      expect(Math.abs(sides[side] - value), `side ${side} of ${k}`).toBeLessThanOrEqual(
        2 ** -22 * Math.abs(value) + 1e-6,
      );
    }
  }
}
