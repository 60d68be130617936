import type { BoxTable, GroundTruthTable } from './tables.js';

/**
 * IoU of a detection and a ground truth; with a crowd, the part of the detection that lies in it.
 *
 * The order of operations is that of pycocotools, whose last bits decide where an IoU is a threshold: right edges are x1 +
 * width, areas width · height. Source: bbIou in common/maskApi.c of cocoapi.
 */
export function overlapOf(
  detections: BoxTable,
  detection: number,
  groundTruths: GroundTruthTable,
  groundTruth: number,
): number {
  const d = 4 * detection;
  const g = 4 * groundTruth;
  const a = detections.boxes;
  const b = groundTruths.boxes;
  const width = Math.min(a[d + 2]!, b[g + 2]!) - Math.max(a[d]!, b[g]!);
  if (!(width > 0)) return 0;
  const height = Math.min(a[d + 3]!, b[g + 3]!) - Math.max(a[d + 1]!, b[g + 1]!);
  if (!(height > 0)) return 0;
  const shared = width * height;
  const own = detections.boxAreas[detection]!;
  return shared / (groundTruths.crowds[groundTruth] === 1 ? own : own + groundTruths.boxAreas[groundTruth]! - shared);
}
