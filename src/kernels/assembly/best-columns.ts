import { HIT, hitsEnd, putHit, setHitsEnd } from './hits';
import { nextReaching } from './reaching';
import { bitsOf } from './scan-columns';

/**
 * Keeps the highest value of each row, and its column. Ties: who came first.
 *
 * @param lowest       what is lower can't be a hit, and is passed over 64 at a time
 * @param best         [rows] f32, changed: only values above it count
 * @param bestColumns  [rows] i32, changed
 * @param most         groups of 16 rows whose best is raised, after which it is given up: highestOfColumns is faster then
 * @returns how many columns are done
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
  most: i32,
): i32 {
  let k: i32 = 0;
  for (; k < count && most >= 0; k++) {
    const column = load<u16>(columns + ((<usize>k) << 1));
    most -= raiseBest(values + <usize>column * columnBytes, rows, <i32>column, factors, lowest, best, bestColumns);
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

/** Whether one of 16 values is above what is the best of its row so far: after a few columns, few are. */
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
 * The highest value of each row, without its column: for rows that reach the lowest threshold in many.
 *
 * @param best  [rows, up to a multiple of 4] f32, changed: only values above it count
 * The rest as in scanColumns.
 */
export function highestOfColumns(
  values: usize,
  rows: i32,
  columnBytes: usize,
  columns: usize,
  count: i32,
  best: usize,
): void {
  const width = (<usize>rows) << 2;
  let k: i32 = 0;
  for (; k + 4 <= count; k += 4) {
    const a = columnAt(values, columnBytes, columns, k);
    const b = columnAt(values, columnBytes, columns, k + 1);
    const c = columnAt(values, columnBytes, columns, k + 2);
    const d = columnAt(values, columnBytes, columns, k + 3);
    for (let at: usize = 0; at < width; at += 16) {
      // In this order a NaN is never taken.
      const two = f32x4.pmax(f32x4.pmax(v128.load(best + at), v128.load(a + at)), v128.load(b + at));
      v128.store(best + at, f32x4.pmax(f32x4.pmax(two, v128.load(c + at)), v128.load(d + at)));
    }
  }
  for (; k < count; k++) {
    const a = columnAt(values, columnBytes, columns, k);
    for (let at: usize = 0; at < width; at += 16) {
      v128.store(best + at, f32x4.pmax(v128.load(best + at), v128.load(a + at)));
    }
  }
}

function columnAt(values: usize, columnBytes: usize, columns: usize, k: i32): usize {
  return values + <usize>load<u16>(columns + ((<usize>k) << 1)) * columnBytes;
}

/**
 * The first column in which each row has its highest value, of rows that reach a threshold.
 *
 * @param best         [rows] f32, the highest values
 * @param wanted       [rows, up to a multiple of 16] f32, overwritten: those whose column is still to be found, or NaN
 * @param bestColumns  [rows] i32, the result
 * The rest as in scanColumns.
 */
export function columnsOfBest(
  values: usize,
  rows: i32,
  columnBytes: usize,
  columns: usize,
  count: i32,
  best: usize,
  lowest: f32,
  wanted: usize,
  bestColumns: usize,
): void {
  for (let i: usize = 0; i < <usize>((rows + 15) & ~15); i++) {
    const value: f32 = i < <usize>rows ? load<f32>(best + (i << 2)) : NaN;
    store<f32>(wanted + (i << 2), value >= lowest ? value : NaN);
  }
  for (let k: i32 = 0; k < count; k++) {
    const column = columnAt(values, columnBytes, columns, k);
    const name = <i32>load<u16>(columns + ((<usize>k) << 1));
    for (let i: i32 = 0; i < rows; i += 16) {
      const at = column + ((<usize>i) << 2);
      const want = wanted + ((<usize>i) << 2);
      const a = f32x4.eq(v128.load(at), v128.load(want));
      const b = f32x4.eq(v128.load(at, 16), v128.load(want, 16));
      const c = f32x4.eq(v128.load(at, 32), v128.load(want, 32));
      const d = f32x4.eq(v128.load(at, 48), v128.load(want, 48));
      if (!v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) continue;
      for (let bits = bitsOf(a, b, c, d); bits; bits &= bits - 1) {
        const j = (<usize>(i + ctz(bits))) << 2;
        store<i32>(bestColumns + j, name);
        store<f32>(wanted + j, NaN);
      }
    }
  }
}

/**
 * The rows whose best value reaches the threshold of its column, behind the hits that there are.
 *
 * @param lowest      a best value below it has no column
 * @param thresholds  f32 by column
 * @param from        row to go on from, a multiple of 16
 * @param end         of the room for hits
 * @returns how many rows are done, from the first one on: fewer when there is no more room
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
