/** Inputs and outputs of a model, and its labels. */

import {
  type Infer,
  list,
  oneOf,
  optional,
  orNull,
  record,
  type Schema,
  strictObject,
  tuple,
  withDefault,
} from '../check/shapes.js';
import { between, count, finite, flag, nonZero, text } from '../check/words.js';
import { fitMode, interpolation } from './pictures.js';
import { labelGroups, labelRules } from './rules.js';

/** A dense tensor as the runtime gives it. */
export interface Tensor {
  /** As the runtime gives it; [n, c, h, w] order for images. */
  dims: readonly number[];
  data: Float32Array;
}

export type Tensors = Readonly<Record<string, Tensor>>;

/** Element types that a model's input may have. */
export type InputType = Infer<typeof inputType>;
export const inputType = oneOf('float32', 'float16', 'uint8', 'int8');

const perChannel = tuple('three numbers', finite, 3);

/** A second input, about the image. */
export type ExtraInput = Infer<typeof extraInput>;
export const extraInput = strictObject({
  name: text,
  type: oneOf('float32', 'int32', 'int64'),
  /**
   * 'image-wh' and 'image-hw': size of the upright image; 'input-wh' and 'input-hw': size of the model's input; 'scale-yx':
   * fitted size / image size; each [1, 2]. 'mask': 1 where the image lies in the input, else 0, [1, height, width].
   */
  value: oneOf('image-wh', 'image-hw', 'input-wh', 'input-hw', 'scale-yx', 'mask'),
  /** Size of a mask if the file fixes it: [width, height]. Default: the input's size */
  maskSize: optional(tuple('[width, height] in whole pixels', count, 2)),
});

/** How an image becomes the model's input: value = (pixel · scale − mean) / std, per channel. */
export type InputSpec = Infer<typeof inputSpec>;
export const inputFields = {
  name: text,
  type: withDefault(inputType, 'float32'),
  width: count,
  height: count,
  layout: oneOf('nchw', 'nhwc'),
  /** false: without the first dim, [3, height, width] */
  batched: withDefault(flag, true),
  /** Pictures per run, if the file fixes more than one: each run takes the next ones, or copies. Default 1 */
  batch: optional(count),
  channels: oneOf('rgb', 'bgr'),
  scale: finite,
  /** In the order of `channels`. */
  mean: perChannel,
  std: tuple('three numbers other than 0', nonZero, 3),
  fit: fitMode,
  /**
   * How the sides of the resized image are rounded to whole pixels if the aspect is kept. 'cut' is 'down', but boxes are
   * scaled back by the exact ratio instead of that of the whole pixels, as in YOLOX.
   */
  rounding: withDefault(oneOf('nearest', 'down', 'cut'), 'nearest'),
  interpolation: withDefault(interpolation, 'antialias'),
  /** Grey level from 0 to 255 of the padding that letterboxing adds. */
  padValue: between(0, 255),
  /**
   * The input's sides are multiples of this. With 'shortest-edge' they are padded right and below. Letterboxes of more than 1
   * are padded to the next multiple only, for models that take any size.
   */
  multipleOf: withDefault(count, 1),
  /** Further inputs of the model. */
  extras: withDefault(list('inputs', extraInput), []),
};
export const inputSpec = strictObject(inputFields);

/** How labels are renamed, dropped and grouped under parents; applied to a model's classes before suppression. */
export type LabelMap = Infer<typeof labelMap>;
/** 'maximum': the highest of the scores; 'noisy-or': 1 − Π(1 − s), as if they were independent. */
export type ParentScore = Infer<typeof parentScore>;
export const parentScore = oneOf('maximum', 'noisy-or');

export const labelMap = strictObject({
  /** Label → its new name, or null: it is dropped. Labels that get one name become one label. */
  labels: optional(record('new names, or null, by label', orNull(text))),
  /** What happens to the labels that `labels` does not name. Default 'keep' */
  others: optional(oneOf('keep', 'drop')),
  /** Parent → the labels below it, by their new names. These may be parents themselves. */
  parents: optional(record('arrays of labels, by parent', list('an array of labels', text))),
  /** Score of a parent, from the labels below it that a region has. Default 'maximum' */
  parentScore: optional(parentScore),
  /** Group → its labels, by their new names: a word for all of them in `rules`. */
  groups: optional(labelGroups),
  /** What holds between the labels of a region, by their new names; parents are labels too. */
  rules: optional(labelRules),
});

/** A label that a region has whenever it has one of those below it. */
export type ParentLabel = Infer<typeof parentLabel>;
export const parentLabel = strictObject({
  label: text,
  /** All labels below it, at any depth, that classes have; and its own name where a class has that. */
  below: list('an array of labels', text),
  score: parentScore,
});

/** A model's labels, one per class column; null where a column means nothing (background, gaps in a numbering). */
export type LabelList = readonly (string | null)[];
export const labelList: Schema<LabelList> = list('labels, with null for a class without one', orNull(text), { min: 1 });

/** Execution providers of onnxruntime. */
export const PROVIDERS = ['cpu', 'cuda', 'webgpu', 'coreml', 'dml'] as const;

export type Provider = (typeof PROVIDERS)[number];
