import { iou } from './overlapped';

// Kept boxes by the position of their centres: a hash table of chains, each shared by the cells of a grid and the buckets
// with one hash. Only the chains around a box's centre can contain an overlapping box, so many kept boxes cost no more than
// few.

/** An entry: a kept box, its bucket, and the number of the next one, all of which lie in one line of a cache. */
export const ENTRY: usize = 32;

/** Rounding of middles and of the bound, many times over: a side is at least 6e-8 of what its ends are. */
const SLACK: f64 = 1e-6;

/**
 * Greatest distance between the centres of two boxes that overlap by more than a threshold, as a fraction of a side.
 *
 * On each axis their shared part is at least the threshold times the longer side, and the shorter side at least the
 * threshold times the longer one.
 */
export function reachOf(threshold: f64): f64 {
  return (1 - threshold) * max(1, 0.5 / threshold) + SLACK;
}

/**
 * Whether a kept box of the bucket overlaps a box by more than its threshold, by the chains around its centre.
 *
 * @param maxChains chains to look at; for more, comparing with all kept boxes is faster
 * @param given  as of suppress
 * @returns 1: yes, 0: no, -1: undecided
 */
export function nearOverlapped(box: usize, bucket: u32, threshold: f64, maxChains: i32, given: usize): i32 {
  const heads = <usize>load<u32>(given, 56);
  const mask = load<u32>(given, 60);
  const entries = <usize>load<u32>(given, 64);
  const scale = load<f64>(<usize>load<u32>(given, 68));
  const x1: f64 = load<f32>(box);
  const y1: f64 = load<f32>(box, 4);
  const x2: f64 = load<f32>(box, 8);
  const y2: f64 = load<f32>(box, 12);
  const reach = reachOf(threshold);
  const x = (x1 + x2) / 2;
  const y = (y1 + y2) / 2;
  const left = Math.floor((x - reach * (x2 - x1)) * scale);
  const right = Math.floor((x + reach * (x2 - x1)) * scale);
  const top = Math.floor((y - reach * (y2 - y1)) * scale);
  const bottom = Math.floor((y + reach * (y2 - y1)) * scale);
  // Also false for NaN.
  if (!((right - left + 1) * (bottom - top + 1) <= <f64>maxChains && inRange(left, right) && inRange(top, bottom)))
    return -1;
  for (let row = <i32>top; row <= <i32>bottom; row++) {
    for (let column = <i32>left; column <= <i32>right; column++) {
      const head = heads + ((<usize>placeOf(bucket, column, row, mask)) << 2);
      for (let entry = load<u32>(head), other: usize = 0; entry; entry = load<u32>(other, 20)) {
        other = entries + <usize>entry * ENTRY;
        if (load<u32>(other, 16) !== bucket) continue;
        const ox1: f64 = load<f32>(other);
        const oy1: f64 = load<f32>(other, 4);
        const ox2: f64 = load<f32>(other, 8);
        const oy2: f64 = load<f32>(other, 12);
        if (!(min(x2, ox2) > max(x1, ox1) && min(y2, oy2) > max(y1, oy1))) continue;
        if (iou(ox1, oy1, ox2, oy2, x1, y1, x2, y2) > threshold) return 1;
      }
    }
  }
  return 0;
}

/** Adds a kept box to the chain of its centre. Entries are numbered from 1; 0 ends a chain, and entry 0 counts the entries. */
export function enter(box: usize, bucket: u32, given: usize): void {
  const heads = <usize>load<u32>(given, 56);
  const mask = load<u32>(given, 60);
  const entries = <usize>load<u32>(given, 64);
  const scale = load<f64>(<usize>load<u32>(given, 68));
  const column = Math.floor(((<f64>load<f32>(box) + <f64>load<f32>(box, 8)) / 2) * scale);
  const row = Math.floor(((<f64>load<f32>(box, 4) + <f64>load<f32>(box, 12)) / 2) * scale);
  if (!(inRange(column, column) && inRange(row, row))) return; // found by no box: see nearOverlapped
  const head = heads + ((<usize>placeOf(bucket, <i32>column, <i32>row, mask)) << 2);
  const entry = load<u32>(entries) + 1;
  const at = entries + <usize>entry * ENTRY;
  v128.store(at, v128.load(box));
  store<u32>(at, bucket, 16);
  store<u32>(at, load<u32>(head), 20);
  store<u32>(head, entry);
  store<u32>(entries, entry);
}

/** 32 bits can't distinguish cells this far away: boxes there are compared with all kept boxes. */
function inRange(low: f64, high: f64): bool {
  return low > -1e9 && high < 1e9;
}

function placeOf(bucket: u32, column: i32, row: i32, mask: u32): u32 {
  let hash = (<u32>column * 0x9e3779b1) ^ (<u32>row * 0x85ebca6b) ^ (bucket * 0xc2b2ae35);
  hash = (hash ^ (hash >> 15)) * 0x2c1b3c6d;
  return (hash ^ (hash >> 13)) & mask;
}
