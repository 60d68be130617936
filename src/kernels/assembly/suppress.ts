import { ENTRY, enter, nearOverlapped } from './near';
import { putKeys, scoreKey, sortKeys } from './order';
import { GROUP, overlapped } from './overlapped';

/** Candidates are sorted in portions, highest scores first, so that those after the last kept one are never sorted. */
const PORTION: i32 = 1024;
/** Up to this many are sorted at once: finding the first of them would take as long. */
const UNPARTED: i32 = 2048;
const BINS: i32 = 2048;
/** Groups of four kept boxes, best first, that are compared before others are looked up by position. */
const FEW: u32 = 16;
/** With this many groups the scene is large, and a box is seldom near the best ones; then only this few are compared. */
const LARGE: u32 = 64;
const FEWEST: u32 = 2;

/**
 * Candidates whose boxes are copied ahead of their turn: in score order they are scattered in memory, and fetching them one by
 * one takes most of the time.
 */
const STAGED: i32 = 128;

/**
 * Greedy suppression within buckets.
 *
 * @param given       u32 addresses and numbers, in this order:
 *   scores [count] f32 · classes [count] u16 · boxes [count, 4] f32 xyxy · bucket of each class [classes] u16 ·
 *   threshold of each class [classes] f64 · room: keys [count] u32 · portion [count] u64 · scratch [count] u64 ·
 *   digits [2048] u32 · bins [2048] u32 · lists [buckets] u32 · sizes [buckets] u32 · kept of each class [classes] u32 ·
 *   groups [count / 4 + buckets, rounded up] · chains by place [mask + 1] u32, 0 · mask, a power of two less 1; 0:
 *   no chains · entries of chains [count + 1] as in near.ts, the first 0 · address of f64: cells per unit · room for STAGED candidates, ENTRY
 *   bytes each
 * @param kept        [maxDetections or count, whichever is less] u32, the result
 * @returns number of kept candidates
 */
export function suppress(
  given: usize,
  count: i32,
  maxCandidates: i32,
  maxDetections: i32,
  maxPerClass: u32,
  classes: i32,
  kept: usize,
): i32 {
  const scores = <usize>load<u32>(given);
  const keys = <usize>load<u32>(given, 20);
  const portion = <usize>load<u32>(given, 24);
  const scratch = <usize>load<u32>(given, 28);
  const digits = <usize>load<u32>(given, 32);
  const bins = <usize>load<u32>(given, 36);
  layLists(given, count, classes);
  if (count <= UNPARTED) {
    putKeys(scores, count, portion);
    const sorted = sortKeys(portion, count, scratch, digits);
    return keepSome(given, sorted, min(count, maxCandidates), maxDetections, maxPerClass, kept, 0);
  }
  countKeys(scores, count, keys, bins);
  let found: i32 = 0;
  let done: i32 = 0;
  let bin: i32 = 0;
  for (let wanted = PORTION; done < maxCandidates && done < count && found < maxDetections; wanted *= 4) {
    const first = (<u32>bin) << 21;
    let size: i32 = 0;
    for (; bin < BINS && size < wanted; bin++) size += load<i32>(bins + ((<usize>bin) << 2));
    const last = bin === BINS ? 0xffffffff : ((<u32>bin) << 21) - 1;
    const taken = take(keys, count, first, last, portion);
    const sorted = sortKeys(portion, taken, scratch, digits);
    found = keepSome(given, sorted, min(taken, maxCandidates - done), maxDetections, maxPerClass, kept, found);
    done += taken;
  }
  return found;
}

/** Suppresses a portion of candidates against those kept so far. @returns number of kept candidates by then */
function keepSome(
  given: usize,
  sorted: usize,
  count: i32,
  maxDetections: i32,
  maxPerClass: u32,
  kept: usize,
  found: i32,
): i32 {
  const staged = <usize>load<u32>(given, 72);
  for (let first: i32 = 0; first < count && found < maxDetections; first += STAGED) {
    const some = min(STAGED, count - first);
    stage(given, sorted + ((<usize>first) << 3), some, staged);
    for (let i: i32 = 0; i < some && found < maxDetections; i++) {
      if (!keep(given, staged + <usize>i * ENTRY, maxPerClass)) continue;
      store<u32>(kept + ((<usize>found) << 2), load<u32>(sorted + ((<usize>(first + i)) << 3)));
      found++;
    }
  }
  return found;
}

