import type { HeadSpec } from '../heads/index.js';
import type { InputSpec, Tensors } from '../types/model.js';
import type { ModelFacts } from './evidence/graph/facts.js';
import type { PictureInput } from './evidence/input/image-input.js';
import type { LabelsGiven } from './labels.js';

/** One thing that was settled, and why. */
export interface Decision {
  /** Part of the spec: "head.family", "input.fit", "labels" … */
  field: string;
  value: string;
  because: string;
}

export function settled(field: string, value: string, because: string): Decision {
  return { field, value, because };
}

/** What a family's recogniser has to go by. */
export interface Evidence extends ModelFacts {
  image: PictureInput;
  /** Size of the model's input, pixels: the file's, the user's, or else what the family prescribes. */
  sizeOf(input: FamilyInput): { width: number; height: number };
  /** Outputs of one run on a picture with texture, prepared as a family would; a second call costs nothing. */
  probe(input: FamilyInput): Promise<Tensors>;
  /** What the user says: it settles what the model leaves open. */
  given: GivenParts;
}

/** Parts of a spec that the user gives, as they came: not checked yet. */
export interface GivenParts {
  head: Readonly<Record<string, unknown>>;
  input: Readonly<Record<string, unknown>>;
  /** How many names the labels file or the spec's labels hold, up to the highest number; null without them. */
  names: number | null;
}

/** What a family prescribes for its input; the rest comes from the file. */
export type FamilyInput = Pick<
  InputSpec,
  'channels' | 'scale' | 'mean' | 'std' | 'fit' | 'interpolation' | 'padValue'
> &
  Partial<Pick<InputSpec, 'rounding' | 'multipleOf' | 'extras'>> & {
    /** Size where the file leaves it open. Default 640 × 640 */
    size?: [width: number, height: number];
  };

/** A model's family, and what follows from it. */
export interface Recognition {
  /** For people: "YOLOX". */
  family: string;
  head: HeadSpec;
  input: FamilyInput;
  /** Class columns of the head; null where its outputs do not tell how many there are. */
  classes: number | null;
  /** A column that stands for no object: its place; it gets no label. */
  background?: 'first' | 'last';
  /** Class numbers are COCO's own category ids, 1 to 90 with gaps. */
  cocoIds?: boolean;
  /** Names of the classes that a file of the family beside the model gives. */
  names?: LabelsGiven;
  decisions: Decision[];
  /** What the user should know before trusting the results. */
  warnings?: string[];
}

/** Says what a model is if it is of this family, else null; throws E_MODEL where it is, but can't be used. */
export type Recogniser = (evidence: Evidence) => Recognition | null | Promise<Recognition | null>;

/** RGB from 0 to 1. */
export const RGB01 = { channels: 'rgb', scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] } satisfies Partial<InputSpec>;

/** RGB from 0 to 1, less ImageNet's mean, by its deviation. Source: torchvision.models. */
export const IMAGENET = {
  channels: 'rgb',
  scale: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
} satisfies Partial<InputSpec>;

/** Pixel values as they are, 0 to 255. */
export const RGB255 = { channels: 'rgb', scale: 1, mean: [0, 0, 0], std: [1, 1, 1] } satisfies Partial<InputSpec>;
export const BGR255 = { ...RGB255, channels: 'bgr' } satisfies Partial<InputSpec>;
