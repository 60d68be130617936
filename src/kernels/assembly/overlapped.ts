// Kept boxes of a bucket stand in groups of four, one group after the other: x1, y1, x2, y2 as four f32 each. Free places
// of the last group hold NaN, which overlaps nothing.
export const GROUP: usize = 64;

const ZERO: v128 = f32x4.splat(0);
/** Between these, float32 holds a union of areas with all its digits. */
const SMALLEST: v128 = f32x4.splat(1e-30);
const LARGEST: v128 = f32x4.splat(1e30);

/**
 * An IoU in float32 up to which no pair is the same: float32's errors are a thousand times smaller than the margin. Nothing
 * is sure at very low thresholds, where an intersection may be lost in float32.
 */
function surelyBelow(threshold: f64): f32 {
  return threshold < 1e-4 ? -1 : <f32>(threshold * 0.999);
}

/** An IoU in float32 above which every pair is the same. */
function surelyAbove(threshold: f64): f32 {
  return threshold < 1e-4 ? Infinity : <f32>(threshold * 1.001);
}

/** Whether one of the kept boxes is the same as the box. Four at a time in float32; in double precision what is close. */
export function overlapped(box: usize, group: usize, end: usize, threshold: f64): bool {
  const x1 = v128.load32_splat(box);
  const y1 = v128.load32_splat(box, 4);
  const x2 = v128.load32_splat(box, 8);
  const y2 = v128.load32_splat(box, 12);
  const area = f32x4.mul(f32x4.sub(x2, x1), f32x4.sub(y2, y1));
  const sure = f32x4.splat(surelyBelow(threshold));
  const certain = f32x4.splat(surelyAbove(threshold));
  for (; group < end; group += GROUP) {
    const left = v128.load(group);
    const top = v128.load(group, 16);
    const right = v128.load(group, 32);
    const bottom = v128.load(group, 48);
    const width = f32x4.sub(f32x4.min(x2, right), f32x4.max(x1, left));
    const height = f32x4.sub(f32x4.min(y2, bottom), f32x4.max(y1, top));
    const overlap = v128.and(f32x4.gt(width, ZERO), f32x4.gt(height, ZERO));
    if (!v128.any_true(overlap)) continue;
    const shared = f32x4.mul(width, height);
    const other = f32x4.mul(f32x4.sub(right, left), f32x4.sub(bottom, top));
    const union = f32x4.sub(f32x4.add(area, other), shared);
    const trusted = v128.and(f32x4.gt(union, SMALLEST), f32x4.lt(union, LARGEST));
    const below = v128.and(trusted, f32x4.le(shared, f32x4.mul(sure, union)));
    const above = v128.and(trusted, f32x4.gt(shared, f32x4.mul(certain, union)));
    if (v128.any_true(v128.and(overlap, above))) return true;
    for (let bits = i32x4.bitmask(v128.andnot(overlap, below)); bits; bits &= bits - 1) {
      const at = group + ((<usize>ctz(bits)) << 2);
      const same = iou(
        load<f32>(at),
        load<f32>(at, 16),
        load<f32>(at, 32),
        load<f32>(at, 48),
        load<f32>(box),
        load<f32>(box, 4),
        load<f32>(box, 8),
        load<f32>(box, 12),
      );
      if (same > threshold) return true;
    }
  }
  return false;
}

/** Intersection over union of two boxes that overlap, in double precision. */
export function iou(ax1: f64, ay1: f64, ax2: f64, ay2: f64, bx1: f64, by1: f64, bx2: f64, by2: f64): f64 {
  const shared = (min(ax2, bx2) - max(ax1, bx1)) * (min(ay2, by2) - max(ay1, by1));
  const areaA = (ax2 - ax1) * (ay2 - ay1);
  const areaB = (bx2 - bx1) * (by2 - by1);
  return shared / (areaA + areaB - shared);
}
