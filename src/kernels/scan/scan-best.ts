import type { Budget, ScanThresholds } from '../../types/plan.js';
import type { Hits, ScoreMatrix } from './score-matrix.js';

/** A way of going through a matrix. */
export interface Scanner {
  /** Whether it can leave out lower hits. @param counts  whether all are to be counted then */
  raises(matrix: ScoreMatrix, thresholds: ScanThresholds, counts: boolean): boolean;
  /** All hits. @returns null: given up, as there are far more than `budget` */
  scan(matrix: ScoreMatrix, thresholds: ScanThresholds, budget: number): Hits | null;
  /** A value that about `budget` hits reach, estimated from a part of the matrix. @returns null: there are no more than that */
  floorOf(matrix: ScoreMatrix, thresholds: ScanThresholds, budget: number): number | null;
  /** The hits of at least `floor`. @param counts  whether `total` is wanted */
  scanFrom(matrix: ScoreMatrix, thresholds: ScanThresholds, floor: number, counts: boolean): Hits;
}

/** All hits or, where there are far more than the budget, the best of them: docs/decisions/014-best-first.md. */
export function scanBest(
  scanner: Scanner,
  matrix: ScoreMatrix,
  thresholds: ScanThresholds,
  { max, countAbove }: Budget,
): Hits {
  const counts = matrix.rows * (thresholds.single ? 1 : thresholds.columns.length) > countAbove;
  const budget = scanner.raises(matrix, thresholds, counts) ? max : Number.POSITIVE_INFINITY;
  const hits = scanner.scan(matrix, thresholds, budget);
  if (hits !== null) return hits;
  const floor = scanner.floorOf(matrix, thresholds, budget);
  if (floor === null) return scanner.scan(matrix, thresholds, Number.POSITIVE_INFINITY)!;
  return Object.assign(scanner.scanFrom(matrix, thresholds, floor, counts), { floor });
}

/** The fewest hits of a sample from which a floor is estimated: with fewer it would be left to chance. */
const FEWEST = 20;

/** Which of a sample's hits, counted from the highest one down, is the floor. @param share  one part in `share` is the sample */
export function rankOfFloor(budget: number, share: number): number {
  return Math.max(FEWEST, Math.ceil(budget / share));
}
