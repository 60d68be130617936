import { certainFrom, reachedFrom } from './factor-bounds';
import { addReached, HIT, hitsEnd, putHit, setHitsEnd } from './hits';
import { bitsOf } from './scan-columns';
import { sigmoidsOfFour } from './sigmoid';

// Rows of logits whose scores are multiplied by a factor of the row. Logits are first compared with bounds of their row that
// let a few too many pass; only those are turned into scores and products. Until then a hit's row is the number of its row's
// factor, and its column may be marked.

/** For four rows each: lower logits are not hits; logits from here are certainly hits; logits from here may be the best. */
const LOW: usize = memory.data(48, 16);
const SURE: usize = LOW + 16;
const RAISED: usize = LOW + 32;
/** A possible hit, not counted yet. */
const DOUBTFUL: i32 = 0x10000;

/**
 * Finds the products that reach their column's threshold and a floor, and adds to `state` how many reach their threshold.
 *
 * @param values      row r starts at values + r · rowBytes; 15 numbers beyond the last row are read, and do not count
 * @param together    whether the rows lie one after the other instead, in the order of their row ids
 * @param rowIds      [rows] u32 row ids
 * @param factors     [rows] f32 in [0, 1]
 * @param step        one row of this many is scanned; 1: all
 * @param mask        f32 by column, up to a multiple of 16 columns: 0, or NaN for columns that do not count
 * @param unmasked    bytes of a row from its start on, a multiple of 64, whose columns all count: they need no mask
 * @param thresholds  f32 by column
 * @param lowest      of the thresholds
 * @param floor       above the lowest threshold only where all have one, and products do not come near the smallest float32
 * @param end         of the room for hits, which start where hitsEnd stands
 * @returns number of rows processed: fewer if there might be no room for the next row's hits
 */
export function scanProducts(
  values: usize,
  together: bool,
  rowIds: usize,
  factors: usize,
  rows: i32,
  step: i32,
  rowBytes: usize,
  mask: usize,
  unmasked: usize,
  thresholds: usize,
  columns: i32,
  lowest: f32,
  floor: f32,
  end: usize,
): i32 {
  const width = (<usize>columns) << 2;
  const maxHitBytes = <usize>columns * HIT;
  const start = hitsEnd();
  let hits = start;
  let r: i32 = 0;
  for (let k: usize = 0; r < rows && hits + maxHitBytes <= end; r += step, k = (k + 4) & 15) {
    if (k === 0) putBounds(factors + ((<usize>r) << 2), step, lowest, floor);
    const first = values + <usize>(together ? r : load<i32>(rowIds + ((<usize>r) << 2))) * rowBytes;
    const low = v128.load32_splat(LOW + k);
    hits =
      floor > lowest
        ? raisedOf(
            first,
            mask,
            unmasked,
            width,
            low,
            v128.load32_splat(SURE + k),
            v128.load32_splat(RAISED + k),
            r,
            hits,
          )
        : reachingOf(first, mask, unmasked, width, low, r, hits);
  }
  multiply(start, hits, factors);
  setHitsEnd(keepReaching(start, hits, rowIds, thresholds, floor));
  return r;
}

/** Puts down the bounds of the next four rows; of which there may be fewer, but not the room for their factors. */
function putBounds(factors: usize, step: i32, lowest: f32, floor: f32): void {
  const apart = (<usize>step) << 2;
  const one = v128.load32_zero(factors);
  const two = v128.load_lane<u32>(factors + apart, one, 1);
  const three = v128.load_lane<u32>(factors + (apart << 1), two, 2);
  const f = v128.load_lane<u32>(factors + (apart << 1) + apart, three, 3);
  v128.store(LOW, reachedFrom(f, lowest));
  if (!(floor > lowest)) return;
  v128.store(SURE, certainFrom(f, lowest));
  v128.store(RAISED, reachedFrom(f, floor));
}

