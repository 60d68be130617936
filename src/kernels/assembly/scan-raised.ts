import { addReached, HIT, hitsEnd, putHit, setHitsEnd } from './hits';
import { bitsToReach } from './reaching';
import { putHits } from './scan-columns';

/**
 * As scanColumns, and adds besides to `state` how many values reach a second, lower threshold.
 *
 * @param raised  f32 by column, what a hit must reach
 * @param lower   f32 by column, not above `raised`
 * The rest as in scanColumns.
 */
export function scanRaised(
  values: usize,
  rows: i32,
  columnBytes: usize,
  columns: usize,
  raised: usize,
  lower: usize,
  count: i32,
  firstRow: i32,
  end: usize,
): i32 {
  const maxHitBytes = <usize>rows * HIT;
  let k: i32 = 0;
  for (; k < count && hitsEnd() + maxHitBytes <= end; k++) {
    const column = <usize>load<u16>(columns + ((<usize>k) << 1));
    const high = load<f32>(raised + (column << 2));
    const low = load<f32>(lower + (column << 2));
    scanOne(values + column * columnBytes, rows, high, low, firstRow, <i32>column);
  }
  return k;
}

function scanOne(values: usize, rows: i32, raised: f32, lower: f32, firstRow: i32, column: i32): void {
  const bits = bitsToReach(raised);
  let i =
    bits < 0
      ? scanNegative(values, rows, raised, i32x4.splat(bits), f32x4.splat(lower), firstRow, column)
      : scanPositive(values, rows, raised, i32x4.splat(bits), f32x4.splat(lower), firstRow, column);
  let hits = hitsEnd();
  for (; i < rows; i++) {
    const value = load<f32>(values + ((<usize>i) << 2));
    addReached(i32(value >= lower));
    if (value >= raised) hits = putHit(hits, firstRow + i, column, value);
  }
  setHitsEnd(hits);
}

/** 16 values at a time, all as integers, as in reaching.ts. @returns how many are done */
function scanNegative(values: usize, rows: i32, raised: f32, bits: v128, low: v128, firstRow: i32, column: i32): i32 {
  const t = f32x4.splat(raised);
  const whole = rows & ~15;
  let hits = hitsEnd();
  let counted = i32x4.splat(0);
  let i: i32 = 0;
  for (; i < whole; i += 16) {
    const at = values + ((<usize>i) << 2);
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    counted = i32x4.add(counted, reachingOf(a, b, c, d, low));
    const all = i32x4.min_u(i32x4.min_u(a, b), i32x4.min_u(c, d));
    if (v128.any_true(i32x4.le_u(all, bits))) hits = putHits(values, i, t, firstRow, column, hits);
  }
  finish(hits, counted);
  return i;
}

function scanPositive(values: usize, rows: i32, raised: f32, bits: v128, low: v128, firstRow: i32, column: i32): i32 {
  const t = f32x4.splat(raised);
  const whole = rows & ~15;
  let hits = hitsEnd();
  let counted = i32x4.splat(0);
  let i: i32 = 0;
  for (; i < whole; i += 16) {
    const at = values + ((<usize>i) << 2);
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    counted = i32x4.add(counted, reachingOf(a, b, c, d, low));
    const all = i32x4.max_s(i32x4.max_s(a, b), i32x4.max_s(c, d));
    if (v128.any_true(i32x4.ge_s(all, bits))) hits = putHits(values, i, t, firstRow, column, hits);
  }
  finish(hits, counted);
  return i;
}

/** How many of 16 values reach a threshold, by lane, below 0. */
function reachingOf(a: v128, b: v128, c: v128, d: v128, t: v128): v128 {
  const ab = i32x4.add(f32x4.ge(a, t), f32x4.ge(b, t));
  return i32x4.add(ab, i32x4.add(f32x4.ge(c, t), f32x4.ge(d, t)));
}

function finish(hits: usize, counted: v128): void {
  setHitsEnd(hits);
  addReached(-i32x4.extract_lane(counted, 0) - i32x4.extract_lane(counted, 1));
  addReached(-i32x4.extract_lane(counted, 2) - i32x4.extract_lane(counted, 3));
}
