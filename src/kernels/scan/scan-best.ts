import type { Gates } from './gates.js';
import type { Hits, ScanOptions, ScoreMatrix } from './scan.js';

/** A way of going through a matrix. */
export interface Scanner {
  /** Whether it can leave out lower hits. @param counts  whether all are to be counted then */
  raises(matrix: ScoreMatrix, gates: Gates, counts: boolean): boolean;
  /** All hits. @returns null: given up, for there are more than `most`, or a few times as many */
  scan(matrix: ScoreMatrix, gates: Gates, most: number): Hits | null;
  /** A value that about `enough` hits reach, by a part of the matrix. @returns null: there are no more than enough */
  floorOf(matrix: ScoreMatrix, gates: Gates, enough: number): number | null;
  /** The hits of at least `floor`. @param counts  whether `total` is wanted */
  scanFrom(matrix: ScoreMatrix, gates: Gates, floor: number, counts: boolean): Hits;
}

/** All hits, or where there are many more than enough, the best of them. */
export function scanBest(
  scanner: Scanner,
  matrix: ScoreMatrix,
  gates: Gates,
  { enough = Number.POSITIVE_INFINITY, countAbove = 0 }: Pick<ScanOptions, 'enough' | 'countAbove'>,
): Hits {
  const counts = matrix.rows * (gates.single ? 1 : gates.columns.length) > countAbove;
  const found = scanner.scan(matrix, gates, scanner.raises(matrix, gates, counts) ? enough : Number.POSITIVE_INFINITY);
  if (found !== null) return found;
  const floor = scanner.floorOf(matrix, gates, enough);
  if (floor === null) return scanner.scan(matrix, gates, Number.POSITIVE_INFINITY)!;
  return Object.assign(scanner.scanFrom(matrix, gates, floor, counts), { floor });
}

/** Numbers of a sample by which is told how high the scores are: fewer would leave it to chance. */
const FEWEST = 20;

/** Which of a sample's hits, counted from the highest one down, is the floor. @param share  of which one part is looked at */
export function placeOfFloor(enough: number, share: number): number {
  return Math.max(FEWEST, Math.ceil(enough / share));
}

/** Thresholds that are nowhere below a floor; NaN stays. */
export function raisedTo(floor: number, thresholds: Float32Array): Float32Array {
  const raised = thresholds.slice();
  for (let i = 0; i < raised.length; i++) raised[i] = Math.max(raised[i]!, floor);
  return raised;
}
