import type { HeadSpec } from '../../heads/index.js';
import type { CandidateModel } from '../../types/candidates.js';
import type { InputSpec, LabelList, ParentLabel } from '../../types/model.js';
import type { PostprocessOptions } from '../../types/options.js';
import type { PostprocessPlan } from '../../types/plan.js';
import { candidateModel, makeCheckedPlan } from '../make-plan.js';
import { requireHead, requireLabels, requireParents } from './require-spec.js';

/** What a model's outputs mean: a ModelSpec, or these parts of one. `sigbox inspect --save` writes it. */
export interface PostprocessSpec {
  head: HeadSpec;
  /** The label of each class column; null for columns that mean nothing. */
  labels: LabelList;
  /** Labels above those of the classes. Default none */
  parents?: readonly ParentLabel[];
  /** Size of the model's input, pixels, and how an image is fitted into it; not needed beside a geometry. */
  input?: Pick<InputSpec, 'width' | 'height' | 'fit'> & Partial<InputSpec>;
}

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
  const isRecorded = model !== null && typeof model === 'object' && !('head' in model) && 'needsSuppression' in model;
  if (!isRecorded) requireHead((model as PostprocessSpec | undefined)?.head);
  requireLabels(model.labels);
  requireParents(model.parents);
  const facts = isRecorded ? (model as CandidateModel) : candidateModel(model as PostprocessSpec);
  const plan = makeCheckedPlan({ ...facts, labels: [...facts.labels] }, options, where);
  if (isRecorded) return new CompiledPlan(plan, null);
  const { head, input } = model as PostprocessSpec;
  return new CompiledPlan(plan, input === undefined ? { head } : { head, input });
}
