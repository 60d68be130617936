// Whether one of 64 numbers reaches a threshold, by the lowest or highest of them as integers, which takes one step for four
// numbers where comparing each takes two: the bits of float32 above 0 ascend with them, those below 0 descend. A NaN may
// pass; the caller compares again.

/**
 * The first group of 16 from one on that may have a number of at least a threshold.
 *
 * @param i      multiple of 16
 * @param whole  multiple of 16; the result if there is none
 */
export function nextReaching(values: usize, i: i32, whole: i32, threshold: f32): i32 {
  const bits = bitsToReach(threshold);
  return bits < 0
    ? nextFromNegative(values, i, whole, i32x4.splat(bits))
    : nextFromPositive(values, i, whole, i32x4.splat(bits));
}

/** For thresholds below 0, numbers that reach it have no higher bits as u32; else no lower bits as i32. */
export function bitsToReach(threshold: f32): i32 {
  // −0 reaches 0: its bits are the highest that do.
  return threshold === 0 ? <i32>0x80000000 : reinterpret<i32>(threshold);
}

function nextFromNegative(values: usize, i: i32, whole: i32, t: v128): i32 {
  for (; i + 64 <= whole; i += 64) {
    const at = values + ((<usize>i) << 2);
    const a = lowest(at);
    const b = lowest(at + 64);
    const c = lowest(at + 128);
    const all = i32x4.min_u(i32x4.min_u(a, b), i32x4.min_u(c, lowest(at + 192)));
    if (!v128.any_true(i32x4.le_u(all, t))) continue;
    if (v128.any_true(i32x4.le_u(a, t))) return i;
    return i + (v128.any_true(i32x4.le_u(b, t)) ? 16 : v128.any_true(i32x4.le_u(c, t)) ? 32 : 48);
  }
  return i;
}

function lowest(at: usize): v128 {
  const ab = i32x4.min_u(v128.load(at), v128.load(at, 16));
  return i32x4.min_u(ab, i32x4.min_u(v128.load(at, 32), v128.load(at, 48)));
}

function nextFromPositive(values: usize, i: i32, whole: i32, t: v128): i32 {
  for (; i + 64 <= whole; i += 64) {
    const at = values + ((<usize>i) << 2);
    const a = highest(at);
    const b = highest(at + 64);
    const c = highest(at + 128);
    const all = i32x4.max_s(i32x4.max_s(a, b), i32x4.max_s(c, highest(at + 192)));
    if (!v128.any_true(i32x4.ge_s(all, t))) continue;
    if (v128.any_true(i32x4.ge_s(a, t))) return i;
    return i + (v128.any_true(i32x4.ge_s(b, t)) ? 16 : v128.any_true(i32x4.ge_s(c, t)) ? 32 : 48);
  }
  return i;
}

function highest(at: usize): v128 {
  const ab = i32x4.max_s(v128.load(at), v128.load(at, 16));
  return i32x4.max_s(ab, i32x4.max_s(v128.load(at, 32), v128.load(at, 48)));
}
