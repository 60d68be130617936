import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { calibrationError } from '../../../src/learn/calibration/calibration-error.js';
import { fitCalibration } from '../../../src/learn/calibration/fit-calibration.js';
import { poolAdjacentViolators } from '../../../src/learn/calibration/isotonic.js';
import { fitLogistic } from '../../../src/learn/calibration/logistic.js';

interface Golden {
  name: string;
  scores: number[];
  hits: number[];
  places: number[];
  platt: [slope: number, intercept: number];
  temperature: number;
  isotonic: number[];
  error: Record<string, number>;
  positionError: number;
}

const url = new URL('../../fixtures/goldens/calibration.json', import.meta.url);
const goldens: Golden[] = JSON.parse(readFileSync(url, 'utf8')).cases;

describe.each(goldens)('$name', ({ scores, hits, places, ...golden }) => {
  // Its solver stops at a gradient of 1e-12 of a flat optimum: parameters agree to about 1e-6.
  test('Platt scaling is scikit-learn’s logistic regression on logits', () => {
    const fitted = fitCalibration('platt', scores, hits) as { slope: number; intercept: number };
    expect(fitted.slope).toBeCloseTo(golden.platt[0], 5);
    expect(fitted.intercept).toBeCloseTo(golden.platt[1], 5);
  });

  test('temperature scaling is the one without an intercept', () => {
    const logits = scores.map((score) => Math.log(score / (1 - score)));
    expect(1 / fitLogistic(logits, hits, { intercept: false })!.slope).toBeCloseTo(golden.temperature, 5);
    expect(fitCalibration('temperature', scores, hits)).toEqual({
      kind: 'temperature',
      temperature: expect.closeTo(golden.temperature, 5),
    });
  });

  test('isotonic regression is scikit-learn’s at every score', () => {
    const blocks = poolAdjacentViolators(scores, hits);
    const steps = scores.map((score) => blocks.find(({ highest }) => score <= highest)!.value);
    for (const [i, step] of steps.entries()) expect(step, `at ${scores[i]}`).toBeCloseTo(golden.isotonic[i]!, 12);
  });

  test('the calibration error is netcal’s', () => {
    const detections = {
      scores: Float64Array.from(scores),
      truePositives: Uint8Array.from(hits),
      places: Float64Array.from(places),
      imageIds: new Uint32Array(scores.length),
    };
    const once = Uint32Array.of(1);
    for (const [bins, error] of Object.entries(golden.error)) {
      expect(calibrationError(detections, { bins: Number(bins) })(once)).toBeCloseTo(error, 12);
    }
    expect(calibrationError(detections, { positions: true })(once)).toBeCloseTo(golden.positionError, 12);
  });
});
