/**
 * The logistic function 1 / (1 + e^−x), computed in double precision; exact at ±0 and ±∞, NaN for NaN.
 */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/**
 * The inverse of sigmoid: the logit at which a score is reached. −∞ for 0, +∞ for 1.
 */
export function logit(score: number): number {
  return Math.log(score / (1 - score));
}

/**
 * Softmax of each row.
 *
 * @param logits  [rows, classes] row-major. Not changed.
 * @returns [rows, classes] new; each row sums to 1 up to rounding. A row that holds NaN becomes NaN.
 */
export function softmaxRows(logits: Float32Array, classes: number): Float32Array {
  const scores = new Float32Array(logits.length); // [rows, classes]
  for (let start = 0; start < logits.length; start += classes) {
    const end = start + classes;
    let highest = logits[start]!;
    for (let i = start + 1; i < end; i++) highest = Math.max(highest, logits[i]!);
    let sum = 0;
    for (let i = start; i < end; i++) sum += Math.exp(logits[i]! - highest);
    for (let i = start; i < end; i++) scores[i] = Math.exp(logits[i]! - highest) / sum;
  }
  return scores;
}
