import { addReached, HIT, hitsEnd, putHit, setHitsEnd } from './hits';
import { bitsOf } from './scan-columns';

/**
 * Finds the values of some rows that reach their column's threshold.
 *
 * @param values      row r starts at values + r · rowBytes; 15 numbers beyond the last row are read, and do not count
 * @param together    whether the rows lie one after the other instead, in the order of their row ids
 * @param rowIds      [rows] u32 row ids; 0: firstRow and those after it
 * @param thresholds  f32 by column, up to a multiple of 16 columns; NaN: never
 * @param lower       f32 by column as well, not above them: how many values reach these is added to `state`; 0: not counted.
 *                    Without factors
 * @param factors     [rows] f32 that values are multiplied by; 0: none
 * @param end         of the room for hits, which start where hitsEnd stands
 * @returns how many rows are done: fewer when there might be no room for the next one's hits
 */
export function scanRows(
  values: usize,
  together: bool,
  rowIds: usize,
  firstRow: i32,
  rows: i32,
  rowBytes: usize,
  thresholds: usize,
  lower: usize,
  columns: i32,
  factors: usize,
  end: usize,
): i32 {
  const width = (<usize>columns) << 2;
  const maxHitBytes = <usize>columns * HIT;
  let hits = hitsEnd();
  let r: i32 = 0;
  for (; r < rows && hits + maxHitBytes <= end; r++) {
    const row: i32 = rowIds ? load<i32>(rowIds + ((<usize>r) << 2)) : firstRow + r;
    const first = values + <usize>(together ? r : row) * rowBytes;
    if (!factors) {
      hits = lower
        ? scanCounting(first, thresholds, lower, width, row, hits)
        : scanRow(first, thresholds, width, row, hits);
      continue;
    }
    const factor = load<f32>(factors + ((<usize>r) << 2));
    const f = f32x4.splat(factor);
    for (let at: usize = 0; at < width; at += 64) {
      const v = first + at;
      const t = thresholds + at;
      const a = f32x4.ge(f32x4.mul(v128.load(v), f), v128.load(t));
      const b = f32x4.ge(f32x4.mul(v128.load(v, 16), f), v128.load(t, 16));
      const c = f32x4.ge(f32x4.mul(v128.load(v, 32), f), v128.load(t, 32));
      const d = f32x4.ge(f32x4.mul(v128.load(v, 48), f), v128.load(t, 48));
      if (!v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) continue;
      for (let bits = bitsOf(a, b, c, d); bits; bits &= bits - 1) {
        const j = ctz(bits);
        hits = putHit(hits, row, <i32>(at >> 2) + j, load<f32>(v + ((<usize>j) << 2)) * factor);
      }
    }
  }
  setHitsEnd(hits);
  return r;
}

/** One row, as it is. */
function scanRow(values: usize, thresholds: usize, width: usize, row: i32, hits: usize): usize {
  for (let at: usize = 0; at < width; at += 64) {
    const v = values + at;
    const t = thresholds + at;
    const a = f32x4.ge(v128.load(v), v128.load(t));
    const b = f32x4.ge(v128.load(v, 16), v128.load(t, 16));
    const c = f32x4.ge(v128.load(v, 32), v128.load(t, 32));
    const d = f32x4.ge(v128.load(v, 48), v128.load(t, 48));
    if (v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) hits = putSome(v, bitsOf(a, b, c, d), row, at, hits);
  }
  return hits;
}

/** The same, and adds how many values reach the lower thresholds. */
function scanCounting(values: usize, thresholds: usize, lower: usize, width: usize, row: i32, hits: usize): usize {
  let counted = i32x4.splat(0);
  for (let at: usize = 0; at < width; at += 64) {
    const v = values + at;
    const t = thresholds + at;
    const l = lower + at;
    const a = v128.load(v);
    const b = v128.load(v, 16);
    const c = v128.load(v, 32);
    const d = v128.load(v, 48);
    const ab = i32x4.add(f32x4.ge(a, v128.load(l)), f32x4.ge(b, v128.load(l, 16)));
    const cd = i32x4.add(f32x4.ge(c, v128.load(l, 32)), f32x4.ge(d, v128.load(l, 48)));
    counted = i32x4.add(counted, i32x4.add(ab, cd));
    const ra = f32x4.ge(a, v128.load(t));
    const rb = f32x4.ge(b, v128.load(t, 16));
    const rc = f32x4.ge(c, v128.load(t, 32));
    const rd = f32x4.ge(d, v128.load(t, 48));
    if (v128.any_true(v128.or(v128.or(ra, rb), v128.or(rc, rd))))
      hits = putSome(v, bitsOf(ra, rb, rc, rd), row, at, hits);
  }
  addReached(-i32x4.extract_lane(counted, 0) - i32x4.extract_lane(counted, 1));
  addReached(-i32x4.extract_lane(counted, 2) - i32x4.extract_lane(counted, 3));
  return hits;
}

