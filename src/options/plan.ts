import { makePlan, type PlannedModel } from '../postprocess/make-plan.js';
import type { DetectPlan } from '../types/plan.js';
import { checkDetectOptions, type SettledDetect, settleDetect } from './detect-options.js';

/** @throws SigboxError E_ARGUMENT  an unknown option, or one out of its range */
export function settleOptions(options: unknown): SettledDetect {
  return settleDetect(checkDetectOptions(options, 'detect'));
}

/**
 * Compiles what detection needs.
 *
 * @throws SigboxError E_ARGUMENT  an unknown option, one out of its range, or a label that the model does not have
 */
export function planOf(model: PlannedModel, options: unknown): DetectPlan {
  const { background, lenient, ...given } = settleOptions(options);
  return { ...makePlan(model, given), background, lenient, recording: null };
}
