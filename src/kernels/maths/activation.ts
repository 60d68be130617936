import { exp } from './elementary.js';

/**
 * The logistic function 1 / (1 + e^−x) of a float32, as a float32.
 *
 * Within 1 unit in the last place of the correctly rounded value, and but for 66 floats that value itself; never falling;
 * 1/2 at ±0, 0 at −∞, 1 at +∞, NaN for NaN. Other numbers are rounded to float32 first. The same bits on every machine.
 * bench/sigmoid.ts compares all 2^32 floats.
 */
export function sigmoid(logit: number): number {
  return Math.fround(1 / (1 + exp(-Math.fround(logit))));
}

/**
 * The inverse of sigmoid, as a threshold: the lowest float32 whose sigmoid is not below a score. So logit ≥ logit(score)
 * and sigmoid(logit) ≥ score say the same of every float32 logit.
 *
 * @param score  in [0, 1]; other numbers have no logit: NaN
 * @returns −∞ for 0; about 17.3 for 1, from where on a float32 sigmoid is 1
 */
export function logit(score: number): number {
  if (typeof score !== 'number' || !(score >= 0 && score <= 1)) return Number.NaN; // null passes comparisons
  if (score === 0) return Number.NEGATIVE_INFINITY;
  return lowestLogit(score);
}

/** By bisection. Where it begins does not matter to where it ends, so that Math.log may differ between engines. */
function lowestLogit(score: number): number {
  let low = Math.fround(nearLogit(score) - 1e-6);
  let high = Math.fround(nearLogit(score) + 1e-6);
  while (sigmoid(low) >= score) low = Math.fround(low - 1);
  while (!(sigmoid(high) >= score)) high = Math.fround(high + 1);
  for (;;) {
    const middle = Math.fround(low + (high - low) / 2);
    if (middle === low || middle === high) return high;
    if (sigmoid(middle) >= score) high = middle;
    else low = middle;
  }
}

/**
 * About the inverse of sigmoid, for bounds that leave room: 1e-6 off where logits are that fine, and never outside the
 * logits −104 to 18 between which float32 scores differ.
 */
export function nearLogit(score: number): number {
  return Math.min(Math.max(Math.log(score / (1 - score)), -104), 18);
}

/**
 * Softmax of each row.
 *
 * @param logits   [rows, classes] row-major. Not changed.
 * @param classes  numbers per row. Default: all are one row
 * @returns [rows, classes] new; each row sums to 1 up to rounding. A row that holds NaN becomes NaN.
 */
export function softmaxRows(logits: Float32Array, classes = logits.length): Float32Array {
  const scores = new Float32Array(logits.length); // [rows, classes]
  const powers = new Float64Array(classes); // [classes]
  for (let start = 0; start < logits.length; start += classes) {
    let highest = logits[start]!;
    for (let c = 1; c < classes; c++) highest = Math.max(highest, logits[start + c]!);
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      powers[c] = exp(logits[start + c]! - highest);
      sum += powers[c]!;
    }
    for (let c = 0; c < classes; c++) scores[start + c] = powers[c]! / sum;
  }
  return scores;
}
