import { HIT, hitsEnd, putHit, setHitsEnd } from './hits';

/**
 * Keeps the highest value of each row, and its column. Ties: who came first.
 *
 * @param lowest       what is lower can't be a hit, and is passed over 16 at a time
 * @param best         [rows] f32, changed: only values above it count
 * @param bestColumns  [rows] i32, changed
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
): void {
  for (let k: usize = 0; k < <usize>count; k++) {
    const column = load<u16>(columns + (k << 1));
    raiseBest(values + <usize>column * columnBytes, rows, <i32>column, factors, lowest, best, bestColumns);
  }
}

function raiseBest(
  values: usize,
  rows: i32,
  column: i32,
  factors: usize,
  lowest: f32,
  best: usize,
  bestColumns: usize,
): void {
  const low = f32x4.splat(lowest);
  const whole = rows & ~15;
  let i: i32 = 0;
  for (; i < whole; i += 16) {
    const at = values + ((<usize>i) << 2);
    if (!factors) {
      const ab = v128.or(f32x4.ge(v128.load(at), low), f32x4.ge(v128.load(at, 16), low));
      const cd = v128.or(f32x4.ge(v128.load(at, 32), low), f32x4.ge(v128.load(at, 48), low));
      if (!v128.any_true(v128.or(ab, cd))) continue;
    }
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
 * The rows whose best value reaches the threshold of its column, behind the hits that there are.
 *
 * @param thresholds  f32 by column
 * @param end         of the room for hits
 * @returns how many rows are done: fewer when there is no more room
 */
export function collectBest(
  best: usize,
  bestColumns: usize,
  rows: i32,
  thresholds: usize,
  firstRow: i32,
  end: usize,
): i32 {
  let hits = hitsEnd;
  let i: i32 = 0;
  for (; i < rows && hits + HIT <= end; i++) {
    const column = load<i32>(bestColumns + ((<usize>i) << 2));
    if (column < 0) continue;
    const value = load<f32>(best + ((<usize>i) << 2));
    if (value >= load<f32>(thresholds + ((<usize>column) << 2))) hits = putHit(hits, firstRow + i, column, value);
  }
  setHitsEnd(hits);
  return i;
}
