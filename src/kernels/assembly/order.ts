// Orders by score with keys of 64 bits: above, the score's float32 turned so that a higher score is a smaller number;
// below, the candidate's number. Ascending keys are descending scores; equal scores: lower number first.

/** NaN has no place in this order. */
export function scoreKey(score: f32): u32 {
  const bits = reinterpret<u32>(score + 0); // −0 becomes 0, its equal
  return bits & 0x80000000 ? bits : ~bits ^ 0x80000000;
}

export function scoreOf(key: u32): f32 {
  return reinterpret<f32>(key & 0x80000000 ? key : ~key ^ 0x80000000);
}

/** The key of each score. */
export function putKeys(scores: usize, count: i32, keys: usize): void {
  for (let i: i32 = 0; i < count; i++) {
    const key = <u64>scoreKey(load<f32>(scores + ((<usize>i) << 2)));
    store<u64>(keys + ((<usize>i) << 3), (key << 32) | <u64>i);
  }
}

/** Keys up to which one pass that nearly sorts them, and another that does, are faster than a pass for each digit. */
const MANY: i32 = 4096;

/**
 * Sorts keys whose lower halves ascend already.
 *
 * @param keys     [count] u64, overwritten
 * @param scratch  [count] u64, overwritten
 * @param digits   [2048] u32, overwritten
 * @returns where the sorted keys are: `keys` or `scratch`
 */
export function sortKeys(keys: usize, count: i32, scratch: usize, digits: usize): usize {
  if (count < 48) {
    insert(keys, count, count * count);
    return keys;
  }
  let from = keys;
  let to = scratch;
  if (count <= MANY) {
    spread(keys, count, scratch, digits);
    if (insert(scratch, count, 8 * count)) return scratch;
    from = scratch;
    to = keys;
  }
  for (let shift: u64 = 32; shift < 64; shift += 11) {
    if (!radixPass(from, count, to, digits, shift)) continue;
    const other = from;
    from = to;
    to = other;
  }
  return from;
}

/** Insertion sort. @returns false: given up after so many steps */
function insert(keys: usize, count: i32, maxMoves: i32): bool {
  const end = keys + ((<usize>count) << 3);
  for (let next = keys + 8; next < end; next += 8) {
    const key = load<u64>(next);
    let at = next;
    for (; at > keys && load<u64>(at - 8) > key; at -= 8) store<u64>(at, load<u64>(at - 8));
    store<u64>(at, key);
    maxMoves -= <i32>((next - at) >> 3);
    if (maxMoves < 0) return false;
  }
  return true;
}

/** Moves keys to about where they belong: by equal parts of what lies between the lowest and the highest score's. */
function spread(keys: usize, count: i32, to: usize, digits: usize): void {
  let lowest = u32.MAX_VALUE;
  let highest: u32 = 0;
  for (let i: usize = 0; i < <usize>count; i++) {
    const key = load<u32>(keys + (i << 3), 4);
    lowest = min(lowest, key);
    highest = max(highest, key);
  }
  const bits = min(32 - clz(count), 11);
  const shift = max(32 - clz(highest - lowest) - bits, 0);
  memory.fill(digits, 0, (<usize>1) << (bits + 2));
  for (let i: usize = 0; i < <usize>count; i++) {
    const digit = digits + ((<usize>((load<u32>(keys + (i << 3), 4) - lowest) >> shift)) << 2);
    store<u32>(digit, load<u32>(digit) + 1);
  }
  sumUp(digits, (<usize>1) << bits);
  for (let i: usize = 0; i < <usize>count; i++) {
    const key = load<u64>(keys + (i << 3));
    const digit = digits + ((<usize>((<u32>(key >> 32) - lowest) >> shift)) << 2);
    const place = load<u32>(digit);
    store<u32>(digit, place + 1);
    store<u64>(to + ((<usize>place) << 3), key);
  }
}

/** Turns how many have each digit into where the first of them belongs. */
export function sumUp(digits: usize, size: usize): void {
  let sum: u32 = 0;
  for (let digit = digits; digit < digits + (size << 2); digit += 4) {
    const found = load<u32>(digit);
    store<u32>(digit, sum);
    sum += found;
  }
}

/** @returns false: all keys have the same digit, nothing was moved */
function radixPass(from: usize, count: i32, to: usize, digits: usize, shift: u64): bool {
  memory.fill(digits, 0, 2048 << 2);
  const end = from + ((<usize>count) << 3);
  for (let at = from; at < end; at += 8) {
    const digit = digits + ((<usize>((load<u64>(at) >> shift) & 2047)) << 2);
    store<u32>(digit, load<u32>(digit) + 1);
  }
  if (load<u32>(digits + ((<usize>((load<u64>(from) >> shift) & 2047)) << 2)) === <u32>count) return false;
  sumUp(digits, 2048);
  for (let at = from; at < end; at += 8) {
    const key = load<u64>(at);
    const digit = digits + ((<usize>((key >> shift) & 2047)) << 2);
    const place = load<u32>(digit);
    store<u32>(digit, place + 1);
    store<u64>(to + ((<usize>place) << 3), key);
  }
  return true;
}

/**
 * All candidates by score.
 *
 * @param scores   [count] f32
 * @param keys     [count] u64, overwritten
 * @param scratch  [count] u64, overwritten
 * @param digits   [2048] u32, overwritten
 * @param order    [count] u32, the result
 */
export function orderByScore(
  scores: usize,
  count: i32,
  keys: usize,
  scratch: usize,
  digits: usize,
  order: usize,
): void {
  putKeys(scores, count, keys);
  const sorted = sortKeys(keys, count, scratch, digits);
  for (let i: i32 = 0; i < count; i++) store<u32>(order + ((<usize>i) << 2), load<u32>(sorted + ((<usize>i) << 3)));
}
