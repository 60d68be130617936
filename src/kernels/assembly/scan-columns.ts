import { putHit } from './hits';

/** The four lanes of each comparison as 16 bits, the lowest lane first. */
export function bitsOf(a: v128, b: v128, c: v128, d: v128): i32 {
  return i8x16.bitmask(i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)));
}

/**
 * Finds the values of some columns that reach their column's threshold.
 *
 * @param values      column k of the piece starts at values + k · columnBytes and holds `rows` numbers
 * @param columns     [count] u16 names of the columns
 * @param thresholds  [count] f32
 * @param factors     [rows] f32 that values are multiplied by; 0: none
 * @param firstRow    name of the first row
 * @returns the end of the hits
 */
export function scanColumns(
  values: usize,
  rows: i32,
  columnBytes: usize,
  columns: usize,
  thresholds: usize,
  count: i32,
  factors: usize,
  firstRow: i32,
  hits: usize,
): usize {
  for (let k: usize = 0; k < <usize>count; k++, values += columnBytes) {
    const column = <i32>load<u16>(columns + (k << 1));
    const threshold = load<f32>(thresholds + (k << 2));
    hits = factors
      ? scanProducts(values, rows, threshold, factors, firstRow, column, hits)
      : scanColumn(values, rows, threshold, firstRow, column, hits);
  }
  return hits;
}

function scanColumn(values: usize, rows: i32, threshold: f32, firstRow: i32, column: i32, hits: usize): usize {
  const t = f32x4.splat(threshold);
  const whole = rows & ~15;
  let i: i32 = 0;
  for (; i < whole; i += 16) {
    const at = values + ((<usize>i) << 2);
    const a = f32x4.ge(v128.load(at), t);
    const b = f32x4.ge(v128.load(at, 16), t);
    const c = f32x4.ge(v128.load(at, 32), t);
    const d = f32x4.ge(v128.load(at, 48), t);
    if (!v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) continue;
    for (let bits = bitsOf(a, b, c, d); bits; bits &= bits - 1) {
      const j = i + ctz(bits);
      hits = putHit(hits, firstRow + j, column, load<f32>(values + ((<usize>j) << 2)));
    }
  }
  for (; i < rows; i++) {
    const value = load<f32>(values + ((<usize>i) << 2));
    if (value >= threshold) hits = putHit(hits, firstRow + i, column, value);
  }
  return hits;
}

function scanProducts(
  values: usize,
  rows: i32,
  threshold: f32,
  factors: usize,
  firstRow: i32,
  column: i32,
  hits: usize,
): usize {
  const t = f32x4.splat(threshold);
  const whole = rows & ~3;
  let i: i32 = 0;
  for (; i < whole; i += 4) {
    const at = (<usize>i) << 2;
    let bits = i32x4.bitmask(f32x4.ge(f32x4.mul(v128.load(values + at), v128.load(factors + at)), t));
    for (; bits; bits &= bits - 1) {
      const j = i + ctz(bits);
      const to = (<usize>j) << 2;
      hits = putHit(hits, firstRow + j, column, load<f32>(values + to) * load<f32>(factors + to));
    }
  }
  for (; i < rows; i++) {
    const product = load<f32>(values + ((<usize>i) << 2)) * load<f32>(factors + ((<usize>i) << 2));
    if (product >= threshold) hits = putHit(hits, firstRow + i, column, product);
  }
  return hits;
}

/**
 * Keeps the highest value of each row, and its column. Ties: who came first.
 *
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
  best: usize,
  bestColumns: usize,
): void {
  for (let k: usize = 0; k < <usize>count; k++, values += columnBytes) {
    raiseBest(values, rows, <i32>load<u16>(columns + (k << 1)), factors, best, bestColumns);
  }
}

function raiseBest(values: usize, rows: i32, column: i32, factors: usize, best: usize, bestColumns: usize): void {
  const columnLanes = i32x4.splat(column);
  const whole = rows & ~3;
  let i: i32 = 0;
  for (; i < whole; i += 4) {
    const at = (<usize>i) << 2;
    let v = v128.load(values + at);
    if (factors) v = f32x4.mul(v, v128.load(factors + at));
    const highest = v128.load(best + at);
    const above = f32x4.gt(v, highest);
    if (!v128.any_true(above)) continue;
    v128.store(best + at, v128.bitselect(v, highest, above));
    v128.store(bestColumns + at, v128.bitselect(columnLanes, v128.load(bestColumns + at), above));
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

/**
 * The rows whose best value reaches the threshold of its column.
 *
 * @param thresholds  f32 by name of the column
 * @returns the end of the hits
 */
export function collectBest(
  best: usize,
  bestColumns: usize,
  rows: i32,
  thresholds: usize,
  firstRow: i32,
  hits: usize,
): usize {
  for (let i: usize = 0; i < <usize>rows; i++) {
    const column = load<i32>(bestColumns + (i << 2));
    if (column < 0) continue;
    const value = load<f32>(best + (i << 2));
    if (value >= load<f32>(thresholds + ((<usize>column) << 2))) hits = putHit(hits, firstRow + <i32>i, column, value);
  }
  return hits;
}
