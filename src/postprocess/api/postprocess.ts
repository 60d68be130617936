import { complain } from '../../errors.js';
import { headOf } from '../../heads/index.js';
import type { Geometry } from '../../types/pictures.js';
import { detectionsOf, type ImageDetections } from '../detections.js';
import type { PostprocessOptions } from '../options/postprocess-options.js';
import { imageGeometry } from '../regions/image-geometry.js';
import { findCandidates } from '../select/find-candidates.js';
import { CompiledPlan, compileFor } from './compile-plan.js';
import { floatTensors, type RuntimeTensor } from './float-tensors.js';
import type { PostprocessSpec } from './require-spec.js';

/** Where the image lies in the model's input. */
export interface ImagePlace {
  /** Size of the upright image, pixels, if it was fitted as `spec.input` says. */
  image?: { width: number; height: number };
  /** If it was fitted otherwise; in place of `image`. */
  geometry?: Geometry;
}

export interface PostprocessCall extends PostprocessOptions, ImagePlace {}

/**
 * The raw outputs of a detector as labelled regions: the same as the detector's own, from the same numbers.
 *
 * @param outputs  by name, for one image. Not changed.
 * @param spec     of the model; or a plan that `compilePlan` made of it and of options, which saves compiling them again
 * @param call     where the image lies and, beside a spec, options
 * @returns regions in pixels of the upright image, highest score first; `notes` where `maxCandidates` cut some
 * @throws SigboxError E_ARGUMENT  an option or spec that can't be right, an output that is no tensor of numbers.
 * E_MODEL  outputs that are not those of the spec.
 */
export function postprocess(
  outputs: Readonly<Record<string, RuntimeTensor>>,
  spec: PostprocessSpec,
  call: PostprocessCall,
): ImageDetections;
export function postprocess(
  outputs: Readonly<Record<string, RuntimeTensor>>,
  plan: CompiledPlan,
  place: ImagePlace,
): ImageDetections;
export function postprocess(
  outputs: Readonly<Record<string, RuntimeTensor>>,
  model: PostprocessSpec | CompiledPlan,
  call: PostprocessCall,
): ImageDetections {
  const { image, geometry, ...options } = call ?? {};
  const { plan, spec } = model instanceof CompiledPlan ? planAlone(model, options) : compileFor(model, options, where);
  if (spec === null)
    throw complain('E_ARGUMENT', { where, expected: 'a plan of a spec', received: 'one of candidates' });
  const { head } = spec;
  const place = imageGeometry(spec.input, { image, geometry });
  const tensors = floatTensors(outputs, headOf(head).outputs(head));
  return detectionsOf((budget) => findCandidates(tensors, head, place, plan, budget), place, plan);
}

const where = 'postprocess';

/** @throws SigboxError E_ARGUMENT  options beside a plan, which has its own */
export function planAlone(plan: CompiledPlan, options: object): CompiledPlan {
  const [name] = Object.keys(options);
  if (name === undefined) return plan;
  const mend = 'Pass it to compilePlan.';
  throw complain('E_ARGUMENT', { where, expected: 'no options beside a plan', received: name, mend });
}
