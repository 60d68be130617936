import type { BoxTable, TruthTable } from './tables.js';

/** Pairs of a detection and a truth of one image that overlap, detection by detection. */
export interface Pairs {
  /** [detections + 1] where the pairs of each detection begin */
  starts: number[];
  /** [pairs] which of the truths, from 0, ascending within a detection */
  truths: number[];
  /** [pairs] */
  overlaps: number[];
}

/**
 * IoU of a detection and a truth; with a crowd, the part of the detection that lies in it.
 *
 * The order of operations is that of pycocotools, whose last bits decide where an IoU is a threshold: right edges are x1 +
 * width, areas width · height. Source: bbIou in common/maskApi.c of cocoapi.
 */
export function overlapOf(detections: BoxTable, detection: number, truths: TruthTable, truth: number): number {
  const d = 4 * detection;
  const g = 4 * truth;
  const a = detections.boxes;
  const b = truths.boxes;
  const width = Math.min(a[d + 2]!, b[g + 2]!) - Math.max(a[d]!, b[g]!);
  if (!(width > 0)) return 0;
  const height = Math.min(a[d + 3]!, b[g + 3]!) - Math.max(a[d + 1]!, b[g + 1]!);
  if (!(height > 0)) return 0;
  const shared = width * height;
  const own = detections.boxAreas[detection]!;
  return shared / (truths.crowds[truth] === 1 ? own : own + truths.boxAreas[truth]! - shared);
}

/**
 * Writes the pairs whose overlap is `least` or more into `pairs`.
 *
 * @param detectionRows  rows of the detections, in the order they are judged
 * @param truthRows      rows of the truths
 */
export function findPairs(
  detections: BoxTable,
  detectionRows: Uint32Array,
  truths: TruthTable,
  truthRows: Uint32Array,
  least: number,
  pairs: Pairs,
): void {
  const { starts, truths: places, overlaps } = pairs;
  starts.length = places.length = overlaps.length = 0;
  for (let d = 0; d < detectionRows.length; d++) {
    starts.push(places.length);
    for (let g = 0; g < truthRows.length; g++) {
      const overlap = overlapOf(detections, detectionRows[d]!, truths, truthRows[g]!);
      if (overlap < least) continue;
      places.push(g);
      overlaps.push(overlap);
    }
  }
  starts.push(places.length);
}
