import { complain } from '../errors.js';
import type { ModelSpec } from '../identify/spec/model-spec.js';
import type { DetectOptions } from '../options/detect-options.js';
import { explainEvidence } from '../postprocess/explain/explain-evidence.js';
import type { Explanation, ScoreEvidence } from '../types/explanations.js';
import { type CallPlan, callPlan, type PlanMaker } from './call-plan.js';

/** How a call of `explain` is answered. */
export interface ExplainCall extends Pick<CallPlan, 'plan'> {
  /** Makes the answer of what was seen. */
  explanationOf(evidence: ScoreEvidence): Omit<Explanation, 'image'>;
}

/** Options by which an image is looked at several times. */
const SEVERAL_LOOKS = ['tiles', 'augment'] as const;

/** @throws SigboxError E_ARGUMENT  an option that can't be right, a label that the model does not have, several looks */
export function explainCall(
  spec: ModelSpec,
  options: DetectOptions,
  { at, planned }: { at: readonly [number, number] | null; planned: PlanMaker },
): ExplainCall {
  const asked = planned(options);
  if (asked.views !== null) {
    const received = SEVERAL_LOOKS.find((name) => options[name] !== undefined) ?? 'models';
    const mend = 'An object may be seen several times: explain what one model sees in a part of the image instead.';
    throw complain('E_ARGUMENT', { where: 'explain', expected: 'one look by one model', received, mend });
  }
  const { plan, over } = callPlan(spec, options, planned);
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
