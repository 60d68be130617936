import { addReached, HIT, hitsEnd, putHit, setHitsEnd } from './hits';
import { putHits } from './scan-columns';

/**
 * As scanColumns, and says besides how much reaches a second, lower threshold: adds to `state` how many values do, or marks
 * rows of which one does.
 *
 * @param raised  f32 by column, what a hit must reach
 * @param lower   f32 by column, not above `raised`
 * @param marks   [rows, up to a multiple of 16] u8, of rows that are marked 0xff afterwards; 0: values are counted
 * The rest as in scanColumns.
 */
export function scanRaised(
  values: usize,
  rows: i32,
  columnBytes: usize,
  columns: usize,
  raised: usize,
  lower: usize,
  marks: usize,
  count: i32,
  firstRow: i32,
  end: usize,
): i32 {
  const most = <usize>rows * HIT;
  let hits = hitsEnd();
  let k: i32 = 0;
  for (; k < count && hits + most <= end; k++) {
    const column = <usize>load<u16>(columns + ((<usize>k) << 1));
    const at = values + column * columnBytes;
    const high = load<f32>(raised + (column << 2));
    const low = load<f32>(lower + (column << 2));
    hits = scanOne(at, rows, high, low, marks, firstRow, <i32>column, hits);
  }
  setHitsEnd(hits);
  return k;
}

function scanOne(
  values: usize,
  rows: i32,
  raised: f32,
  lower: f32,
  marks: usize,
  firstRow: i32,
  column: i32,
  hits: usize,
): usize {
  const t = f32x4.splat(raised);
  const low = f32x4.splat(lower);
  const whole = rows & ~15;
  let counted = i32x4.splat(0);
  let i: i32 = 0;
  for (; i < whole; i += 16) {
    const at = values + ((<usize>i) << 2);
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const la = f32x4.ge(a, low);
    const lb = f32x4.ge(b, low);
    const lc = f32x4.ge(c, low);
    const ld = f32x4.ge(d, low);
    if (marks) {
      const mark = marks + <usize>i;
      const four = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(la, lb), i16x8.narrow_i32x4_s(lc, ld));
      v128.store(mark, v128.or(v128.load(mark), four));
    } else {
      counted = i32x4.sub(counted, i32x4.add(i32x4.add(la, lb), i32x4.add(lc, ld)));
    }
    const reaching = v128.or(v128.or(f32x4.ge(a, t), f32x4.ge(b, t)), v128.or(f32x4.ge(c, t), f32x4.ge(d, t)));
    if (v128.any_true(reaching)) hits = putHits(values, i, t, firstRow, column, hits);
  }
  for (; i < rows; i++) {
    const value = load<f32>(values + ((<usize>i) << 2));
    if (!marks) addReached(i32(value >= lower));
    else if (value >= lower) store<u8>(marks + <usize>i, 0xff);
    if (value >= raised) hits = putHit(hits, firstRow + i, column, value);
  }
  addReached(i32x4.extract_lane(counted, 0) + i32x4.extract_lane(counted, 1));
  addReached(i32x4.extract_lane(counted, 2) + i32x4.extract_lane(counted, 3));
  return hits;
}

/** @returns how many of some rows are marked; what is behind them, up to a multiple of 16, is 0 */
export function countMarked(marks: usize, rows: i32): i32 {
  let counted = 0;
  for (let i: i32 = 0; i < rows; i += 16) counted += popcnt(i8x16.bitmask(v128.load(marks + <usize>i)));
  return counted;
}
