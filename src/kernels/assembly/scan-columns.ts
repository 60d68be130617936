import { HIT, hitsEnd, putHit, setHitsEnd } from './hits';
import { nextReaching } from './reaching';

/** The four lanes of each comparison as 16 bits, the lowest lane first. */
export function bitsOf(a: v128, b: v128, c: v128, d: v128): i32 {
  return i8x16.bitmask(i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)));
}

/**
 * Finds the values of some columns that reach their column's threshold.
 *
 * @param values      column c starts at values + c · columnBytes and holds `rows` numbers; 15 beyond its end are read at
 *                    most, and do not count
 * @param columns     [count] u16 which columns
 * @param thresholds  f32 by column
 * @param factors     [rows] f32 that values are multiplied by; 0: none
 * @param firstRow    name of the first row
 * @param share       of each column, only one of so many groups of 16 rows is read, each column another; 1: all
 * @param end         of the room for hits, which start where hitsEnd stands
 * @returns how many columns are done: fewer when there might be no room for the next one's hits
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
  share: i32,
  end: usize,
): i32 {
  const maxHitBytes = <usize>rows * HIT;
  let hits = hitsEnd();
  let k: i32 = 0;
  for (; k < count && hits + maxHitBytes <= end; k++) {
    const column = <usize>load<u16>(columns + ((<usize>k) << 1));
    const at = values + column * columnBytes;
    const threshold = load<f32>(thresholds + (column << 2));
    hits = factors
      ? scanProducts(at, rows, threshold, factors, firstRow, <i32>column, hits)
      : scanColumn(at, rows, threshold, firstRow, <i32>column, hits, (<i32>column % share) << 4, share << 4);
  }
  setHitsEnd(hits);
  return k;
}

/**
 * As scanColumns, of columns that lie one after the other and have one threshold: as if they were one.
 *
 * @param rows    of each column
 * @param from    number to go on from, a multiple of 16, counted from the start of the first column on
 * @param length  of all of them
 * @param column  name of the first one
 * @returns how many numbers are done, counted from the first one on
 */
export function scanRun(
  values: usize,
  rows: i32,
  from: i32,
  length: i32,
  column: i32,
  threshold: f32,
  end: usize,
): i32 {
  const t = f32x4.splat(threshold);
  const whole = length & ~15;
  let hits = hitsEnd();
  let columnEnd = (from / rows + 1) * rows;
  column += from / rows;
  let i = from;
  for (; hits + 16 * HIT <= end; i += 16) {
    i = nextReaching(values, i, whole, threshold);
    if (i >= length) break;
    const at = values + ((<usize>i) << 2);
    const a = f32x4.ge(v128.load(at), t);
    const b = f32x4.ge(v128.load(at, 16), t);
    const c = f32x4.ge(v128.load(at, 32), t);
    const d = f32x4.ge(v128.load(at, 48), t);
    for (let bits = bitsOf(a, b, c, d); bits; bits &= bits - 1) {
      const j = i + ctz(bits);
      if (j >= length) break;
      for (; j >= columnEnd; columnEnd += rows) column++;
      hits = putHit(hits, j - columnEnd + rows, column, load<f32>(values + ((<usize>j) << 2)));
    }
  }
  setHitsEnd(hits);
  return min(i, length);
}

function scanColumn(
  values: usize,
  rows: i32,
  threshold: f32,
  firstRow: i32,
  column: i32,
  hits: usize,
  from: i32,
  step: i32,
): usize {
  const t = f32x4.splat(threshold);
  const whole = rows & ~15;
  let i: i32 = from;
  for (; i < whole; i += step) {
    if (step === 16) {
      i = nextReaching(values, i, whole, threshold);
      if (i >= whole) break;
    }
    hits = putHits(values, i, t, firstRow, column, hits);
  }
  for (; i < rows; i++) {
    const value = load<f32>(values + ((<usize>i) << 2));
    if (value >= threshold) hits = putHit(hits, firstRow + i, column, value);
  }
  return hits;
}

/** The hits among 16 values. */
export function putHits(values: usize, i: i32, t: v128, firstRow: i32, column: i32, hits: usize): usize {
  const at = values + ((<usize>i) << 2);
  const a = f32x4.ge(v128.load(at), t);
  const b = f32x4.ge(v128.load(at, 16), t);
  const c = f32x4.ge(v128.load(at, 32), t);
  const d = f32x4.ge(v128.load(at, 48), t);
  for (let bits = bitsOf(a, b, c, d); bits; bits &= bits - 1) {
    const j = i + ctz(bits);
    hits = putHit(hits, firstRow + j, column, load<f32>(values + ((<usize>j) << 2)));
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
