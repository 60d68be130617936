import { restoreBox } from '../../../postprocess/regions/restore.js';
import { iou, overlapBy } from '../../../postprocess/suppress/measures.js';
import type { ImageCandidates } from '../../../types/candidates.js';
import type { Box, Detection } from '../../../types/detections.js';
import type { PostprocessPlan } from '../../../types/plan.js';
import type { InspectedCandidate } from '../../protocol/messages.js';

/** IoU from which a candidate's place is that of a region: boxes of regions are restored and rounded. */
const SAME_PLACE = 0.999;

/**
 * What the model saw in an image, place by place, and what became of it.
 *
 * @param visible     what is shown of the image
 * @param thresholds  [labels] score from which each is shown
 */
export function inspectCandidates(
  candidates: ImageCandidates,
  plan: PostprocessPlan,
  visible: readonly Detection[],
  thresholds: Float64Array,
): InspectedCandidate[] {
  const { geometry, space, rows, boxes } = candidates;
  const inspected: InspectedCandidate[] = [];
  for (let start = 0, end = 0; start < rows.length; start = end) {
    while (end < rows.length && rows[end] === rows[start]) end++;
    const box = restoreBox(boxes, start, { geometry, space });
    if (box === null) continue;
    const region = visible.findIndex((each) => iou(each.box, box) >= SAME_PLACE);
    const labels = Array.from({ length: end - start }, (_, k) => scoreOf(candidates, start + k, plan, thresholds));
    labels.sort((a, b) => b.score - a.score);
    const rival = region >= 0 ? null : rivalOf(box, labels[0]!, visible, plan);
    inspected.push({ box, region, labels, rival });
  }
  return inspected;
}

function scoreOf(
  { classIds, scores }: ImageCandidates,
  i: number,
  { labels }: PostprocessPlan,
  thresholds: Float64Array,
): InspectedCandidate['labels'][0] {
  const classId = classIds[i]!;
  const [score, threshold] = [scores[i]!, thresholds[classId]!];
  return { label: labels[classId] ?? '', classId, score, threshold, reaches: score >= threshold };
}

/** The visible label with a higher score that overlaps a candidate too much; null: none does. */
function rivalOf(
  box: Box,
  { classId, score }: InspectedCandidate['labels'][0],
  visible: readonly Detection[],
  { buckets, iouThresholds, measure, diouBeta }: PostprocessPlan,
): InspectedCandidate['rival'] {
  const between = overlapBy(measure, diouBeta);
  let rival: InspectedCandidate['rival'] = null;
  for (const [region, { box: other, labels }] of visible.entries()) {
    const stronger = labels.some((own) => buckets[own.classId] === buckets[classId] && own.score >= score);
    const overlap = between(other, box);
    if (!stronger || overlap <= iouThresholds[classId]! || overlap <= (rival?.overlap ?? 0)) continue;
    rival = { region, overlap };
  }
  return rival;
}
