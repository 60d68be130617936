import type { Candidates, SuppressionPlan } from '../../types/plan.js';
import { type ScoredModels, scoreOfFused } from './fused-score.js';
import { type Fused, type Fusion, fuseIntoBest, fuseWeighted } from './fusion.js';
import { overlapBy } from './measures.js';
import { byBucket, limited, type Method, strongest } from './method.js';

/**
 * Weighted boxes fusion of candidates of one model, or of several. The score of a fused box is `fusedScore` of its members;
 * one below its threshold is dropped. The class is that of the member with the highest score.
 */
export const weightedBoxes: Method = (candidates, plan) =>
  fused(candidates, plan, fuseWeighted, ({ members }, models) => scoreOfFused(members, models, plan.fusedScore));

/** Non-maximum weighted: the score of a fused box is the highest of its members, by the weights of their models. */
export const nonMaximumWeighted: Method = (candidates, plan) =>
  fused(candidates, plan, fuseIntoBest, ({ members }, { weighted, weights }) => {
    return weighted[members[0]!]! / Math.max(...weights);
  });

const ONE_MODEL: readonly number[] = [1];

function fused(
  candidates: Candidates,
  plan: SuppressionPlan,
  fuse: typeof fuseWeighted,
  scoreOf: (group: Fused, models: ScoredModels) => number,
) {
  const { classIds, scores, boxes, models } = candidates;
  const { modelWeights: weights = ONE_MODEL } = plan;
  const weighted =
    models === undefined ? scores : Float64Array.from(scores, (score, i) => score * weights[models[i]!]!);
  const order = models === undefined ? strongest(candidates, scores.length) : heaviest(weighted);
  const fusion: Fusion = {
    boxes,
    weights: weighted,
    overlap: overlapBy(plan.measure, plan.diouBeta),
    thresholdOf: (candidate) => plan.iouThresholds[classIds[candidate]!]!,
  };
  const found: (Fused & { candidate: number; score: number })[] = [];
  for (const rivals of byBucket(order.subarray(0, plan.maxCandidates), classIds, plan.buckets)) {
    for (const group of fuse(rivals, fusion)) {
      const candidate = group.members[0]!;
      const score = Math.fround(scoreOf(group, { weighted, models, weights }));
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

/** Numbers by weight, highest first; ties: the first. */
export function heaviest(weighted: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: weighted.length }, (_, i) => i).sort(
    (a, b) => weighted[b]! - weighted[a]! || a - b,
  );
}
