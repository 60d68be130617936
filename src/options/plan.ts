import type { HeadSpec } from '../heads/index.js';
import { candidateModel } from '../postprocess/candidate-model.js';
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
export function planOf({ head, ...model }: PlannedModel & { head?: HeadSpec }, options: unknown): DetectPlan {
  const { background, lenient, ...given } = settleOptions(options);
  const planned = head === undefined ? model : candidateModel({ ...model, head });
  return { ...makePlan(planned, given), background, lenient, recording: null };
}
