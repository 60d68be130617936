import { check } from '../../check/check.js';
import { list, object, optional } from '../../check/shapes.js';
import { flag } from '../../check/words.js';
import type { CandidateModel } from '../../types/candidates.js';
import { labelList, parentLabel } from '../../types/model.js';
import type { PostprocessPlan } from '../../types/plan.js';
import { candidateModel } from '../candidate-model.js';
import { makeCheckedPlan } from '../make-plan.js';
import type { PostprocessOptions } from '../options/postprocess-options.js';
import { type PostprocessSpec, requireSpec } from './require-spec.js';

const candidateModelSchema = object({
  labels: labelList,
  parents: optional(list('an array of parent labels', parentLabel)),
  needsSuppression: flag,
  finished: flag,
});

/** Options that were checked and compiled for a model. Made by `compilePlan`; what is in it is sigbox's own business. */
export class CompiledPlan {
  readonly plan: PostprocessPlan;
  /** null: compiled for recorded candidates. */
  readonly spec: Pick<PostprocessSpec, 'head' | 'input'> | null;

  constructor(plan: PostprocessPlan, spec: Pick<PostprocessSpec, 'head' | 'input'> | null) {
    this.plan = plan;
    this.spec = spec;
  }
}

/**
 * Checks options and compiles them for a model, so that `postprocess` and `postprocessCandidates` need not do so for every
 * image. Later changes of what is given change nothing.
 *
 * @param model  a spec, or the `model` of recorded candidates
 * @throws SigboxError E_ARGUMENT  an option or spec that can't be right, a label that the model does not have
 */
export function compilePlan(model: PostprocessSpec | CandidateModel, options?: PostprocessOptions): CompiledPlan {
  return compileFor(model, options, 'compilePlan');
}

/** @param where  whose options these are, for messages */
export function compileFor(
  model: PostprocessSpec | CandidateModel,
  options: PostprocessOptions | undefined,
  where: string,
): CompiledPlan {
  if (isCandidateModel(model)) {
    check(candidateModelSchema, model, { where, path: 'model' });
    return new CompiledPlan(makeCheckedPlan(copied(model), options, where), null);
  }
  requireSpec(model, where);
  const { head, input } = model;
  const plan = makeCheckedPlan(copied(candidateModel(model)), options, where);
  return new CompiledPlan(plan, input === undefined ? { head } : { head, input });
}

function isCandidateModel(model: unknown): model is CandidateModel {
  return typeof model === 'object' && model !== null && 'needsSuppression' in model;
}

/** What becomes of the labels later changes nothing. */
function copied(model: CandidateModel): CandidateModel {
  return { ...model, labels: [...model.labels] };
}
