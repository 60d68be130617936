import { HIT, hitsEnd, putHit, setHitsEnd } from './hits';
import { nextReaching } from './reaching';

/**
 * Keeps the highest value of each row, and its column. Ties: the first column.
 *
 * @param lowest       lower values can't be hits, and are skipped 64 at a time
 * @param best         [rows] f32, changed: only values above it count
 * @param bestColumns  [rows] i32, changed
 * @param maxRaised    groups of 16 rows whose best may be raised before the function gives up
 * @returns number of columns processed
 * The rest as in scanColumns.
 */
export function bestOfColumns(
  values: usize,
  rows: i32,
  columnBytes: usize,
  columns: usize,
  count: i32,
  factors: usize,
  lowest: f32,
  best: usize,
  bestColumns: usize,
  maxRaised: i32,
): i32 {
  let k: i32 = 0;
  for (; k < count && maxRaised >= 0; k++) {
    const column = load<u16>(columns + ((<usize>k) << 1));
    maxRaised -= raiseBest(values + <usize>column * columnBytes, rows, <i32>column, factors, lowest, best, bestColumns);
  }
  return k;
}

/** @returns groups of 16 rows that were raised */
function raiseBest(
  values: usize,
  rows: i32,
  column: i32,
  factors: usize,
  lowest: f32,
  best: usize,
  bestColumns: usize,
): i32 {
  let raised: i32 = 0;
  const whole = rows & ~15;
  let i: i32 = 0;
  for (; i < whole; i += 16) {
    if (!factors) {
      i = nextReaching(values, i, whole, lowest);
      if (i >= whole) break;
      if (!anyAbove(values + ((<usize>i) << 2), best + ((<usize>i) << 2))) continue;
    }
    raised++;
    for (let j = i; j < i + 16; j += 4) raiseFour(values, column, factors, best, bestColumns, (<usize>j) << 2);
  }
  for (; i < rows; i++) {
    const at = (<usize>i) << 2;
    let value = load<f32>(values + at);
    if (factors) value *= load<f32>(factors + at);
    if (!(value > load<f32>(best + at))) continue;
    store<f32>(best + at, value);
    store<i32>(bestColumns + at, column);
  }
  return raised;
}

/** Whether one of 16 values exceeds the best of its row so far: after a few columns, few do. */
function anyAbove(values: usize, best: usize): bool {
  const a = f32x4.gt(v128.load(values), v128.load(best));
  const b = f32x4.gt(v128.load(values, 16), v128.load(best, 16));
  const c = f32x4.gt(v128.load(values, 32), v128.load(best, 32));
  const d = f32x4.gt(v128.load(values, 48), v128.load(best, 48));
  return v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)));
}

function raiseFour(values: usize, column: i32, factors: usize, best: usize, bestColumns: usize, at: usize): void {
  let v = v128.load(values + at);
  if (factors) v = f32x4.mul(v, v128.load(factors + at));
  const highest = v128.load(best + at);
  const above = f32x4.gt(v, highest);
  if (!v128.any_true(above)) return;
  v128.store(best + at, v128.bitselect(v, highest, above));
  v128.store(bestColumns + at, v128.bitselect(i32x4.splat(column), v128.load(bestColumns + at), above));
}

/**
 * Appends the rows whose best value reaches the threshold of its column to the hits.
 *
 * @param lowest      a best value below it has no column
 * @param thresholds  f32 by column
 * @param from        first row, a multiple of 16
 * @param end         of the room for hits
 * @returns number of rows processed: fewer if there is no more room
 */
export function collectBest(
  best: usize,
  bestColumns: usize,
  from: i32,
  rows: i32,
  lowest: f32,
  thresholds: usize,
  firstRow: i32,
  end: usize,
): i32 {
  const whole = rows & ~15;
  let hits = hitsEnd();
  let i = from;
  for (; i < rows && hits + 16 * HIT <= end; i += 16) {
    i = nextReaching(best, i, whole, lowest);
    for (let j = i; j < min(i + 16, rows); j++) {
      const value = load<f32>(best + ((<usize>j) << 2));
      if (!(value >= lowest)) continue;
      const column = load<i32>(bestColumns + ((<usize>j) << 2));
      if (value >= load<f32>(thresholds + ((<usize>column) << 2))) hits = putHit(hits, firstRow + j, column, value);
    }
  }
  setHitsEnd(hits);
  return min(i, rows);
}
