/** One bar of a reliability chart: detections whose scores lie side by side. */
export interface ReliabilityBin {
  /** Scores from here on … */
  from: number;
  /** … to below here; the last bin has its end. */
  to: number;
  count: number;
  /** Mean score; null without detections. */
  confidence: number | null;
  /** Share that finds a truth; null without detections. */
  precision: number | null;
}

/**
 * Bars of a reliability chart, of equal width over [0, 1]; scores outside belong to the outermost.
 *
 * @param scores  [n]
 * @param hits    [n] 1: it finds a truth
 * @param bins    default 20
 */
export function reliability(scores: ArrayLike<number>, hits: ArrayLike<number>, bins = 20): ReliabilityBin[] {
  const sums = Array.from({ length: bins }, () => ({ count: 0, score: 0, hits: 0 }));
  for (let i = 0; i < scores.length; i++) {
    const sum = sums[Math.min(Math.max(Math.floor(scores[i]! * bins), 0), bins - 1)]!;
    sum.count++;
    sum.score += scores[i]!;
    sum.hits += hits[i]!;
  }
  return sums.map(({ count, score, hits: right }, k) => ({
    from: k / bins,
    to: (k + 1) / bins,
    count,
    confidence: count === 0 ? null : score / count,
    precision: count === 0 ? null : right / count,
  }));
}