/** Copies box and class of some candidates next to each other. */
function stage(given: usize, sorted: usize, count: i32, staged: usize): void {
  const classes = <usize>load<u32>(given, 4);
  const boxes = <usize>load<u32>(given, 8);
  for (let i: usize = 0; i < <usize>count; i++, staged += ENTRY) {
    const candidate = <usize>load<u32>(sorted + (i << 3));
    v128.store(staged, v128.load(boxes + (candidate << 4)));
    store<u32>(staged, <u32>load<u16>(classes + (candidate << 1)), 16);
  }
}

/** Makes the keys, and counts them by their highest 11 bits. */
function countKeys(scores: usize, count: i32, keys: usize, bins: usize): void {
  memory.fill(bins, 0, (<usize>BINS) << 2);
  for (let i: usize = 0; i < <usize>count; i++) {
    const key = scoreKey(load<f32>(scores + (i << 2)));
    store<u32>(keys + (i << 2), key);
    const bin = bins + ((<usize>(key >> 21)) << 2);
    store<u32>(bin, load<u32>(bin) + 1);
  }
}

/** The candidates with keys from first to last. Every candidate is written; the next one overwrites it if its key is outside. */
function take(keys: usize, count: i32, first: u32, last: u32, portion: usize): i32 {
  let taken: i32 = 0;
  for (let i: i32 = 0; i < count; i++) {
    const key = load<u32>(keys + ((<usize>i) << 2));
    store<u64>(portion + ((<usize>taken) << 3), ((<u64>key) << 32) | <u64>i);
    taken += i32(key - first <= last - first);
  }
  return taken;
}

/** @param box  staged, followed by its class. @returns whether it is kept */
function keep(given: usize, box: usize, maxPerClass: u32): bool {
  const classId = <usize>load<u32>(box, 16);
  const ofClass = <usize>load<u32>(given, 48) + (classId << 2);
  if (load<u32>(ofClass) >= maxPerClass) return false;
  const bucket = <usize>load<u16>(<usize>load<u32>(given, 12) + (classId << 1));
  const list = <usize>load<u32>(<usize>load<u32>(given, 40) + (bucket << 2));
  const size = <usize>load<u32>(given, 44) + (bucket << 2);
  const threshold = load<f64>(<usize>load<u32>(given, 16) + (classId << 3));
  const groups = (load<u32>(size) + 3) >> 2;
  const chained = load<u32>(given, 60) > 0;
  const first: u32 = chained ? (groups > LARGE ? FEWEST : min(groups, FEW)) : groups;
  if (overlapped(box, list, list + <usize>first * GROUP, threshold)) return false;
  if (groups > first) {
    const told = nearOverlapped(box, <u32>bucket, threshold, groups >> 1, given);
    if (told > 0) return false;
    if (told < 0 && overlapped(box, list + <usize>first * GROUP, list + <usize>groups * GROUP, threshold)) return false;
  }
  store<u32>(ofClass, load<u32>(ofClass) + 1);
  add(box, list, size);
  if (chained) enter(box, <u32>bucket, given);
  return true;
}

function add(box: usize, list: usize, size: usize): void {
  const place = <usize>load<u32>(size);
  const group = list + (place >> 2) * GROUP;
  if ((place & 3) === 0) memory.fill(group, 0xff, GROUP);
  const at = group + ((place & 3) << 2);
  for (let k: usize = 0; k < 4; k++) store<f32>(at + (k << 4), load<f32>(box + (k << 2)));
  store<u32>(size, <u32>place + 1);
}

/** Gives each bucket room for all its candidates; nothing is kept yet. */
function layLists(given: usize, count: i32, classCount: i32): void {
  const classes = <usize>load<u32>(given, 4);
  const bucketOf = <usize>load<u32>(given, 12);
  const lists = <usize>load<u32>(given, 40);
  let buckets: i32 = 0;
  for (let c: usize = 0; c < <usize>classCount; c++) buckets = max(buckets, 1 + <i32>load<u16>(bucketOf + (c << 1)));
  memory.fill(lists, 0, (<usize>buckets) << 2);
  memory.fill(<usize>load<u32>(given, 44), 0, (<usize>buckets) << 2);
  memory.fill(<usize>load<u32>(given, 48), 0, (<usize>classCount) << 2);
  for (let i: usize = 0; i < <usize>count; i++) {
    const classId = <usize>load<u16>(classes + (i << 1));
    const list = lists + ((<usize>load<u16>(bucketOf + (classId << 1))) << 2);
    store<u32>(list, load<u32>(list) + 1);
  }
  let group = load<u32>(given, 52);
  for (let b: usize = 0; b < <usize>buckets; b++) {
    const size = load<u32>(lists + (b << 2));
    store<u32>(lists + (b << 2), group);
    group += ((size + 3) >> 2) * <u32>GROUP;
  }
}
