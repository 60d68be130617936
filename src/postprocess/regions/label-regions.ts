import type { Detection } from '../../types/detections.js';
import type { PostprocessPlan } from '../../types/plan.js';
import { addParents } from './parents.js';
import { joinRegions, type LabelledBox } from './regions.js';

/** Boxes that are one place as regions, with the labels that stand above theirs. */
export function labelRegions(boxes: readonly LabelledBox[], plan: PostprocessPlan): Detection[] {
  return addParents(joinRegions(boxes, plan.regionIou), plan);
}
