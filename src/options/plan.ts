import { planFrom } from '../postprocess/plan.js';
import type { LabelList, ParentLabel } from '../types/model.js';
import type { DetectPlan } from '../types/plan.js';
import { checkDetectOptions, type SettledDetect, settleDetect } from './detect-options.js';

/** A model's labels. */
export interface LabelledModel {
  /** Per class column. */
  labels: LabelList;
  parents?: ParentLabel[];
}

/** @throws SigboxError E_ARGUMENT  an unknown option, or one out of its range */
export function settleOptions(options: unknown): SettledDetect {
  return settleDetect(checkDetectOptions(options, 'detect'));
}

/**
 * Compiles what detection needs.
 *
 * @throws SigboxError E_ARGUMENT  an unknown option, one out of its range, or a label that the model does not have
 */
export function planOf({ labels, parents }: LabelledModel, options: unknown): DetectPlan {
  const { background, lenient, ...given } = settleOptions(options);
  return { ...planFrom(labels, given, parents), background, lenient };
}
