import { headOf } from '../../heads/index.js';
import type { DetectionResult } from '../../types/detections.js';
import type { LabelList } from '../../types/model.js';
import type { PostprocessOptions } from '../../types/options.js';
import type { Geometry } from '../../types/pictures.js';
import type { PostprocessPlan } from '../../types/plan.js';
import { postprocessPlan } from '../plan.js';
import { placeOf } from '../regions/place-of.js';
import { sameItems } from '../select/same-items.js';
import { floatTensors, type RuntimeTensor } from './float-tensors.js';
import { detectionsFrom } from './from-outputs.js';
import { type PostprocessSpec, requireSpec } from './require-spec.js';

export interface PostprocessCall extends PostprocessOptions {
  /** Size of the upright image, pixels, if it was fitted as `spec.input` says. */
  image?: { width: number; height: number };
  /** Where the image lies in the model's input, if it was fitted otherwise; in place of `image`. */
  geometry?: Geometry;
}

/**
 * The raw outputs of a detector as labelled regions: the same as the detector's own, from the same numbers.
 *
 * @param outputs  by name, for one image. Not changed.
 * @returns regions in pixels of the upright image, highest score first; `notes` where `maxCandidates` cut some
 * @throws SigboxError E_ARGUMENT  an option or spec that can't be right, an output that is no tensor of numbers.
 * E_MODEL  outputs that are not those of the spec.
 */
export function postprocess(
  outputs: Readonly<Record<string, RuntimeTensor>>,
  spec: PostprocessSpec,
  call: PostprocessCall,
): Omit<DetectionResult, 'image' | 'damage'> {
  requireSpec(spec);
  const { image, geometry, ...options } = call ?? {};
  const { plan, labels } = settled(spec, options);
  const place = placeOf(spec.input, { image, geometry });
  const { head } = spec;
  return detectionsFrom(floatTensors(outputs, headOf(head).outputs(head)), { head, labels }, place, plan);
}

/** Options and labels as copies, which nobody can change, and the plan that they make. */
interface Settled {
  options: unknown[];
  labels: LabelList;
  plan: PostprocessPlan;
}

/** What was asked for last: images of one run ask for the same. */
let last: Settled | undefined;

function settled(spec: PostprocessSpec, given: PostprocessOptions): Settled {
  const options = Object.entries(given).flat();
  const plain = isPlain(spec, options);
  if (plain && last !== undefined && sameItems(last.options, options) && sameItems(last.labels, spec.labels))
    return last;
  const found = { options, labels: [...spec.labels], plan: postprocessPlan(spec, given, 'postprocess') };
  if (plain) last = found;
  return found;
}

/** Whether nothing in it may have changed in place. */
function isPlain({ labels, parents = [] }: PostprocessSpec, options: unknown[]): boolean {
  const ownParents = !Array.isArray(parents) || parents.length > 0;
  return Array.isArray(labels) && !ownParents && options.every((value) => typeof value !== 'object' || value === null);
}
