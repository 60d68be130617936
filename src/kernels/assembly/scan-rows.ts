import { HIT, hitsEnd, putHit, setHitsEnd } from './hits';
import { bitsOf } from './scan-columns';

/**
 * Finds the values of some rows that reach their column's threshold.
 *
 * @param values      row r starts at values + r · rowBytes; 15 numbers beyond the last row are read, and do not count
 * @param names       [rows] u32 which rows; 0: from the first on
 * @param thresholds  f32 by column, up to a multiple of 16 columns; NaN: never
 * @param factors     [rows] f32 that values are multiplied by; 0: none
 * @param firstRow    name of the first row, where there are no names
 * @param end         of the room for hits, which start where hitsEnd stands
 * @returns how many rows are done: fewer when there might be no room for the next one's hits
 */
export function scanRows(
  values: usize,
  names: usize,
  rows: i32,
  rowBytes: usize,
  thresholds: usize,
  columns: i32,
  factors: usize,
  firstRow: i32,
  end: usize,
): i32 {
  const width = (<usize>columns) << 2;
  const most = <usize>columns * HIT;
  let hits = hitsEnd();
  let r: i32 = 0;
  for (; r < rows && hits + most <= end; r++) {
    const row: i32 = names ? load<i32>(names + ((<usize>r) << 2)) : r;
    const first = values + <usize>row * rowBytes;
    if (!factors) {
      hits = scanRow(first, thresholds, width, firstRow + row, hits);
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
        hits = putHit(hits, firstRow + row, <i32>(at >> 2) + j, load<f32>(v + ((<usize>j) << 2)) * factor);
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
    if (!v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) continue;
    for (let bits = bitsOf(a, b, c, d); bits; bits &= bits - 1) {
      const j = ctz(bits);
      hits = putHit(hits, row, <i32>(at >> 2) + j, load<f32>(v + ((<usize>j) << 2)));
    }
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
  names: usize,
  rows: i32,
  rowBytes: usize,
  gates: usize,
  thresholds: usize,
  columns: i32,
  factors: usize,
  firstRow: i32,
  end: usize,
): i32 {
  const width = (<usize>columns) << 2;
  let hits = hitsEnd();
  let r: i32 = 0;
  for (; r < rows && hits + HIT <= end; r++) {
    const row: i32 = names ? load<i32>(names + ((<usize>r) << 2)) : r;
    const first = values + <usize>row * rowBytes;
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
    hits = putHit(hits, firstRow + row, column, load<f32>(first + ((<usize>column) << 2)) * factor);
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
 * @param values  row r has it at values + r · rowBytes
 * @param names   [rows] u32, the result: their numbers, ascending
 * @returns how many
 */
export function rowsFrom(values: usize, rows: i32, rowBytes: usize, lowest: f32, names: usize): i32 {
  let count: usize = 0;
  let r: i32 = 0;
  const t = f32x4.splat(lowest);
  for (; r + 8 <= rows; r += 8, values += rowBytes << 3) {
    const a = f32x4.ge(fourOf(values, rowBytes), t);
    const b = f32x4.ge(fourOf(values + (rowBytes << 2), rowBytes), t);
    if (!v128.any_true(v128.or(a, b))) continue;
    for (let bits = i32x4.bitmask(a) | (i32x4.bitmask(b) << 4); bits; bits &= bits - 1, count++) {
      store<i32>(names + (count << 2), r + ctz(bits));
    }
  }
  for (; r < rows; r++, values += rowBytes) {
    // Every row is written, and the next one over it if it does not pass: a branch would be guessed wrong too often.
    store<i32>(names + (count << 2), r);
    count += usize(load<f32>(values) >= lowest);
  }
  return <i32>count;
}

/** One number of each of four rows. */
function fourOf(values: usize, rowBytes: usize): v128 {
  const one = v128.load32_zero(values);
  const two = v128.load_lane<u32>(values + rowBytes, one, 1);
  const three = v128.load_lane<u32>(values + (rowBytes << 1), two, 2);
  return v128.load_lane<u32>(values + (rowBytes << 1) + rowBytes, three, 3);
}
