/** Rounding may take a probability a little out of [0, 1]. */
const ROUNDING = 1e-4;

/** Whether every number can be a probability: then the graph has done the activation. */
export function isProbability(values: Float32Array): boolean {
  return values.every((value) => value >= -ROUNDING && value <= 1 + ROUNDING);
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

/** What a run says about the activation of scores, over all of their outputs. */
export function activationOf(scores: readonly Float32Array[]): { value: 'none' | 'sigmoid'; because: string } {
  const ranges = scores.map(rangeOf);
  const [low, high] = [Math.min(...ranges.map((range) => range.low)), Math.max(...ranges.map((range) => range.high))];
  const because = `scores of a run go from ${low.toPrecision(3)} to ${high.toPrecision(3)}`;
  return { value: scores.every(isProbability) ? 'none' : 'sigmoid', because };
}
