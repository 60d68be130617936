import { complain } from '../errors.js';
import { greedy, orderByScore } from '../kernels/greedy.js';
import type { Candidates } from '../types.js';

export interface SuppressOptions {
  /** In [0, 1]; a candidate goes when its IoU with a kept one of its class is > threshold. */
  iouThreshold: number;
  /** Positive integer: stop when so many are kept. */
  maxDetections: number;
}

/**
 * Greedy non-maximum suppression, separately for each class.
 *
 * @param candidates  boxes in any one unit; not changed.
 * @returns kept candidate numbers, highest score first; equal scores: lower number first.
 * @throws SigboxError E_ARGUMENT  field arrays whose lengths disagree.
 *
 * Empty and inverted boxes have IoU 0 with everything; IoU is computed in double precision. Runs in WebAssembly;
 * a candidate is compared with the kept boxes of its class, four at a time.
 * Source: same rule as torchvision.ops.batched_nms without its coordinate offsets; naive twin in test/reference/nms.ts.
 */
export function suppress(candidates: Candidates, { iouThreshold, maxDetections }: SuppressOptions): Uint32Array {
  const { scores, classIds, boxes } = candidates;
  const n = scores.length;
  if (classIds.length !== n || boxes.length !== 4 * n) {
    throw complain('E_ARGUMENT', {
      where: 'suppress',
      expected: `${n} classIds and ${4 * n} box numbers for ${n} scores`,
      received: `${classIds.length} and ${boxes.length}`,
    });
  }
  const classes = 1 + classIds.reduce((highest, classId) => Math.max(highest, classId), -1);
  return greedy(scores, classIds, boxes, {
    iouThresholds: new Float64Array(classes).fill(iouThreshold),
    buckets: Uint16Array.from({ length: classes }, (_, classId) => classId),
    maxCandidates: n,
    maxDetections,
    maxPerClass: n,
  });
}

/**
 * The best candidates, where the model has done its own suppression.
 *
 * @returns candidate numbers, highest score first; equal scores: lower number first.
 */
export function best({ scores }: Candidates, { maxDetections }: Pick<SuppressOptions, 'maxDetections'>): Uint32Array {
  return orderByScore(scores).slice(0, maxDetections);
}

/**
 * Intersection over union of row i of one box array and row j of another; 0 where either is empty, inverted or NaN.
 *
 * @param a  [n, 4] xyxy
 * @param b  [m, 4] xyxy, same unit
 */
export function iou(a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number): number {
  const p = 4 * i;
  const q = 4 * j;
  const width = Math.min(a[p + 2]!, b[q + 2]!) - Math.max(a[p]!, b[q]!);
  const height = Math.min(a[p + 3]!, b[q + 3]!) - Math.max(a[p + 1]!, b[q + 1]!);
  if (!(width > 0 && height > 0)) return 0;
  const shared = width * height;
  const areaA = (a[p + 2]! - a[p]!) * (a[p + 3]! - a[p + 1]!);
  const areaB = (b[q + 2]! - b[q]!) * (b[q + 3]! - b[q + 1]!);
  return shared / (areaA + areaB - shared);
}
