// A hit in the making is 12 bytes: row u32, column u32, value f32. Hits are written one after the other into room that
// may end before the scan does: a scan stops when there is no more for certain, and says how far it came.

export const HIT: usize = 12;

/** Where the next hit goes. Who scans sets it before, and reads it after. */
export let hitsEnd: usize = 0;

export function setHitsEnd(end: usize): void {
  hitsEnd = end;
}

export function putHit(at: usize, row: i32, column: i32, value: f32): usize {
  store<i32>(at, row);
  store<i32>(at, column, 4);
  store<f32>(at, value, 8);
  return at + HIT;
}

/** Takes hits apart into one array per field. */
export function splitHits(hits: usize, count: i32, rows: usize, columns: usize, values: usize): void {
  for (let i: usize = 0; i < <usize>count; i++, hits += HIT) {
    store<u32>(rows + (i << 2), load<u32>(hits));
    store<u16>(columns + (i << 1), <u16>load<u32>(hits, 4));
    store<f32>(values + (i << 2), load<f32>(hits, 8));
  }
}

/**
 * Hits by row; those of one row keep their order. A counting sort, digit by digit.
 *
 * @param scratch   room for as many hits
 * @param digits    [4096] u32, overwritten
 * @param rowCount  rows lie below it
 * @returns where the ordered hits are: `hits` or `scratch`
 */
export function orderHits(hits: usize, count: i32, scratch: usize, digits: usize, rowCount: i32): usize {
  // Tables that are short beside the hits: clearing and summing them costs as much as moving that many.
  const width = count < 2048 ? 6 : 12;
  const most = (<usize>1) << width;
  for (let shift: u32 = 0; shift < 32 && <u32>(rowCount - 1) >> shift; shift += width) {
    moveByDigit(hits, count, scratch, digits, shift, most);
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
  let sum: u32 = 0;
  for (let digit = digits; digit < digits + (size << 2); digit += 4) {
    const found = load<u32>(digit);
    store<u32>(digit, sum);
    sum += found;
  }
  for (let hit = from; hit < end; hit += HIT) {
    const digit = digits + ((<usize>((load<u32>(hit) >> shift) & mask)) << 2);
    const place = load<u32>(digit);
    store<u32>(digit, place + 1);
    const at = to + <usize>place * HIT;
    store<u64>(at, load<u64>(hit));
    store<u32>(at, load<u32>(hit, 8), 8);
  }
}
