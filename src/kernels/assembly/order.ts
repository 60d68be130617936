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
    insert(keys, count);
    return keys;
  }
  // Tables that are short beside the keys, as in hits.ts.
  const width: u64 = count < 1024 ? 8 : 11;
  for (let shift: u64 = 32; shift < 64; shift += width) {
    if (!radixPass(keys, count, scratch, digits, shift, (<usize>1) << (<usize>width))) continue;
    const other = keys;
    keys = scratch;
    scratch = other;
  }
  return keys;
}

function insert(keys: usize, count: i32): void {
  for (let i: i32 = 1; i < count; i++) {
    const key = load<u64>(keys + ((<usize>i) << 3));
    let at = keys + ((<usize>i) << 3);
    for (; at > keys && load<u64>(at - 8) > key; at -= 8) store<u64>(at, load<u64>(at - 8));
    store<u64>(at, key);
  }
}

/** @returns false: all keys have the same digit, nothing was moved */
function radixPass(from: usize, count: i32, to: usize, digits: usize, shift: u64, size: usize): bool {
  memory.fill(digits, 0, size << 2);
  const mask = <u64>size - 1;
  const end = from + ((<usize>count) << 3);
  for (let at = from; at < end; at += 8) {
    const digit = digits + ((<usize>((load<u64>(at) >> shift) & mask)) << 2);
    store<u32>(digit, load<u32>(digit) + 1);
  }
  if (load<u32>(digits + ((<usize>((load<u64>(from) >> shift) & mask)) << 2)) === <u32>count) return false;
  let sum: u32 = 0;
  for (let digit: usize = digits; digit < digits + (size << 2); digit += 4) {
    const found = load<u32>(digit);
    store<u32>(digit, sum);
    sum += found;
  }
  for (let at = from; at < end; at += 8) {
    const key = load<u64>(at);
    const digit = digits + ((<usize>((key >> shift) & mask)) << 2);
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
