import { complain } from '../errors.js';
import type { ModelSpec } from '../identify/spec/model-spec.js';
import type { DetectOptions } from '../options/detect-options.js';
import { planOf } from '../options/plan.js';
import { explainEvidence } from '../postprocess/explain/explain-evidence.js';
import type { Explanation, ScoreEvidence } from '../types/explanations.js';
import { type CallPlan, callPlan } from './call-plan.js';

/** How a call of `explain` is answered. */
export interface ExplainCall extends Pick<CallPlan, 'plan'> {
  /** Makes the answer of what was seen. */
  explanationOf(evidence: ScoreEvidence): Omit<Explanation, 'image'>;
}

/** @throws SigboxError E_ARGUMENT  an option that can't be right, a label that the model does not have, tiles */
export function explainCall(
  spec: ModelSpec,
  options: DetectOptions,
  at: readonly [number, number] | null,
): ExplainCall {
  if (options.tiles !== undefined) {
    const mend = 'An object may be seen in several tiles: explain a part of the image instead.';
    throw complain('E_ARGUMENT', { where: 'explain', expected: 'no tiles', received: options.tiles, mend });
  }
  const asked = planOf(spec, options);
  const { plan, over } = callPlan(spec, options);
  const isSoftmax = 'activation' in spec.head && spec.head.activation === 'softmax';
  return {
    plan,
    explanationOf(evidence) {
      const { width, height, notes } = evidence;
      const found = explainEvidence(evidence, { plan: asked, isSoftmax, over, at });
      return { width, height, isSoftmax, ...found, ...(notes !== undefined && { notes }) };
    },
  };
}
