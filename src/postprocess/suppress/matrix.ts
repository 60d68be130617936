import { exp } from '../../kernels/maths/elementary.js';
import type { Candidates, SuppressionPlan } from '../../types/plan.js';
import { apart, overlapBy } from './measures.js';
import { byBucket, gatherBoxes, limited, type Method, strongest, unchanged } from './method.js';

/** Factor for a box's score, from its overlap with a better box and the greatest overlap of that box with its own better ones. */
type Decay = (overlap: number, most: number) => number;

/**
 * Matrix NMS, linear: each score is multiplied by the least of (1 − overlap) / (1 − most) over the better boxes it competes with, where
 * `most` is how much such a box is overlapped by its own better ones. A box that is covered wholly is not counted.
 *
 * Source: Wang et al., SOLOv2 (2020), section 3.3.
 */
export const matrixLinear: Method = (candidates, plan) =>
  decayed(candidates, plan, (overlap, most) => (most < 1 ? (1 - overlap) / (1 - most) : 1));

/**
 * Matrix NMS, gaussian, as `matrixLinear` with e^(−overlap² / sigma) in place of 1 − overlap.
 *
 * `sigma` divides, as in the paper; the code of SOLOv2 multiplies by its own: its 2 is 0.5 here.
 */
export const matrixGaussian: Method = (candidates, plan) =>
  decayed(candidates, plan, (overlap, most) => exp((most * most - overlap * overlap) / plan.sigma));

function decayed(candidates: Candidates, plan: SuppressionPlan, decay: Decay) {
  const { scores, classIds } = candidates;
  const found: { candidate: number; score: number }[] = [];
  for (const rivals of byBucket(strongest(candidates, plan.maxCandidates), classIds, plan.buckets)) {
    const factors = factorsOf(rivals, candidates.boxes, plan, decay);
    for (const [i, candidate] of rivals.entries()) {
      const score = Math.fround(scores[candidate]! * factors[i]!);
      if (score >= plan.scoreThresholds[classIds[candidate]!]!) found.push({ candidate, score });
    }
  }
  const kept = limited(found, classIds, plan);
  const keep = Uint32Array.from(kept, (i) => found[i]!.candidate);
  return { ...unchanged(candidates, keep), scores: Float32Array.from(kept, (i) => found[i]!.score) };
}

/** @returns [rivals] the factor of each; 1 if nothing overlaps it */
function factorsOf(rivals: Uint32Array, boxes: Float32Array, plan: SuppressionPlan, decay: Decay): Float64Array {
  const overlapBetween = overlapBy(plan.measure, plan.diouBeta);
  const ordered = gatherBoxes(boxes, rivals); // [rivals, 4] one after the other, for speed
  const most = new Float64Array(rivals.length); // [rivals] how much each is overlapped by a better one
  const factors = new Float64Array(rivals.length).fill(1); // [rivals]
  for (let j = 1; j < rivals.length; j++) {
    for (let i = 0; i < j; i++) {
      if (apart(ordered, i, j)) continue;
      const overlap = overlapBetween(ordered, ordered, i, j);
      if (!(overlap > 0)) continue;
      most[j] = Math.max(most[j]!, overlap);
      factors[j] = Math.min(factors[j]!, decay(overlap, most[i]!));
    }
  }
  return factors;
}
