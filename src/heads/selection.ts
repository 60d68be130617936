import { logit } from '../kernels/maths/activation.js';
import { scanThresholds } from '../kernels/scan/scan-thresholds.js';
import type { ClassSelection } from '../types/plan.js';

/** What classes are selected by: see ClassSelection. */
export type ClassChoice = Pick<ClassSelection, 'scoreThresholds' | 'labelled' | 'single'>;

/**
 * Which classes may become candidates, with thresholds as heads and scans compare them.
 *
 * @param choice.scoreThresholds  [classes] NaN: never
 * @param choice.labelled         ascending class columns that carry a label
 */
export function selectClasses(choice: ClassChoice): ClassSelection {
  const { scoreThresholds, labelled: columns, single } = choice;
  const scores = scanThresholds({ thresholds: scoreThresholds, columns, single });
  const logits = scanThresholds({ thresholds: logitsOf(scoreThresholds), columns, single, activates: true });
  return { ...choice, scores, logits };
}

/** Classes mostly have the threshold of the class before them. */
function logitsOf(scoreThresholds: Float64Array): Float64Array {
  const logits = new Float64Array(scoreThresholds.length); // [classes]
  let [threshold, own] = [Number.NaN, Number.NaN];
  for (let i = 0; i < logits.length; i++) {
    const wanted = scoreThresholds[i]!;
    if (wanted !== threshold && !Number.isNaN(wanted)) [threshold, own] = [wanted, logit(wanted)];
    logits[i] = Number.isNaN(wanted) ? wanted : own;
  }
  return logits;
}
