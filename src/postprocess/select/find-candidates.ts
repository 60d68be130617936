import { equalBoxes } from '../../heads/decode/equal-boxes.js';
import { type HeadSpec, headOf } from '../../heads/index.js';
import type { Tensors } from '../../types/model.js';
import type { Geometry } from '../../types/pictures.js';
import type { Budget, Candidates, PostprocessPlan } from '../../types/plan.js';
import { calibrateCandidates } from './calibrate-candidates.js';
import { mergeClasses } from './merge-classes.js';
import { withinLimits } from './size-limits.js';

/**
 * The candidates in a model's outputs, ready for suppression.
 *
 * @throws SigboxError E_MODEL  the outputs do not have the dims that the head promises
 */
export function findCandidates(
  outputs: Tensors,
  head: HeadSpec,
  geometry: Geometry,
  plan: PostprocessPlan,
  budget: Budget,
): Candidates {
  const found = headOf(head).candidates(outputs, head, geometry, { ...plan.selection, budget });
  return prepareCandidates(found, geometry, plan);
}

/** Candidates with calibrated scores, classes with one label as one class, without those of a size that is not wanted. */
export function prepareCandidates(found: Candidates, geometry: Geometry, plan: PostprocessPlan): Candidates {
  const { calibrates, competition, firstOfLabel } = plan;
  // A graph that ended in a selection of its own may repeat a box for each of its labels.
  const places = () => (competition === 'row' ? found.rows : equalBoxes(found));
  const calibrated = calibrates ? calibrateCandidates(found, plan, places()) : found;
  const merged = firstOfLabel === null ? calibrated : mergeClasses(calibrated, firstOfLabel);
  return withinLimits(merged, geometry, plan);
}
