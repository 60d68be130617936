const DIGIT = 11;
const DIGITS = 1 << DIGIT;

/** Row numbers from 0 to n. */
export function rowNumbers(n: number): Uint32Array {
  const rows = new Uint32Array(n);
  for (let i = 0; i < n; i++) rows[i] = i;
  return rows;
}

/**
 * Rows by a whole number that each has, ascending; equal ones stay in their order.
 *
 * @param rows  [n] row numbers in the order so far. Not changed.
 * @param keys  by row number
 */
export function orderBy(rows: Uint32Array, keys: Uint32Array): Uint32Array {
  let from = rows;
  let to: Uint32Array | undefined;
  for (let shift = 0; shift < 32; shift += DIGIT) {
    const starts = digitStarts(from, keys, shift);
    if (starts === null) continue;
    to ??= new Uint32Array(rows.length);
    for (let i = 0; i < from.length; i++) to[starts[(keys[from[i]!]! >>> shift) & (DIGITS - 1)]!++] = from[i]!;
    [from, to] = [to, from === rows ? undefined : from];
  }
  return from;
}

/** Where the rows of each digit begin; null: all have the same one. */
function digitStarts(rows: Uint32Array, keys: Uint32Array, shift: number): Uint32Array | null {
  const starts = new Uint32Array(DIGITS);
  for (let i = 0; i < rows.length; i++) starts[(keys[rows[i]!]! >>> shift) & (DIGITS - 1)]!++;
  let sum = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = starts[digit]!;
    if (count === rows.length) return null;
    starts[digit] = sum;
    sum += count;
  }
  return starts;
}

/**
 * Rows by score, highest first; equal scores stay in their order (numpy.argsort(-scores, kind='mergesort')).
 *
 * @param rows    [n] row numbers in the order so far. Not changed.
 * @param scores  by row number; NaN not allowed
 */
export function orderByScore(rows: Uint32Array, scores: Float64Array): Uint32Array {
  const { lower, upper } = descendingKeys(scores);
  const ordered = orderBy(rows, upper);
  const sorted = ordered === rows ? rows.slice() : ordered;
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1;
    let isTie = true;
    while (end < sorted.length && upper[sorted[end]!] === upper[sorted[start]!]) {
      if (lower[sorted[end]!] !== lower[sorted[start]!]) isTie = false;
      end++;
    }
    if (!isTie) sorted.set(orderRun(sorted.subarray(start, end), lower), start); // few scores are that close
    start = end;
  }
  return sorted;
}

/** Insertion sort of short runs, which are the rule; others by their digits. */
function orderRun(rows: Uint32Array, keys: Uint32Array): Uint32Array {
  if (rows.length > 24) return orderBy(rows, keys);
  const sorted = rows.slice();
  for (let i = 1; i < sorted.length; i++) {
    const row = sorted[i]!;
    let k = i;
    for (; k > 0 && keys[sorted[k - 1]!]! > keys[row]!; k--) sorted[k] = sorted[k - 1]!;
    sorted[k] = row;
  }
  return sorted;
}

/** Halves of 64-bit numbers that ascend as the scores descend; −0 is 0. */
function descendingKeys(scores: Float64Array): { lower: Uint32Array; upper: Uint32Array } {
  const value = new Float64Array(1);
  const halves = new Uint32Array(value.buffer); // the lower half first, as on every machine that Node runs on
  const lower = new Uint32Array(scores.length);
  const upper = new Uint32Array(scores.length);
  for (let i = 0; i < scores.length; i++) {
    value[0] = scores[i]! + 0;
    const negative = halves[1]! >>> 31 === 1;
    lower[i] = negative ? halves[0]! : ~halves[0]!;
    upper[i] = negative ? halves[1]! : ~halves[1]! ^ 0x80000000;
  }
  return { lower, upper };
}

/** Values by row number, in the order of the rows. */
export function gather<T extends Uint8Array | Int32Array | Uint32Array | Float64Array>(
  values: T,
  rows: Uint32Array,
): T {
  const gathered = new (values.constructor as new (length: number) => T)(rows.length);
  for (let i = 0; i < rows.length; i++) gathered[i] = values[rows[i]!]!;
  return gathered;
}
