import type { Candidates, SuppressionPlan } from '../../types/plan.js';
import { type Fused, type Fusion, fuseIntoBest, fuseWeighted } from './fusion.js';
import { overlapBy } from './measures.js';
import { byBucket, limited, type Method, strongest } from './method.js';

/**
 * Weighted boxes fusion of one model's candidates. The score of a fused box is the mean of its members' scores, or with
 * fusedScore 'max' the highest; one below its threshold goes. The class is that of the member with the highest score.
 */
export const weightedBoxes: Method = (candidates, plan) =>
  fused(candidates, plan, fuseWeighted, ({ members }) => {
    if (plan.fusedScore === 'max') return candidates.scores[members[0]!]!;
    return members.reduce((sum, member) => sum + candidates.scores[member]!, 0) / members.length;
  });

/** Non-maximum weighted: the score of a fused box is the highest of its members. */
export const nonMaximumWeighted: Method = (candidates, plan) =>
  fused(candidates, plan, fuseIntoBest, ({ members }) => candidates.scores[members[0]!]!);

function fused(
  candidates: Candidates,
  plan: SuppressionPlan,
  fuse: typeof fuseWeighted,
  scoreOf: (group: Fused) => number,
) {
  const { classIds, scores, boxes } = candidates;
  const fusion: Fusion = {
    boxes,
    weights: scores,
    overlap: overlapBy(plan.measure, plan.diouBeta),
    thresholdOf: (candidate) => plan.iouThresholds[classIds[candidate]!]!,
  };
  const found: (Fused & { candidate: number; score: number })[] = [];
  for (const rivals of byBucket(strongest(candidates, plan.maxCandidates), classIds, plan.buckets)) {
    for (const group of fuse(rivals, fusion)) {
      const candidate = group.members[0]!;
      const score = Math.fround(scoreOf(group));
      if (score >= plan.scoreThresholds[classIds[candidate]!]!) found.push({ ...group, candidate, score });
    }
  }
  const kept = limited(found, classIds, plan).map((i) => found[i]!);
  return {
    keep: Uint32Array.from(kept, ({ candidate }) => candidate),
    scores: Float32Array.from(kept, ({ score }) => score),
    boxes: Float32Array.from(kept.flatMap(({ box }) => [...box])),
    members: kept.map(({ members }) => Uint32Array.from(members)),
  };
}
