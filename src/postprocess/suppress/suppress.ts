import type { Suppression } from '../../types/options.js';
import type { Candidates } from '../../types/plan.js';
import { type Kept, limited, type Method, type SuppressionPlan, strongest, unchanged } from '../select/kept.js';
import { hard } from './hard.js';
import { matrixGaussian, matrixLinear } from './matrix.js';
import { softGaussian, softLinear } from './soft.js';
import { nonMaximumWeighted, weightedBoxes } from './weighted.js';

/** All candidates, as far as the limits allow. */
const none: Method = (candidates, plan) => {
  const order = strongest(candidates, plan.maxCandidates);
  const found = Array.from(order, (candidate) => ({ candidate, score: candidates.scores[candidate]! }));
  const kept = limited(found, candidates.classIds, plan);
  return unchanged(
    candidates,
    Uint32Array.from(kept, (i) => order[i]!),
  );
};

/** Every method. A new one is a file beside `soft.ts`, and a line here, in types/options.ts and in docs/options.md. */
const METHODS: Record<Suppression, Method> = {
  nms: hard,
  'soft-linear': softLinear,
  'soft-gaussian': softGaussian,
  'matrix-linear': matrixLinear,
  'matrix-gaussian': matrixGaussian,
  wbf: weightedBoxes,
  nmw: nonMaximumWeighted,
  none,
};

/** Makes of candidates what is kept, by the plan's method and within its limits. Nothing is changed. */
export function suppress(candidates: Candidates, plan: SuppressionPlan): Kept {
  return METHODS[plan.suppression](candidates, plan);
}
