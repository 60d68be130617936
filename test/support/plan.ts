import { makePlan } from '../../src/postprocess/make-plan.js';
import type { PostprocessOptions } from '../../src/postprocess/options/postprocess-options.js';
import type { PostprocessPlan } from '../../src/types/plan.js';

/** A plan for classes that are called c0, c1 …; every score counts unless the options say otherwise. */
export function planFor(classes: number, options: PostprocessOptions = {}): PostprocessPlan {
  const labels = Array.from({ length: classes }, (_, classId) => `c${classId}`);
  return makePlan({ labels }, { scoreThreshold: 0, ...options });
}
