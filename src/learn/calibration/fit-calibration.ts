import { logOdds } from '../../postprocess/options/calibration.js';
import type { Calibration } from '../../types/options.js';
import { poolAdjacentViolators } from './isotonic.js';
import { fitLogistic } from './logistic.js';

export type CalibrationKind = Calibration['kind'];

/** Scores closer to 0 or 1 than float32 resolves would have infinite logits. */
const EDGE = 1e-7;

/**
 * The curve of a kind that maximises the likelihood of the outcomes.
 *
 * Temperature (Guo et al. 2017) and Platt scaling (Platt 1999) are logistic regressions on the logits of the scores. The
 * isotonic curve goes through the middle of each block of pooled neighbours (centred isotonic regression, Oron & Flournoy
 * 2017), so that it rises everywhere and keeps the order of scores. Values of 0 and 1, which few examples give by chance, are
 * pulled inwards: 1 / (n + 2) for none of n, as far as the neighbour leaves room.
 *
 * @param scores  [n] in [0, 1]
 * @param outcomes  [n] 1 or 0
 * @returns null if there is no best curve, or it does not rise
 */
export function fitCalibration(
  kind: CalibrationKind,
  scores: ArrayLike<number>,
  outcomes: ArrayLike<number>,
): Calibration | null {
  if (kind === 'isotonic') return fitIsotonic(scores, outcomes);
  const logits = Float64Array.from(scores, (score) => logOdds(Math.min(Math.max(score, EDGE), 1 - EDGE)));
  const line = fitLogistic(logits, outcomes, { intercept: kind === 'platt' });
  if (line === null || !(line.slope > 0)) return null;
  return kind === 'platt' ? { kind, ...line } : { kind, temperature: 1 / line.slope };
}

function fitIsotonic(scores: ArrayLike<number>, outcomes: ArrayLike<number>): Calibration | null {
  const blocks = poolAdjacentViolators(scores, outcomes);
  const points = blocks.map(({ x, value, count }, i) => {
    if (value === 0) return { x, y: Math.min(1 / (count + 2), (blocks[i + 1]?.value ?? 1) / 2) };
    if (value === 1) return { x, y: Math.max((count + 1) / (count + 2), (1 + (blocks[i - 1]?.value ?? 0)) / 2) };
    return { x, y: value };
  });
  const inside = points.filter(({ x }) => x > 0 && x < 1);
  if (inside.length < 2) return null;
  return { kind: 'isotonic', scores: inside.map(({ x }) => x), calibrated: inside.map(({ y }) => y) };
}
