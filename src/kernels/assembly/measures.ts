// How much two boxes that overlap are the same, in double precision. Numbers as in src/kernels/greedy.ts.

const GIOU: i32 = 1;
const DIOU: i32 = 2;
export const IOS: i32 = 4; // 3 is CIoU, which needs no name here: it is what remains

/**
 * @param measure  0: intersection over union
 * @param beta     with DIoU: exponent of the penalty
 */
export function sameness(
  measure: i32,
  beta: f64,
  ax1: f64,
  ay1: f64,
  ax2: f64,
  ay2: f64,
  bx1: f64,
  by1: f64,
  bx2: f64,
  by2: f64,
): f64 {
  const shared = (min(ax2, bx2) - max(ax1, bx1)) * (min(ay2, by2) - max(ay1, by1));
  const areaA = (ax2 - ax1) * (ay2 - ay1);
  const areaB = (bx2 - bx1) * (by2 - by1);
  if (measure === IOS) return shared / min(areaA, areaB);
  const union = areaA + areaB - shared;
  const iou = shared / union;
  if (measure === 0) return iou;
  const width = max(ax2, bx2) - min(ax1, bx1);
  const height = max(ay2, by2) - min(ay1, by1);
  if (measure === GIOU) return iou - (width * height - union) / (width * height);
  const dx = ax1 + ax2 - bx1 - bx2;
  const dy = ay1 + ay2 - by1 - by2;
  const penalty = (dx * dx + dy * dy) / 4 / (width * width + height * height);
  if (measure === DIOU) return iou - (beta === 1 ? penalty : penalty ** beta);
  const angle = Math.atan((ax2 - ax1) / (ay2 - ay1)) - Math.atan((bx2 - bx1) / (by2 - by1));
  const v = (4 / (Math.PI * Math.PI)) * angle * angle;
  return iou - penalty - (v === 0 ? 0 : (v * v) / (1 - iou + v));
}
