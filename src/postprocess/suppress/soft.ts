import { exp } from '../../kernels/maths/elementary.js';
import type { Candidates, SuppressionPlan } from '../../types/plan.js';
import { apart, overlapBy } from './measures.js';
import { byBucket, limited, type Method, strongest, unchanged } from './method.js';

/** Factor for the score of a box that overlaps a better one. */
type Decay = (overlap: number, classId: number) => number;

/**
 * Soft-NMS, linear: the score of a box that overlaps a better one by more than its class's threshold is multiplied by
 * 1 − overlap.
 *
 * Source: Bodla et al., Soft-NMS (2017).
 */
export const softLinear: Method = (candidates, plan) =>
  soften(candidates, plan, (overlap, classId) => (overlap > plan.iouThresholds[classId]! ? 1 - overlap : 1));

/**
 * Soft-NMS, gaussian: every overlapping box's score is multiplied by e^(−overlap² / sigma). IoU thresholds are not used.
 *
 * `sigma` is the paper's, as in OpenCV and ensemble-boxes; TensorFlow's soft_nms_sigma is half of it.
 * Source: Bodla et al., Soft-NMS (2017).
 */
export const softGaussian: Method = (candidates, plan) =>
  soften(candidates, plan, (overlap) => (overlap > 0 ? exp(-(overlap * overlap) / plan.sigma) : 1));

/**
 * Repeatedly takes the best remaining box and lowers the scores of the boxes it overlaps. A box whose score falls below the
 * threshold of its class is dropped and lowers nothing.
 */
function soften(candidates: Candidates, plan: SuppressionPlan, decay: Decay) {
  const { classIds } = candidates;
  const scores = Float64Array.from(candidates.scores); // [n] lowered as it goes
  const found: { candidate: number; score: number }[] = [];
  for (const rivals of byBucket(strongest(candidates, plan.maxCandidates), classIds, plan.buckets)) {
    for (const candidate of take(rivals, candidates, scores, plan, decay)) {
      found.push({ candidate, score: Math.fround(scores[candidate]!) });
    }
  }
  const kept = limited(found, classIds, plan);
  const keep = Uint32Array.from(kept, (i) => found[i]!.candidate);
  return { ...unchanged(candidates, keep), scores: Float32Array.from(kept, (i) => found[i]!.score) };
}

/** @returns the kept candidates of one bucket, in the order in which they were taken */
function take(
  rivals: Uint32Array,
  { boxes, classIds }: Candidates,
  scores: Float64Array,
  plan: SuppressionPlan,
  decay: Decay,
): number[] {
  const { scoreThresholds, maxDetections, maxPerClass } = plan;
  const overlap = overlapBy(plan.measure, plan.diouBeta);
  const ofClass = new Map<number, number>();
  const taken: number[] = [];
  let next = 0;
  for (let left = rivals.length; left > 0 && taken.length < maxDetections; ) {
    const best = rivals[next]!;
    rivals[next] = rivals[--left]!;
    const classId = classIds[best]!;
    const before = ofClass.get(classId) ?? 0;
    const acts = before < maxPerClass;
    if (acts) {
      taken.push(best);
      ofClass.set(classId, before + 1);
    }
    let stay = 0;
    next = 0;
    for (let i = 0; i < left; i++) {
      const rival = rivals[i]!;
      const other = classIds[rival]!;
      if (acts && !apart(boxes, best, rival)) scores[rival]! *= decay(overlap(boxes, boxes, best, rival), other);
      if (!(Math.fround(scores[rival]!) >= scoreThresholds[other]!)) continue;
      rivals[stay] = rival;
      if (stay > 0 && goesBefore(rival, rivals[next]!, scores)) next = stay;
      stay++;
    }
    left = stay;
  }
  return taken;
}

function goesBefore(a: number, b: number, scores: Float64Array): boolean {
  return scores[a]! > scores[b]! || (scores[a] === scores[b] && a < b);
}
