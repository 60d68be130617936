/** One bar of a reliability chart: detections with scores in one range. */
export interface ReliabilityBin {
  /** Lowest score of the bin. */
  from: number;
  /** Scores are below this; the last bin includes it. */
  to: number;
  count: number;
  /** Mean score; null without detections. */
  confidence: number | null;
  /** Share of true positives; null without detections. */
  precision: number | null;
}

/**
 * Bars of a reliability chart, of equal width over [0, 1]; scores outside belong to the outermost.
 *
 * @param scores  [n]
 * @param truePositives  [n] 1 or 0
 * @param bins    default 20
 */
export function reliability(scores: ArrayLike<number>, truePositives: ArrayLike<number>, bins = 20): ReliabilityBin[] {
  const sums = Array.from({ length: bins }, () => ({ count: 0, score: 0, hits: 0 }));
  for (let i = 0; i < scores.length; i++) {
    const sum = sums[Math.min(Math.max(Math.floor(scores[i]! * bins), 0), bins - 1)]!;
    sum.count++;
    sum.score += scores[i]!;
    sum.hits += truePositives[i]!;
  }
  return sums.map(({ count, score, hits: correct }, k) => ({
    from: k / bins,
    to: (k + 1) / bins,
    count,
    confidence: count === 0 ? null : score / count,
    precision: count === 0 ? null : correct / count,
  }));
}