/** The logits of a row from its bound on. */
function reachingOf(
  values: usize,
  mask: usize,
  unmasked: usize,
  width: usize,
  low: v128,
  row: i32,
  hits: usize,
): usize {
  for (let at: usize = 0; at < width; at += 64) {
    const v = values + at;
    let a = v128.load(v);
    let b = v128.load(v, 16);
    let c = v128.load(v, 32);
    let d = v128.load(v, 48);
    if (at >= unmasked) {
      const m = mask + at;
      a = f32x4.add(a, v128.load(m));
      b = f32x4.add(b, v128.load(m, 16));
      c = f32x4.add(c, v128.load(m, 32));
      d = f32x4.add(d, v128.load(m, 48));
    }
    a = f32x4.ge(a, low);
    b = f32x4.ge(b, low);
    c = f32x4.ge(c, low);
    d = f32x4.ge(d, low);
    if (!v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) continue;
    for (let bits = bitsOf(a, b, c, d); bits; bits &= bits - 1) {
      const j = ctz(bits);
      hits = putHit(hits, row, (<i32>(at >> 2) + j) | DOUBTFUL, load<f32>(v + ((<usize>j) << 2)));
    }
  }
  return hits;
}

/** The logits of a row that may be among the best, and those that may be hits or none; the others are counted. */
function raisedOf(
  values: usize,
  mask: usize,
  unmasked: usize,
  width: usize,
  low: v128,
  sure: v128,
  raised: v128,
  row: i32,
  hits: usize,
): usize {
  let counted: i32 = 0;
  for (let at: usize = 0; at < width; at += 64) {
    const v = values + at;
    let a = v128.load(v);
    let b = v128.load(v, 16);
    let c = v128.load(v, 32);
    let d = v128.load(v, 48);
    if (at >= unmasked) {
      const m = mask + at;
      a = f32x4.add(a, v128.load(m));
      b = f32x4.add(b, v128.load(m, 16));
      c = f32x4.add(c, v128.load(m, 32));
      d = f32x4.add(d, v128.load(m, 48));
    }
    const la = f32x4.ge(a, low);
    const lb = f32x4.ge(b, low);
    const lc = f32x4.ge(c, low);
    const ld = f32x4.ge(d, low);
    if (!v128.any_true(v128.or(v128.or(la, lb), v128.or(lc, ld)))) continue;
    const certain = bitsOf(f32x4.ge(a, sure), f32x4.ge(b, sure), f32x4.ge(c, sure), f32x4.ge(d, sure));
    const best = bitsOf(f32x4.ge(a, raised), f32x4.ge(b, raised), f32x4.ge(c, raised), f32x4.ge(d, raised));
    counted += popcnt(certain);
    for (let bits = best | (bitsOf(la, lb, lc, ld) ^ certain); bits; bits &= bits - 1) {
      const j = ctz(bits);
      const mark = (certain >> j) & 1 ? 0 : DOUBTFUL;
      hits = putHit(hits, row, (<i32>(at >> 2) + j) | mark, load<f32>(v + ((<usize>j) << 2)));
    }
  }
  addReached(counted);
  return hits;
}

/** Logits this far below the highest, or below the turning logit, have lower products however they are rounded. */
const MARGIN: f32 = 0.01;
/** From here on, scores differ so little that logits far apart may have one product. */
const TURNING: f32 = 8;

/**
 * Finds the highest product of each row, where it reaches its column's threshold. Ties: lower column.
 *
 * @param mask  f32 by column, up to a multiple of 16 columns: 0, or NaN for columns that do not compete
 * The rest as in scanProducts.
 */
export function bestProducts(
  values: usize,
  together: bool,
  rowIds: usize,
  factors: usize,
  rows: i32,
  rowBytes: usize,
  mask: usize,
  unmasked: usize,
  thresholds: usize,
  columns: i32,
  lowest: f32,
  end: usize,
): i32 {
  const width = (<usize>columns) << 2;
  const maxHitBytes = <usize>columns * HIT;
  const start = hitsEnd();
  let hits = start;
  let r: i32 = 0;
  for (let k: usize = 0; r < rows && hits + maxHitBytes <= end; r++, k = (k + 4) & 15) {
    if (k === 0) putBounds(factors + ((<usize>r) << 2), 1, lowest, lowest);
    const first = values + <usize>(together ? r : load<i32>(rowIds + ((<usize>r) << 2))) * rowBytes;
    const low = v128.load32_splat(LOW + k);
    const best = highestOf(first, mask, unmasked, width);
    if (!v128.any_true(f32x4.ge(best, low))) continue;
    hits = reachingOf(first, mask, unmasked, width, nearBest(best, low), r, hits);
  }
  multiply(start, hits, factors);
  setHitsEnd(keepBest(start, hits, rowIds, thresholds));
  return r;
}

