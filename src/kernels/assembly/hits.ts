// A hit in the making is 12 bytes: row u32, column u32, value f32. Hits are written one after the other into room that
// may end before the scan does: a scan stops when there is no more for certain, and says how far it came.

import { sumUp } from './order';
import { sigmoids } from './sigmoid';

export const HIT: usize = 12;

/**
 * Where two numbers lie that who scans sets before and reads after, without a call: the address of the next hit, u32, and
 * how many values have reached their lower threshold, i32.
 */
export const state: usize = memory.data(8, 8);

export function hitsEnd(): usize {
  return <usize>load<u32>(state);
}

export function setHitsEnd(end: usize): void {
  store<u32>(state, <u32>end);
}

export function addReached(count: i32): void {
  store<i32>(state, load<i32>(state, 4) + count, 4);
}

export function putHit(at: usize, row: i32, column: i32, value: f32): usize {
  store<i32>(at, row);
  store<i32>(at, column, 4);
  store<f32>(at, value, 8);
  return at + HIT;
}

/**
 * Hits as one array per field.
 *
 * @param scratch    room for as many hits, overwritten
 * @param digits     [4096] u32, overwritten
 * @param rowCount   rows lie below it; the result is by row, hits of one row as they were. 0: all stay as they were
 * @param highest    whether of each row only its highest hit stays, of equal ones the first
 * @param activates  whether the values are logits, to be replaced by their sigmoids
 * @returns how many there are
 */
export function finishHits(
  hits: usize,
  count: i32,
  scratch: usize,
  digits: usize,
  rowCount: i32,
  highest: bool,
  activates: bool,
  rows: usize,
  columns: usize,
  values: usize,
): i32 {
  let hit = rowCount ? orderHits(hits, count, scratch, digits, rowCount) : hits;
  if (highest) count = keepHighest(hit, count);
  for (let i: usize = 0; i < <usize>count; i++, hit += HIT) {
    store<u32>(rows + (i << 2), load<u32>(hit));
    store<u16>(columns + (i << 1), <u16>load<u32>(hit, 4));
    store<f32>(values + (i << 2), load<f32>(hit, 8));
  }
  if (activates) sigmoids(values, count);
  return count;
}

/** Of hits by row, moves the highest of each row to the front. @returns how many */
function keepHighest(hits: usize, count: i32): i32 {
  let last = hits - HIT;
  let row: i64 = -1;
  for (let hit = hits; hit < hits + <usize>count * HIT; hit += HIT) {
    const same = <i64>load<u32>(hit) === row;
    if (same && !(load<f32>(hit, 8) > load<f32>(last, 8))) continue;
    if (!same) last += HIT;
    row = <i64>load<u32>(hit);
    memory.copy(last, hit, HIT);
  }
  return <i32>((last + HIT - hits) / HIT);
}

/** A counting sort, digit by digit. @returns where the ordered hits are: `hits` or `scratch` */
function orderHits(hits: usize, count: i32, scratch: usize, digits: usize, rowCount: i32): usize {
  // Tables that are short beside the hits: clearing and summing them costs as much as moving that many. And as few passes as
  // such tables allow.
  const bits = 32 - clz(rowCount - 1);
  const maxBits: i32 = count < 2048 ? 8 : 12;
  const passes = (bits + maxBits - 1) / maxBits;
  const width: u32 = passes ? (bits + passes - 1) / passes : 0;
  const size = (<usize>1) << width;
  for (let shift: u32 = 0; shift < <u32>bits; shift += width) {
    moveByDigit(hits, count, scratch, digits, shift, size);
    const other = hits;
    hits = scratch;
    scratch = other;
  }
  return hits;
}

function moveByDigit(from: usize, count: i32, to: usize, digits: usize, shift: u32, size: usize): void {
  memory.fill(digits, 0, size << 2);
  const end = from + <usize>count * HIT;
  const mask = <u32>size - 1;
  for (let hit = from; hit < end; hit += HIT) {
    const digit = digits + ((<usize>((load<u32>(hit) >> shift) & mask)) << 2);
    store<u32>(digit, load<u32>(digit) + 1);
  }
  sumUp(digits, size);
  for (let hit = from; hit < end; hit += HIT) {
    const digit = digits + ((<usize>((load<u32>(hit) >> shift) & mask)) << 2);
    const place = load<u32>(digit);
    store<u32>(digit, place + 1);
    const at = to + <usize>place * HIT;
    store<u64>(at, load<u64>(hit));
    store<u32>(at, load<u32>(hit, 8), 8);
  }
}
