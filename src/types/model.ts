/** What goes into a model and comes out of it. */

import type { FitMode, Interpolation } from './pictures.js';

/** A dense tensor as the runtime gives it. */
export interface Tensor {
  /** As the runtime gives it; [n, c, h, w] order for images. */
  dims: readonly number[];
  data: Float32Array;
}

export type Tensors = Readonly<Record<string, Tensor>>;

/** Element types that a model's input may have. */
export type InputType = 'float32' | 'float16' | 'uint8';

/** How an image becomes the model's input: value = (pixel · scale − mean) / std, per channel. */
export interface InputSpec {
  name: string;
  type: InputType;
  width: number;
  height: number;
  layout: 'nchw' | 'nhwc';
  /** false: without the first dim, [3, height, width] */
  batched: boolean;
  channels: 'rgb' | 'bgr';
  scale: number;
  /** In the order of `channels`. */
  mean: [number, number, number];
  std: [number, number, number];
  fit: FitMode;
  /**
   * How sides of the resized image become whole pixels where the aspect is kept. 'cut' is 'down', but boxes go back by the
   * ratio that was meant instead of the one that whole pixels make, as in YOLOX.
   */
  rounding: 'nearest' | 'down' | 'cut';
  interpolation: Interpolation;
  /** Grey level 0-255 of the padding that letterboxing leaves. */
  padValue: number;
  /** With 'shortest-edge': the input's sides are multiples of this, padded right and below. */
  multipleOf: number;
  /** What the model wants to know besides. */
  extras: ExtraInput[];
}

/** A second input, about the image. */
export interface ExtraInput {
  name: string;
  type: 'float32' | 'int32' | 'int64';
  /**
   * 'image-wh' and 'image-hw': size of the upright image; 'input-wh' and 'input-hw': size of the model's input; 'scale-yx':
   * fitted size / image size; each [1, 2]. 'mask': 1 where the image lies in the input, else 0, [1, height, width].
   */
  value: 'image-wh' | 'image-hw' | 'input-wh' | 'input-hw' | 'scale-yx' | 'mask';
  /** Of a mask whose size the file fixes, whatever the input's is. Default: the input's size */
  maskSize?: [width: number, height: number];
}

/** What labels are called and what stands above them; acts on a model's classes before anything is suppressed. */
export interface LabelMap {
  /** Label → its new name, or null: it is dropped. Labels that get one name become one label. */
  labels?: Record<string, string | null>;
  /** What becomes of the labels that `labels` does not name. Default 'keep' */
  others?: 'keep' | 'drop';
  /** Parent → the labels below it, by their new names. These may be parents themselves. */
  parents?: Record<string, string[]>;
  /** Score of a parent, from the labels below it that a region has. Default 'maximum' */
  parentScore?: ParentScore;
}

/** 'maximum': the highest of the scores; 'noisy-or': 1 − Π(1 − s), as if they were independent. */
export type ParentScore = 'maximum' | 'noisy-or';

/** A label that holds wherever one of those below it does. */
export interface ParentLabel {
  label: string;
  /** All labels below it, at any depth, that classes have; and its own name where a class has that. */
  below: string[];
  score: ParentScore;
}

/** A model's labels, one per class column; null where a column means nothing (background, gaps in a numbering). */
export type LabelList = readonly (string | null)[];

/** Execution providers of onnxruntime. */
export const PROVIDERS = ['cpu', 'cuda', 'webgpu', 'coreml', 'dml'] as const;

export type Provider = (typeof PROVIDERS)[number];