/** @param bits  of 16 values of a row, the ones that are hits. @param at  bytes before them in the row */
function putSome(values: usize, bits: i32, row: i32, at: usize, hits: usize): usize {
  for (; bits; bits &= bits - 1) {
    const j = ctz(bits);
    hits = putHit(hits, row, <i32>(at >> 2) + j, load<f32>(values + ((<usize>j) << 2)));
  }
  return hits;
}

/**
 * The highest value of each row, where it reaches its column's threshold. Ties: lower column.
 *
 * @param gates  f32 by column, up to a multiple of 16 columns: a value below can't be a hit; NaN: does not compete
 * The rest as in scanRows.
 */
export function bestOfRows(
  values: usize,
  together: bool,
  rowIds: usize,
  firstRow: i32,
  rows: i32,
  rowBytes: usize,
  gates: usize,
  thresholds: usize,
  columns: i32,
  factors: usize,
  end: usize,
): i32 {
  const width = (<usize>columns) << 2;
  let hits = hitsEnd();
  let r: i32 = 0;
  for (; r < rows && hits + HIT <= end; r++) {
    const row: i32 = rowIds ? load<i32>(rowIds + ((<usize>r) << 2)) : firstRow + r;
    const first = values + <usize>(together ? r : row) * rowBytes;
    const factor: f32 = factors ? load<f32>(factors + ((<usize>r) << 2)) : 1;
    const f = f32x4.splat(factor);
    let highest = f32x4.splat(-Infinity);
    let passed = i32x4.splat(0);
    for (let at: usize = 0; at < width; at += 16) {
      const v = f32x4.mul(v128.load(first + at), f);
      const open = f32x4.ge(v, v128.load(gates + at));
      passed = v128.or(passed, open);
      highest = f32x4.pmax(highest, v128.bitselect(v, highest, open));
    }
    if (!v128.any_true(passed)) continue;
    const best = max(
      max(f32x4.extract_lane(highest, 0), f32x4.extract_lane(highest, 1)),
      max(f32x4.extract_lane(highest, 2), f32x4.extract_lane(highest, 3)),
    );
    const column = firstEqual(first, f, best, gates, width);
    if (!(best >= load<f32>(thresholds + ((<usize>column) << 2)))) continue;
    hits = putHit(hits, row, column, load<f32>(first + ((<usize>column) << 2)) * factor);
  }
  setHitsEnd(hits);
  return r;
}

function firstEqual(values: usize, factor: v128, best: f32, gates: usize, end: usize): i32 {
  const wanted = f32x4.splat(best);
  for (let at: usize = 0; at < end; at += 16) {
    const v = f32x4.mul(v128.load(values + at), factor);
    const bits = i32x4.bitmask(v128.and(f32x4.eq(v, wanted), f32x4.ge(v, v128.load(gates + at))));
    if (bits) return <i32>(at >> 2) + ctz(bits);
  }
  return 0; // never: the best is one of them
}

/**
 * The rows that have a number of at least `lowest` in one place.
 *
 * @param values    row r has it at values + r · rowBytes
 * @param firstRow  number of the first row
 * @param rowIds     [rows] u32, the result: their numbers, ascending
 * @param factors   [rows] f32, the result: what they have there
 * @returns how many
 */
export function rowsFrom(
  values: usize,
  firstRow: i32,
  rows: i32,
  rowBytes: usize,
  lowest: f32,
  rowIds: usize,
  factors: usize,
): i32 {
  const t = f32x4.splat(lowest);
  const last = firstRow + rows;
  let place: usize = 0;
  let row = firstRow;
  for (; row + 8 <= last; row += 8, values += rowBytes << 3) {
    const a = f32x4.ge(fourOf(values, rowBytes), t);
    const b = f32x4.ge(fourOf(values + (rowBytes << 2), rowBytes), t);
    if (!v128.any_true(v128.or(a, b))) continue;
    for (let bits = i32x4.bitmask(a) | (i32x4.bitmask(b) << 4); bits; bits &= bits - 1, place += 4) {
      const j = ctz(bits);
      store<i32>(rowIds + place, row + j);
      store<f32>(factors + place, load<f32>(values + <usize>j * rowBytes));
    }
  }
  for (; row < last; row++, values += rowBytes) {
    // Every row is written, and the next one over it if it does not pass: a branch would be guessed wrong too often.
    store<i32>(rowIds + place, row);
    store<f32>(factors + place, load<f32>(values));
    place += (<usize>(load<f32>(values) >= lowest)) << 2;
  }
  return <i32>(place >> 2);
}

/** One number of each of four rows. */
function fourOf(values: usize, rowBytes: usize): v128 {
  const one = v128.load32_zero(values);
  const two = v128.load_lane<u32>(values + rowBytes, one, 1);
  const three = v128.load_lane<u32>(values + (rowBytes << 1), two, 2);
  return v128.load_lane<u32>(values + (rowBytes << 1) + rowBytes, three, 3);
}
