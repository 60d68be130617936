import { greedy } from '../../kernels/boxes/greedy.js';
import { apart, overlapBy } from './measures.js';
import { type Method, strongest, unchanged } from './method.js';

/**
 * Greedy suppression: keeps the best candidate, drops those that overlap it by more than the threshold of their class, and
 * repeats. Overlaps in double precision, strictly `>`; equal scores: lower number first.
 *
 * A class that has reached maxPerClass suppresses nothing more.
 * Source: same rule as torchvision.ops.batched_nms without its coordinate offsets; twin in test/reference/nms.ts. With
 * the measure 'diou' it is DIoU-NMS: Zheng et al., Distance-IoU Loss (2020).
 */
export const greedyNms: Method = (candidates, plan) => {
  const { scores, classIds, boxes } = candidates;
  const keep = plan.measure === 'iou' ? greedy(scores, classIds, boxes, plan) : greedyBy(candidates, plan);
  return unchanged(candidates, keep);
};

function greedyBy(candidates: Parameters<Method>[0], plan: Parameters<Method>[1]): Uint32Array {
  const { classIds, boxes } = candidates;
  const { iouThresholds, buckets, maxDetections, maxPerClass } = plan;
  const overlap = overlapBy(plan.measure, plan.diouBeta);
  const lists = Array.from(buckets, (): number[] => []); // [buckets] kept candidates
  const ofClass = new Uint32Array(buckets.length);
  const kept: number[] = [];
  for (const candidate of strongest(candidates, plan.maxCandidates)) {
    if (kept.length >= maxDetections) break;
    const classId = classIds[candidate]!;
    if (ofClass[classId]! >= maxPerClass) continue;
    const list = lists[buckets[classId]!]!;
    const threshold = iouThresholds[classId]!;
    const goes = (rival: number) =>
      !apart(boxes, rival, candidate) && overlap(boxes, boxes, rival, candidate) > threshold;
    if (list.some(goes)) continue;
    list.push(candidate);
    kept.push(candidate);
    ofClass[classId]!++;
  }
  return Uint32Array.from(kept);
}
