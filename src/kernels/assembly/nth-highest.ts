/** Digits of numbers from 0 to 1: their 30 bits, ten at a time. */
const WIDTH: i32 = 10;
const MOST: usize = 1 << WIDTH;

/**
 * The n-th highest of some numbers, digit by digit, without putting them in order.
 *
 * @param values  [count] f32 in [0, 1], the first at values, each `step` bytes after the one before
 * @param n       from 1 to count
 * @param digits  [1024] u32, overwritten
 */
export function nthHighest(values: usize, step: usize, count: i32, n: i32, digits: usize): f32 {
  const end = values + <usize>count * step;
  let found: u32 = 0; // the bits of it that are known
  for (let shift = 2 * WIDTH; shift >= 0; shift -= WIDTH) {
    memory.fill(digits, 0, MOST << 2);
    for (let at = values; at < end; at += step) {
      const digit = (load<u32>(at) >> shift) - (found >> shift);
      if (digit >= <u32>MOST) continue; // its bits so far are others
      const counter = digits + ((<usize>digit) << 2);
      store<u32>(counter, load<u32>(counter) + 1);
    }
    let digit = MOST - 1;
    for (; load<i32>(digits + (digit << 2)) < n; digit--) n -= load<i32>(digits + (digit << 2));
    found |= (<u32>digit) << shift;
  }
  return reinterpret<f32>(found);
}
