import type { IndependentActivation } from '../../../heads/words.js';

/** How far rounding, in float16 or int8 too, can take a score out of [0, 1]. */
const ROUNDING = 0.01;

/** Whether a number can't be a score; NaN and infinity say nothing. */
export function isNoScore(value: number): boolean {
  return Number.isFinite(value) && (value < -ROUNDING || value > 1 + ROUNDING);
}

/** Whether every number can be a score: then the graph has applied the activation. */
export function areScores(values: Float32Array): boolean {
  return !values.some(isNoScore);
}

/** Lowest and highest number. */
export function rangeOf(values: Float32Array): { low: number; high: number; text: string } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high, text: `${low.toPrecision(3)} to ${high.toPrecision(3)}` };
}

/** The activation that a run's scores still need, over all of their outputs. */
export function activationInRun(scores: readonly Float32Array[]): {
  value: IndependentActivation;
  because: string;
} {
  const ranges = scores.map(rangeOf);
  const [low, high] = [Math.min(...ranges.map((range) => range.low)), Math.max(...ranges.map((range) => range.high))];
  const because = `scores of a run go from ${low.toPrecision(3)} to ${high.toPrecision(3)}`;
  return { value: scores.every(areScores) ? 'none' : 'sigmoid', because };
}
