import { atan, exp, log } from '../../kernels/maths/elementary.js';
import type { OverlapMeasure } from '../../types/options.js';

/** How much box i of `a` and box j of `b` overlap; boxes [n, 4] xyxy. */
export type Overlap = (a: ArrayLike<number>, b: ArrayLike<number>, i?: number, j?: number) => number;

/**
 * Intersection over union of two boxes.
 *
 * @param a  [n, 4] xyxy, of which box i is taken; any unit, the same for both. Not changed.
 * @param b  [m, 4] xyxy, of which box j is taken
 * @returns in [0, 1], double precision; 0 when one is empty, inverted, endless or not a number
 */
export function iou(a: ArrayLike<number>, b: ArrayLike<number>, i = 0, j = 0): number {
  const shared = intersection(a, b, i, j);
  if (shared === 0) return 0;
  const value = shared / (area(a, i) + area(b, j) - shared);
  return value > 0 ? value : 0;
}

/** Intersection over the smaller area, as `iou`: 1 when one box lies in the other. */
export function ios(a: ArrayLike<number>, b: ArrayLike<number>, i = 0, j = 0): number {
  const shared = intersection(a, b, i, j);
  if (shared === 0) return 0;
  const value = shared / Math.min(area(a, i), area(b, j));
  return value > 0 ? value : 0;
}

/**
 * Generalized IoU: IoU less the part of the smallest box around both that neither covers.
 *
 * @returns in [−1, 1]; −1 when one box is empty, inverted, endless or not a number. Parameters as of `iou`.
 * Source: Rezatofighi et al., Generalized Intersection over Union (2019).
 */
export function giou(a: ArrayLike<number>, b: ArrayLike<number>, i = 0, j = 0): number {
  if (!(area(a, i) > 0 && area(b, j) > 0)) return -1;
  const shared = intersection(a, b, i, j);
  const union = area(a, i) + area(b, j) - shared;
  const [width, height] = hull(a, b, i, j);
  return orNone(shared / union - (width * height - union) / (width * height));
}

/**
 * Distance IoU: IoU less the squared distance of the centres over the squared diagonal of the box around both.
 *
 * @param beta  exponent of that part, above 0: with less than 1 distance counts more. Default 1
 * @returns in [−1, 1]; −1 when one box is empty, inverted, endless or not a number. The others as of `iou`.
 * Source: Zheng et al., Distance-IoU Loss (2020); beta: DIoU-NMS of Darknet (beta_nms).
 */
export function diou(a: ArrayLike<number>, b: ArrayLike<number>, i = 0, j = 0, beta = 1): number {
  if (!(area(a, i) > 0 && area(b, j) > 0)) return -1;
  const apart = separation(a, b, i, j);
  return orNone(iou(a, b, i, j) - (beta === 1 || apart === 0 ? apart : exp(beta * log(apart))));
}

/**
 * Complete IoU: `diou` less a part for different aspects.
 *
 * @returns at most 1, hardly below −1; −1 when one box is empty, inverted, endless or not a number. Parameters as of `iou`.
 * Source: Zheng et al., Distance-IoU Loss (2020), section "CIoU Loss".
 */
export function ciou(a: ArrayLike<number>, b: ArrayLike<number>, i = 0, j = 0): number {
  if (!(area(a, i) > 0 && area(b, j) > 0)) return -1;
  const overlap = iou(a, b, i, j);
  const turn = (2 / Math.PI) * (aspect(a, i) - aspect(b, j));
  const v = turn * turn;
  return orNone(overlap - separation(a, b, i, j) - (v === 0 ? 0 : (v * v) / (1 - overlap + v)));
}

/**
 * Whether boxes i and j surely share nothing, so that no measure of their overlap is above 0. Cheap: most pairs are so.
 *
 * @param boxes  [n, 4] xyxy
 */
export function apart(boxes: Float32Array, i: number, j: number): boolean {
  const a = 4 * i;
  const b = 4 * j;
  if (boxes[a]! >= boxes[b + 2]! || boxes[b]! >= boxes[a + 2]!) return true;
  return boxes[a + 1]! >= boxes[b + 3]! || boxes[b + 1]! >= boxes[a + 3]!;
}

/** @param diouBeta  exponent of the distance in 'diou' */
export function overlapBy(measure: OverlapMeasure, diouBeta = 1): Overlap {
  if (measure === 'diou') return (a, b, i, j) => diou(a, b, i, j, diouBeta);
  return { iou, giou, ciou, ios }[measure];
}

function intersection(a: ArrayLike<number>, b: ArrayLike<number>, i: number, j: number): number {
  const width = Math.min(a[4 * i + 2]!, b[4 * j + 2]!) - Math.max(a[4 * i]!, b[4 * j]!);
  const height = Math.min(a[4 * i + 3]!, b[4 * j + 3]!) - Math.max(a[4 * i + 1]!, b[4 * j + 1]!);
  return width > 0 && height > 0 ? width * height : 0;
}

/** 0 where the box is empty or inverted; NaN where it is not a number. */
function area(boxes: ArrayLike<number>, i: number): number {
  const width = boxes[4 * i + 2]! - boxes[4 * i]!;
  const height = boxes[4 * i + 3]! - boxes[4 * i + 1]!;
  return width <= 0 || height <= 0 ? 0 : width * height;
}

/** Width and height of the smallest box around both. */
function hull(a: ArrayLike<number>, b: ArrayLike<number>, i: number, j: number): [width: number, height: number] {
  const width = Math.max(a[4 * i + 2]!, b[4 * j + 2]!) - Math.min(a[4 * i]!, b[4 * j]!);
  const height = Math.max(a[4 * i + 3]!, b[4 * j + 3]!) - Math.min(a[4 * i + 1]!, b[4 * j + 1]!);
  return [width, height];
}

/** Squared distance of the centres over the squared diagonal of the box around both. */
function separation(a: ArrayLike<number>, b: ArrayLike<number>, i: number, j: number): number {
  const [width, height] = hull(a, b, i, j);
  const x = (a[4 * i]! + a[4 * i + 2]! - b[4 * j]! - b[4 * j + 2]!) / 2;
  const y = (a[4 * i + 1]! + a[4 * i + 3]! - b[4 * j + 1]! - b[4 * j + 3]!) / 2;
  return (x * x + y * y) / (width * width + height * height);
}

function aspect(boxes: ArrayLike<number>, i: number): number {
  return atan((boxes[4 * i + 2]! - boxes[4 * i]!) / (boxes[4 * i + 3]! - boxes[4 * i + 1]!));
}

/** What comes of boxes without end is no overlap. */
function orNone(value: number): number {
  return Number.isNaN(value) ? -1 : value;
}
