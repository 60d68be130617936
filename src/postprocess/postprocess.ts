import { complain } from '../errors.js';
import { type HeadSpec, headOf, isHeadFamily } from '../heads/index.js';
import { fitImage } from '../image/fit.js';
import { asFloat32 } from '../kernels/as-float32.js';
import type { DetectionResult } from '../types/detections.js';
import type { InputSpec, LabelList, ParentLabel, Tensor, Tensors } from '../types/model.js';
import type { PostprocessOptions } from '../types/options.js';
import type { FitMode, Geometry } from '../types/pictures.js';
import type { PostprocessPlan } from '../types/plan.js';
import { detectionsFrom } from './from-outputs.js';
import { postprocessPlan } from './plan.js';
import { sameItems } from './same-items.js';

/** What a model's outputs mean: a ModelSpec, or these parts of one. `sigbox inspect --save` writes it. */
export interface PostprocessSpec {
  head: HeadSpec;
  /** The label of each class column; null for columns that mean nothing. */
  labels: LabelList;
  /** Labels above those of the classes. Default none */
  parents?: ParentLabel[];
  /** Size of the model's input, pixels, and how an image is fitted into it; not needed beside a geometry. */
  input?: Pick<InputSpec, 'width' | 'height' | 'fit'> & Partial<InputSpec>;
}

/** A tensor as its runtime gives it: any number type; `dims` is what tfjs calls its shape. */
export interface RuntimeTensor {
  dims: readonly number[];
  /** Texts, which tensors of onnxruntime may be, are refused. */
  data: ArrayBufferView | readonly number[] | readonly string[];
  /** 'float16' where `data` is a Uint16Array with the bits of halves. */
  type?: string;
}

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
 * @throws SigboxError E_ARGUMENT  an option or spec that can't be right. E_MODEL  outputs that are not those of the spec.
 */
export function postprocess(
  outputs: Readonly<Record<string, RuntimeTensor>>,
  spec: PostprocessSpec,
  { image, geometry, ...options }: PostprocessCall,
): Omit<DetectionResult, 'image' | 'damage'> {
  requireSpec(spec);
  const { plan, labels } = settled(spec, options);
  const place = geometry ?? placeOf(spec, image);
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
function isPlain({ parents = [] }: PostprocessSpec, options: unknown[]): boolean {
  return parents.length === 0 && options.every((value) => typeof value !== 'object' || value === null);
}

function placeOf({ input }: PostprocessSpec, image: PostprocessCall['image']): Geometry {
  const where = 'postprocess';
  if (!isSize(image)) {
    const expected = 'options.image to be { width, height } of the upright image, or options.geometry';
    throw complain('E_ARGUMENT', { where, expected, received: image });
  }
  if (!isSize(input) || !FITS.includes(input.fit)) {
    const expected = 'spec.input to be { width, height, fit } of the model, or options.geometry';
    throw complain('E_ARGUMENT', { where, expected, received: input });
  }
  return fitImage(image, input, input.fit);
}

const FITS: readonly FitMode[] = ['stretch', 'letterbox', 'letterbox-top-left', 'shortest-edge'];

function isSize<S extends { width: number; height: number }>(size: S | undefined): size is S {
  const whole = (side: unknown) => Number.isInteger(side) && Number(side) > 0;
  return typeof size === 'object' && size !== null && whole(size.width) && whole(size.height);
}

/** That its parts are of the right kind: what they say is checked against the outputs. */
function requireSpec(spec: PostprocessSpec): void {
  const where = 'postprocess';
  const family: unknown = spec?.head?.family;
  if (!isHeadFamily(family)) {
    const mend = 'sigbox inspect --save writes the spec of a model.';
    throw complain('E_ARGUMENT', { where, expected: 'spec.head.family to be known', received: family, mend });
  }
  const isLabel = (label: unknown) => label === null || typeof label === 'string';
  if (!Array.isArray(spec.labels) || spec.labels.length === 0 || !spec.labels.every(isLabel)) {
    throw complain('E_ARGUMENT', { where, expected: 'spec.labels to be a label per class', received: spec.labels });
  }
}

/** The outputs that a head reads; the head says which is missing. */
function floatTensors(outputs: Readonly<Record<string, RuntimeTensor>>, names: readonly string[]): Tensors {
  const present = names.filter((name) => outputs[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, floatTensor(name, outputs[name]!)]));
}

function floatTensor(name: string, { dims, data, type }: RuntimeTensor): Tensor {
  const where = `output "${name}"`;
  const numbers = asFloat32(data, type);
  if (numbers === null) throw complain('E_ARGUMENT', { where, expected: 'data to be numbers', received: data });
  if (!Array.isArray(dims) || numbers.length !== dims.reduce((product, dim) => product * dim, 1)) {
    const expected = `dims whose product is the ${numbers.length} numbers of data`;
    throw complain('E_ARGUMENT', { where, expected, received: Array.isArray(dims) ? `[${dims.join(', ')}]` : dims });
  }
  return { dims, data: numbers };
}