/** From where on logits may have the product of the highest one. All may where no bound can be relied on. */
function nearBest(best: v128, low: v128): v128 {
  const bound = f32x4.sub(f32x4.pmin(best, f32x4.splat(TURNING)), f32x4.splat(MARGIN));
  return v128.bitselect(low, f32x4.pmax(bound, low), f32x4.eq(low, f32x4.splat(-Infinity)));
}

/** The highest number of a row, in all four lanes; −∞ where there is none. */
function highestOf(values: usize, mask: usize, unmasked: usize, width: usize): v128 {
  let e = f32x4.splat(-Infinity);
  let f = e;
  for (let at: usize = 0; at < width; at += 64) {
    const v = values + at;
    let a = v128.load(v);
    let b = v128.load(v, 16);
    let c = v128.load(v, 32);
    let d = v128.load(v, 48);
    if (at >= unmasked) {
      const m = mask + at;
      a = f32x4.add(a, v128.load(m));
      b = f32x4.add(b, v128.load(m, 16));
      c = f32x4.add(c, v128.load(m, 32));
      d = f32x4.add(d, v128.load(m, 48));
    }
    // In this order a NaN is never taken.
    e = f32x4.pmax(f32x4.pmax(e, a), b);
    f = f32x4.pmax(f32x4.pmax(f, c), d);
  }
  const four = f32x4.pmax(e, f);
  const two = f32x4.pmax(four, f32x4.shuffle(four, four, 2, 3, 0, 1));
  return f32x4.pmax(two, f32x4.shuffle(two, two, 1, 0, 3, 2));
}

/** Four scores. */
const SCORES: usize = memory.data(16, 16);

/** Turns the logits of hits into products, as float32 rounds them. Reads three hits beyond the end. */
function multiply(hit: usize, end: usize, factors: usize): void {
  for (; hit < end; hit += HIT << 2) {
    const two = v128.load32_lane(hit, v128.load32_zero(hit, 8), 1, HIT + 8);
    const three = v128.load32_lane(hit, two, 2, 2 * HIT + 8);
    v128.store(SCORES, sigmoidsOfFour(v128.load32_lane(hit, three, 3, 3 * HIT + 8)));
    for (let i: usize = 0, at = hit; i < 16 && at < end; i += 4, at += HIT) {
      store<f32>(at, load<f32>(SCORES + i) * load<f32>(factors + ((<usize>load<u32>(at)) << 2)), 8);
    }
  }
}

/** Leaves the products that reach their thresholds and the floor, and gives them their rows. @returns where they end */
function keepReaching(hit: usize, end: usize, rowIds: usize, thresholds: usize, floor: f32): usize {
  let to = hit;
  let reached: i32 = 0;
  for (; hit < end; hit += HIT) {
    const column = load<i32>(hit, 4);
    const product = load<f32>(hit, 8);
    const threshold = load<f32>(thresholds + ((<usize>(column & 0xffff)) << 2));
    const reaches = i32(product >= threshold);
    reached += reaches & (column >> 16);
    putHit(to, load<i32>(rowIds + ((<usize>load<u32>(hit)) << 2)), column & 0xffff, product);
    if (reaches & i32(product >= floor)) to += HIT;
  }
  addReached(reached);
  return to;
}

/** Leaves the highest product of each row, if it reaches its threshold. @returns where they end */
function keepBest(hit: usize, end: usize, rowIds: usize, thresholds: usize): usize {
  let to = hit;
  while (hit < end) {
    const row = load<u32>(hit);
    let column = load<i32>(hit, 4);
    let product = load<f32>(hit, 8);
    for (hit += HIT; hit < end && load<u32>(hit) === row; hit += HIT) {
      if (!(load<f32>(hit, 8) > product)) continue;
      column = load<i32>(hit, 4);
      product = load<f32>(hit, 8);
    }
    column &= 0xffff;
    if (!(product >= load<f32>(thresholds + ((<usize>column) << 2)))) continue;
    to = putHit(to, load<i32>(rowIds + ((<usize>row) << 2)), column, product);
  }
  return to;
}
