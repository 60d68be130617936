import { HIT, hitsEnd, putHit, setHitsEnd } from './hits';

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
  const most = <usize>rows * HIT;
  let hits = hitsEnd;
  let k: i32 = 0;
  for (; k < count && hits + most <= end; k++) {
    const column = <usize>load<u16>(columns + ((<usize>k) << 1));
    const at = values + column * columnBytes;
    const threshold = load<f32>(thresholds + (column << 2));
    hits = factors
      ? scanProducts(at, rows, threshold, factors, firstRow, <i32>column, hits)
      : scanColumn(at, rows, threshold, firstRow, <i32>column, hits, (k % share) << 4, share << 4);
  }
  setHitsEnd(hits);
  return k;
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
      i = nextWithHit(values, i, whole, t);
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

/** The first group of 16 from one on that may have a hit, looked for 64 numbers at a time; `whole` when there is none. */
function nextWithHit(values: usize, i: i32, whole: i32, t: v128): i32 {
  for (; i + 64 <= whole; i += 64) {
    const at = values + ((<usize>i) << 2);
    const a = v128.or(f32x4.ge(v128.load(at), t), f32x4.ge(v128.load(at, 16), t));
    const b = v128.or(f32x4.ge(v128.load(at, 32), t), f32x4.ge(v128.load(at, 48), t));
    const c = v128.or(f32x4.ge(v128.load(at, 64), t), f32x4.ge(v128.load(at, 80), t));
    const d = v128.or(f32x4.ge(v128.load(at, 96), t), f32x4.ge(v128.load(at, 112), t));
    const e = v128.or(f32x4.ge(v128.load(at, 128), t), f32x4.ge(v128.load(at, 144), t));
    const f = v128.or(f32x4.ge(v128.load(at, 160), t), f32x4.ge(v128.load(at, 176), t));
    const g = v128.or(f32x4.ge(v128.load(at, 192), t), f32x4.ge(v128.load(at, 208), t));
    const h = v128.or(f32x4.ge(v128.load(at, 224), t), f32x4.ge(v128.load(at, 240), t));
    const first = v128.or(a, b);
    const second = v128.or(c, d);
    const third = v128.or(e, f);
    if (!v128.any_true(v128.or(v128.or(first, second), v128.or(third, v128.or(g, h))))) continue;
    return i + (v128.any_true(first) ? 0 : v128.any_true(second) ? 16 : v128.any_true(third) ? 32 : 48);
  }
  return i;
}

function putHits(values: usize, i: i32, t: v128, firstRow: i32, column: i32, hits: usize): usize {
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
