import { exp, log } from '../../kernels/maths/elementary.js';
import { logistic } from '../../postprocess/options/calibration.js';

/** The line of a logistic regression: the chance of outcome 1 is σ(slope · x + intercept). */
export interface LogisticLine {
  slope: number;
  intercept: number;
}

const MAX_STEPS = 100;
/** Beyond, the two kinds are told apart without an error, and the best slope is infinite. */
const STEEPEST = 1e3;

/**
 * Logistic regression of one variable by maximum likelihood, without a penalty.
 *
 * @param xs    [n] finite
 * @param outcomes  [n] 1 or 0
 * @param options.intercept  false: the line goes through the origin. Default true
 * @returns null where no line is best: one kind only, or all of one kind above all of the other
 * Source: Newton's method with halved steps; Hastie et al., The Elements of Statistical Learning (2009), section 4.4.1
 */
export function fitLogistic(
  xs: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  { intercept: free = true }: { intercept?: boolean } = {},
): LogisticLine | null {
  let line: LogisticLine = { slope: 0, intercept: 0 };
  let cost = lossOf(line, xs, outcomes);
  for (let step = 0; step < MAX_STEPS; step++) {
    const move = newtonStep(line, xs, outcomes, free);
    if (move === null) return null;
    let part = 1;
    let next = moved(line, move, part);
    let nextCost = lossOf(next, xs, outcomes);
    while (!(nextCost <= cost) && part > 1e-10) {
      part /= 2;
      next = moved(line, move, part);
      nextCost = lossOf(next, xs, outcomes);
    }
    const still = Math.abs(next.slope - line.slope) + Math.abs(next.intercept - line.intercept) < 1e-12;
    [line, cost] = [next, nextCost];
    if (Math.abs(line.slope) > STEEPEST || Math.abs(line.intercept) > STEEPEST) return null;
    if (still) return line;
  }
  return line;
}

function moved({ slope, intercept }: LogisticLine, move: LogisticLine, part: number): LogisticLine {
  return { slope: slope + part * move.slope, intercept: intercept + part * move.intercept };
}

/** −log likelihood, summed. */
function lossOf({ slope, intercept }: LogisticLine, xs: ArrayLike<number>, outcomes: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < xs.length; i++) {
    const z = slope * xs[i]! + intercept;
    const towards = outcomes[i] === 1 ? -z : z;
    sum += Math.max(towards, 0) + log(1 + exp(-Math.abs(towards)));
  }
  return sum;
}

/** @returns null where the likelihood has no curvature left */
function newtonStep(
  { slope, intercept }: LogisticLine,
  xs: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  free: boolean,
): LogisticLine | null {
  let [gradientX, gradient1, xx, x1, one] = [0, 0, 0, 0, 0];
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i]!;
    const chance = logistic(slope * x + intercept);
    const weight = chance * (1 - chance);
    gradientX += (outcomes[i]! - chance) * x;
    gradient1 += outcomes[i]! - chance;
    xx += weight * x * x;
    x1 += weight * x;
    one += weight;
  }
  if (!free) return xx > 1e-12 ? { slope: gradientX / xx, intercept: 0 } : null;
  const determinant = xx * one - x1 * x1;
  if (!(determinant > 1e-12 * xx * one) || one < 1e-9) return null;
  return {
    slope: (one * gradientX - x1 * gradient1) / determinant,
    intercept: (xx * gradient1 - x1 * gradientX) / determinant,
  };
}
