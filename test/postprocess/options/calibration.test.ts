import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calibrated, uncalibrated } from '../../../src/postprocess/options/calibration.js';
import { calibrateCandidates, rawSelection } from '../../../src/postprocess/select/calibrate-candidates.js';
import type { Calibration } from '../../../src/types/options.js';
import type { Candidates } from '../../../src/types/plan.js';

const isotonic: Calibration = { kind: 'isotonic', scores: [0.2, 0.6, 0.8], calibrated: [0.1, 0.3, 0.9] };

const inside = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const ascending = fc.uniqueArray(inside, { minLength: 4, maxLength: 12 }).map((values) => values.sort((a, b) => a - b));
const curves: fc.Arbitrary<Calibration> = fc.oneof(
  fc.record({ kind: fc.constant('temperature' as const), temperature: fc.double({ min: 0.2, max: 5, noNaN: true }) }),
  fc.record({
    kind: fc.constant('platt' as const),
    slope: fc.double({ min: 0.2, max: 5, noNaN: true }),
    intercept: fc.double({ min: -3, max: 3, noNaN: true }),
  }),
  fc.tuple(ascending, ascending).map(([xs, ys]): Calibration => {
    const n = Math.min(xs.length, ys.length);
    return { kind: 'isotonic', scores: xs.slice(0, n), calibrated: ys.slice(0, n) };
  }),
);

describe('calibrated', () => {
  test.each<[string, Calibration, number, number]>([
    ['temperature 1 changes nothing', { kind: 'temperature', temperature: 1 }, 0.3, 0.3],
    ['temperature 2 halves the logit', { kind: 'temperature', temperature: 2 }, 0.8, 2 / 3],
    ['Platt', { kind: 'platt', slope: 1, intercept: Math.log(3) }, 0.5, 0.75],
    ['at a point', isotonic, 0.6, 0.3],
    ['between points', isotonic, 0.7, 0.6],
    ['below the first point', isotonic, 0.1, 0.05],
    ['above the last point', isotonic, 0.9, 0.95],
    ['0 stays', { kind: 'platt', slope: 1, intercept: 9 }, 0, 0],
    ['1 stays', { kind: 'platt', slope: 1, intercept: -9 }, 1, 1],
  ])('%s', (_, calibration, score, expected) => {
    expect(calibrated(calibration, score)).toBeCloseTo(expected, 14);
  });

  test('never falls where the score rises, stays in [0, 1], and is undone by uncalibrated', () => {
    fc.assert(
      fc.property(curves, fc.array(inside, { minLength: 2 }), (curve, scores) => {
        const sorted = scores.sort((a, b) => a - b);
        const values = sorted.map((score) => calibrated(curve, score));
        for (const [i, value] of values.entries()) {
          expect(value).toBeGreaterThanOrEqual(i === 0 ? 0 : values[i - 1]!);
          expect(value).toBeLessThanOrEqual(1);
          // Steep curves lose bits: slopes up to 5 make 1e-9 of a score's last places at most.
          expect(Math.abs(calibrated(curve, uncalibrated(curve, value)) - value)).toBeLessThan(1e-9);
        }
      }),
    );
  });
});

/** One candidate for every row and class. */
function allCandidates(scores: number[][]): Candidates {
  const classes = scores[0]!.length;
  const n = scores.length * classes;
  return {
    rows: Uint32Array.from({ length: n }, (_, i) => Math.floor(i / classes)),
    classIds: Uint16Array.from({ length: n }, (_, i) => i % classes),
    scores: Float32Array.from(scores.flat()),
    boxes: Float32Array.from({ length: 4 * n }, (_, i) => i),
    space: 'input',
  };
}

/** Those of a selection, as a head would give them. */
function selected(all: Candidates, thresholds: Float64Array, single: boolean): Candidates {
  const reach = (i: number) => all.scores[i]! >= thresholds[all.classIds[i]!]!;
  const best = (i: number) =>
    all.rows.every(
      (row, k) =>
        row !== all.rows[i] || k === i || all.scores[k]! < all.scores[i]! || (k > i && all.scores[k] === all.scores[i]),
    );
  const kept = [...all.rows.keys()].filter((i) => reach(i) && (!single || best(i)));
  return {
    rows: Uint32Array.from(kept, (i) => all.rows[i]!),
    classIds: Uint16Array.from(kept, (i) => all.classIds[i]!),
    scores: Float32Array.from(kept, (i) => all.scores[i]!),
    boxes: Float32Array.from(kept.flatMap((i) => [...all.boxes.subarray(4 * i, 4 * i + 4)])),
    space: all.space,
  };
}

describe('calibrateCandidates', () => {
  const classes = 3;
  const labelled = Uint16Array.of(0, 1, 2);
  const thresholds = fc.array(fc.oneof(inside, fc.constant(Number.NaN)), { minLength: classes, maxLength: classes });
  const someCurves = fc.array(fc.oneof(curves, fc.constant(null)), { minLength: classes, maxLength: classes });
  const rows = fc.array(fc.array(inside, { minLength: classes, maxLength: classes }), { minLength: 1, maxLength: 8 });

  test('what a raw selection gives, calibrated, is what calibrating everything and selecting then would give', () => {
    fc.assert(
      fc.property(rows, someCurves, thresholds, fc.boolean(), (scores, calibrations, limits, single) => {
        const plan = { scoreThresholds: Float64Array.from(limits), calibrations, single };
        const all = allCandidates(scores);
        const raw = rawSelection(plan, labelled);
        const found = calibrateCandidates(selected(all, raw.scoreThresholds, raw.single), plan);
        const after = all.scores.map((score, i) => {
          const curve = calibrations[all.classIds[i]!]!;
          return curve === null ? score : calibrated(curve, score);
        });
        expect(found).toEqual(selected({ ...all, scores: after }, plan.scoreThresholds, single));
      }),
    );
  });

  test('a curve so flat that scores round to the threshold', () => {
    const flat: Calibration = { kind: 'isotonic', scores: [0.001, 0.00100001], calibrated: [0.001, 0.001 + 2e-16] };
    const plan = { scoreThresholds: Float64Array.of(0.001 + 1e-15), calibrations: [flat], single: false };
    const all = allCandidates([[0.001]]);
    const raw = rawSelection(plan, Uint16Array.of(0));
    expect(calibrateCandidates(selected(all, raw.scoreThresholds, false), plan).scores).toEqual(all.scores);
  });

  test('without curves nothing changes, and nothing is copied that need not be', () => {
    const all = allCandidates([[0.5, 0.6, 0.7]]);
    const plan = { scoreThresholds: new Float64Array(3).fill(0.1), calibrations: [null, null, null], single: false };
    expect(calibrateCandidates(all, plan)).toEqual(all);
    expect(calibrateCandidates(all, plan).boxes).toBe(all.boxes);
  });

  test('one curve for all lets the head choose the best of a row itself', () => {
    const curve: Calibration = { kind: 'temperature', temperature: 2 };
    const plan = { scoreThresholds: Float64Array.of(0.5, 0.5, 0.5), calibrations: [curve, curve, curve], single: true };
    expect(rawSelection(plan, labelled).single).toBe(true);
    expect(rawSelection({ ...plan, calibrations: [curve, null, curve] }, labelled).single).toBe(false);
  });

  test('places may be others than rows: the best of each stays', () => {
    const all = allCandidates([[0.5], [0.9]]);
    const plan = { scoreThresholds: Float64Array.of(0.1), calibrations: [null], single: true };
    expect([...calibrateCandidates(all, plan, [7, 7]).rows]).toEqual([1]);
  });
});
