import { addReached, HIT, hitsEnd, putHit, setHitsEnd } from './hits';
import { bitsOf } from './scan-columns';

/**
 * As scanColumns, and adds to `state` besides how many values reach a second, lower threshold.
 *
 * @param raised  f32 by column, what a hit must reach
 * @param lower   f32 by column, what is counted
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
  const most = <usize>rows * HIT;
  let hits = hitsEnd();
  let k: i32 = 0;
  for (; k < count && hits + most <= end; k++) {
    const column = <usize>load<u16>(columns + ((<usize>k) << 1));
    const at = values + column * columnBytes;
    hits = scanOne(
      at,
      rows,
      load<f32>(raised + (column << 2)),
      load<f32>(lower + (column << 2)),
      firstRow,
      <i32>column,
      hits,
    );
  }
  setHitsEnd(hits);
  return k;
}

function scanOne(values: usize, rows: i32, raised: f32, lower: f32, firstRow: i32, column: i32, hits: usize): usize {
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
    const ab = i32x4.add(f32x4.ge(a, low), f32x4.ge(b, low));
    counted = i32x4.sub(counted, i32x4.add(ab, i32x4.add(f32x4.ge(c, low), f32x4.ge(d, low))));
    const ta = f32x4.ge(a, t);
    const tb = f32x4.ge(b, t);
    const tc = f32x4.ge(c, t);
    const td = f32x4.ge(d, t);
    if (!v128.any_true(v128.or(v128.or(ta, tb), v128.or(tc, td)))) continue;
    for (let bits = bitsOf(ta, tb, tc, td); bits; bits &= bits - 1) {
      const j = i + ctz(bits);
      hits = putHit(hits, firstRow + j, column, load<f32>(values + ((<usize>j) << 2)));
    }
  }
  for (; i < rows; i++) {
    const value = load<f32>(values + ((<usize>i) << 2));
    addReached(i32(value >= lower));
    if (value >= raised) hits = putHit(hits, firstRow + i, column, value);
  }
  addReached(i32x4.extract_lane(counted, 0) + i32x4.extract_lane(counted, 1));
  addReached(i32x4.extract_lane(counted, 2) + i32x4.extract_lane(counted, 3));
  return hits;
}
