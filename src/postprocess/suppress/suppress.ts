import type { Suppression } from '../../types/options.js';
import type { Candidates, SuppressionPlan } from '../../types/plan.js';
import { greedyNms } from './greedy-nms.js';
import { matrixGaussian, matrixLinear } from './matrix.js';
import { limited, type Method, type Survivors, strongest, unchanged } from './method.js';
import { softGaussian, softLinear } from './soft.js';
import { nonMaximumWeighted, weightedBoxes } from './weighted.js';

/** All candidates, as far as the limits allow. */
const none: Method = (candidates, plan) => {
  const order = strongest(candidates, plan.maxCandidates);
  const found = Array.from(order, (candidate) => ({ candidate, score: candidates.scores[candidate]! }));
  const keep = limited(found, candidates.classIds, plan);
  return unchanged(
    candidates,
    Uint32Array.from(keep, (i) => order[i]!),
  );
};

/** Every method. A new one is a file beside `soft.ts`, and a line here, in types/options.ts and in docs/options.md. */
const METHODS: Record<Suppression, Method> = {
  nms: greedyNms,
  'soft-linear': softLinear,
  'soft-gaussian': softGaussian,
  'matrix-linear': matrixLinear,
  'matrix-gaussian': matrixGaussian,
  wbf: weightedBoxes,
  nmw: nonMaximumWeighted,
  none,
};

/** What is left of candidates by the plan's method, within its limits. Nothing is changed. */
export function suppress(candidates: Candidates, plan: SuppressionPlan): Survivors {
  return METHODS[plan.suppression](candidates, plan);
}
