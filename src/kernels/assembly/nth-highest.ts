import { scoreKey, scoreOf } from './order';

/** Digits of a key's 32 bits, eleven at a time. */
const WIDTH: i32 = 11;
const MOST: u32 = 1 << WIDTH;

/**
 * The n-th highest of some numbers, digit by digit, without putting them in order. NaN has no place among them.
 *
 * @param values  [count] f32, the first at values, each `step` bytes after the one before
 * @param n       from 1 to count
 * @param digits  [2048] u32, overwritten
 */
export function nthHighest(values: usize, step: usize, count: i32, n: i32, digits: usize): f32 {
  const end = values + <usize>count * step;
  let found: u32 = 0; // the bits of its key that are known
  for (let shift = 2 * WIDTH; shift >= 0; shift -= WIDTH) {
    memory.fill(digits, 0, MOST << 2);
    for (let at = values; at < end; at += step) {
      const digit = (scoreKey(load<f32>(at)) >> shift) - (found >> shift);
      if (digit >= MOST) continue; // its bits so far are others
      const counter = digits + ((<usize>digit) << 2);
      store<u32>(counter, load<u32>(counter) + 1);
    }
    let digit: u32 = 0;
    for (; load<i32>(digits + ((<usize>digit) << 2)) < n; digit++) n -= load<i32>(digits + ((<usize>digit) << 2));
    found |= digit << shift;
  }
  return scoreOf(found);
}
