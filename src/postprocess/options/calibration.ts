import { exp, log } from '../../kernels/maths/elementary.js';
import type { Calibration } from '../../types/options.js';

/**
 * The calibrated score of a score.
 *
 * @param score  in [0, 1]
 * @returns in [0, 1]; 0 for 0 and 1 for 1. Never falls where the score rises.
 */
export function calibrated(calibration: Calibration, score: number): number {
  if (score <= 0 || score >= 1) return score;
  if (calibration.kind === 'isotonic') return along(calibration.scores, calibration.calibrated, score);
  const { slope, intercept } = lineOf(calibration);
  return logistic(slope * logOdds(score) + intercept);
}

/**
 * The score of a calibrated score: the inverse of `calibrated`, to rounding.
 *
 * @param score  in [0, 1]
 */
export function uncalibrated(calibration: Calibration, score: number): number {
  if (score <= 0 || score >= 1) return score;
  if (calibration.kind === 'isotonic') return along(calibration.calibrated, calibration.scores, score);
  const { slope, intercept } = lineOf(calibration);
  return logistic((logOdds(score) - intercept) / slope);
}

/** The logistic function in double precision: curves are fitted and inverted with more digits than scores have. */
export function logistic(x: number): number {
  return 1 / (1 + exp(-x));
}

/** Its inverse. */
export function logOdds(score: number): number {
  return log(score / (1 - score));
}

/** Of log-odds. */
function lineOf(calibration: Exclude<Calibration, { kind: 'isotonic' }>): { slope: number; intercept: number } {
  return calibration.kind === 'platt' ? calibration : { slope: 1 / calibration.temperature, intercept: 0 };
}

/** The y of an x on the straight lines from (0, 0) through ascending points to (1, 1). */
function along(xs: readonly number[], ys: readonly number[], x: number): number {
  let [low, high] = [-1, xs.length]; // the points around x, or the ends
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle]! <= x) low = middle;
    else high = middle;
  }
  const [x0, y0] = low < 0 ? [0, 0] : [xs[low]!, ys[low]!];
  const [x1, y1] = high === xs.length ? [1, 1] : [xs[high]!, ys[high]!];
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}
