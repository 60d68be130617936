import { addReached, HIT, hitsEnd, putHit, setHitsEnd } from './hits';
import { bitsOf } from './scan-columns';

// Rows of logits whose scores are multiplied by a factor of the row. The product itself is not known here: each row has
// bounds that its logits are compared with, which leave room for the roundings on the way to a product.

/**
 * Finds the logits of some rows that may be among the best, and those of which it is not sure whether they are hits at all;
 * and adds to `state` how many are hits for certain.
 *
 * @param open    f32 by column, up to a multiple of 16 columns: −∞, or NaN for columns that do not count
 * @param bounds  three f32 for each row: what is below the first is no hit; from the second on it is one, for certain; from
 *                the third on, not below the second, it is to be found
 * The rest as in scanRows.
 */
export function scanFactored(
  values: usize,
  names: usize,
  rows: i32,
  rowBytes: usize,
  open: usize,
  columns: i32,
  bounds: usize,
  firstRow: i32,
  end: usize,
): i32 {
  const width = (<usize>columns) << 2;
  const most = <usize>columns * HIT;
  let hits = hitsEnd();
  let counted = i32x4.splat(0);
  let r: i32 = 0;
  for (; r < rows && hits + most <= end; r++, bounds += 12) {
    const row: i32 = names ? load<i32>(names + ((<usize>r) << 2)) : r;
    const first = values + <usize>row * rowBytes;
    const low = v128.load32_splat(bounds);
    const sure = v128.load32_splat(bounds, 4);
    const raised = v128.load32_splat(bounds, 8);
    for (let at: usize = 0; at < width; at += 16) {
      const v = v128.load(first + at);
      const counts = f32x4.ge(v, v128.load(open + at)); // not what is NaN
      const certain = v128.and(f32x4.ge(v, sure), counts);
      counted = i32x4.sub(counted, certain);
      const doubtful = v128.andnot(v128.and(f32x4.ge(v, low), counts), certain);
      const found = v128.or(v128.and(certain, f32x4.ge(v, raised)), doubtful);
      if (!v128.any_true(found)) continue;
      for (let bits = i32x4.bitmask(found); bits; bits &= bits - 1) {
        const j = ctz(bits);
        hits = putHit(hits, firstRow + row, <i32>(at >> 2) + j, load<f32>(first + at + ((<usize>j) << 2)));
      }
    }
  }
  const pairs = i64x2.add(i64x2.extend_low_i32x4_s(counted), i64x2.extend_high_i32x4_s(counted));
  addReached(<i32>(i64x2.extract_lane(pairs, 0) + i64x2.extract_lane(pairs, 1)));
  setHitsEnd(hits);
  return r;
}

/** Logits this far below the highest, or below the turning logit, have lower products however they are rounded. */
const MARGIN: f32 = 0.01;
/** From here on, scores differ so little that logits far apart may have one product. */
const TURNING: f32 = 8;

/**
 * Finds the highest logit of each row, where it reaches a bound, and those that may have the same product.
 *
 * @param open    f32 by column, up to a multiple of 16 columns: −∞, or NaN for columns that do not compete
 * @param bounds  three f32 for each row, of which the first is the bound
 * The rest as in scanRows.
 */
export function bestFactored(
  values: usize,
  names: usize,
  rows: i32,
  rowBytes: usize,
  open: usize,
  columns: i32,
  bounds: usize,
  firstRow: i32,
  end: usize,
): i32 {
  const width = (<usize>columns) << 2;
  const most = <usize>columns * HIT;
  let hits = hitsEnd();
  let r: i32 = 0;
  for (; r < rows && hits + most <= end; r++, bounds += 12) {
    const row: i32 = names ? load<i32>(names + ((<usize>r) << 2)) : r;
    const first = values + <usize>row * rowBytes;
    const floor = load<f32>(bounds);
    const best = highestOf(first, open, width);
    if (!(best >= floor)) continue;
    const t = f32x4.splat(max(floor, min(best, TURNING) - MARGIN));
    for (let at: usize = 0; at < width; at += 64) {
      const v = first + at;
      const o = open + at;
      const a = f32x4.ge(v128.load(v), f32x4.max(v128.load(o), t));
      const b = f32x4.ge(v128.load(v, 16), f32x4.max(v128.load(o, 16), t));
      const c = f32x4.ge(v128.load(v, 32), f32x4.max(v128.load(o, 32), t));
      const d = f32x4.ge(v128.load(v, 48), f32x4.max(v128.load(o, 48), t));
      for (let bits = bitsOf(a, b, c, d); bits; bits &= bits - 1) {
        const j = ctz(bits);
        hits = putHit(hits, firstRow + row, <i32>(at >> 2) + j, load<f32>(v + ((<usize>j) << 2)));
      }
    }
  }
  setHitsEnd(hits);
  return r;
}

/** The highest number of a row; −∞ where there is none. */
function highestOf(values: usize, open: usize, width: usize): f32 {
  let highest = f32x4.splat(-Infinity);
  for (let at: usize = 0; at < width; at += 16) {
    const v = v128.load(values + at);
    highest = f32x4.pmax(highest, v128.bitselect(v, highest, f32x4.ge(v, v128.load(open + at))));
  }
  return max(
    max(f32x4.extract_lane(highest, 0), f32x4.extract_lane(highest, 1)),
    max(f32x4.extract_lane(highest, 2), f32x4.extract_lane(highest, 3)),
  );
}
