import type { Counts } from '../evaluate/metrics/score-counts.js';
import type { Estimate } from '../learn/statistics/bootstrap.js';
import type { Difference } from './difference.js';

/** How models compare on the same images. */
export interface ModelComparison {
  images: number;
  groundTruths: number;
  /** Their names; all others are compared with the first. */
  models: string[];
  /** Of precision, recall and F1. */
  iouThreshold: number;
  resamples: number;
  seed: number;
  numbers: NumberComparison[];
  /** Average precision of the labels with ground truths. */
  labels: LabelComparison[];
  /** Average precision by aspect, crowding, and fields of the images. */
  slices: SliceComparison[];
  /** Images on which models differ most, the largest difference first. */
  changedImages: ChangedImage[];
  /** One line each, for people. */
  warnings: string[];
}

/** One number of all models. */
export interface NumberComparison {
  name: string;
  title: string;
  /** [models] with 95 % intervals; NaN, in JSON null: there is nothing to measure. */
  values: Estimate[];
  /** [models − 1] of each other model to the first. */
  differences: Difference[];
  /** [models − 1] each difference in words. */
  verdicts: string[];
}

export interface LabelComparison extends Omit<NumberComparison, 'name' | 'title' | 'verdicts'> {
  label: string;
  groundTruths: number;
  /** With the label. */
  images: number;
  /** [models − 1] p-values adjusted for the number of labels, and whether they are below 0.05; null: in too few images. */
  adjusted: { p: number | null; significant: boolean }[];
}

export interface SliceComparison extends Omit<NumberComparison, 'title'> {
  by: string;
  images: number;
}

export interface ChangedImage {
  image: string;
  /** Number of the model that is compared with the first, from 1. */
  model: number;
  before: Counts;
  after: Counts;
  /** Errors (false positives and false negatives) more than the first model makes; below 0: fewer. */
  errors: number;
}
