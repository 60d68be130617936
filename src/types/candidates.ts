/** What a model saw in an image, before suppression: recorded once, post-processed as often as wanted. */

import type { LabelList, ParentLabel } from './model.js';
import type { Geometry } from './pictures.js';
import type { View } from './views.js';

/** Whether boxes are in the model's input or already in the upright image. */
export type CandidateSpace = 'input' | 'image';

/** The candidates of one image; field arrays of equal length n, by row, then by class. */
export interface ImageCandidates {
  /** Width and height of the upright image, and where it lies in the model's input. */
  geometry: Geometry;
  space: CandidateSpace;
  /** [n] row id of the head's output, ascending; a row stands once per class. */
  rows: Uint32Array;
  /** [n] column of the head's scores */
  classIds: Uint16Array;
  /** [n] the model's own scores, in [0, 1], before calibration */
  scores: Float32Array;
  /** [n, 4] xyxy, pixels of `space`: the coordinates that suppression works in */
  boxes: Float32Array;
  /** [n] 1 where the class is the best of its row among all classes with a label, else 0 */
  best: Uint8Array;
  /** Score from which candidates were recorded. */
  floor: number;
  /** The candidates that a limit cut off, the lowest ones; null: none. */
  cut: CutCandidates | null;
  /** What they are candidates of; one object for all images of a run. */
  model: CandidateModel;
  /**
   * Of an image that was looked at in several ways: what each look gave, model after model. Then the fields above are empty, but
   * for the size of the image.
   */
  views?: RecordedView[];
}

/** Without the model, which is the run's. */
export type RecordedCandidates = Omit<ImageCandidates, 'model'>;

/** What a model saw in one view of an image. */
export interface RecordedView {
  /** Number of the model. */
  model: number;
  view: View;
  /** Where the view lies in the model's input, and what was found there. */
  candidates: RecordedCandidates;
}

export interface CutCandidates {
  /** How many there are. */
  count: number;
  /** The highest of their scores: all candidates above it are recorded. */
  highest: number;
}

/** The part of a model's spec that post-processing needs once there are candidates. */
export interface CandidateModel {
  /** Per class column; null for columns that mean nothing. */
  labels: LabelList;
  /** Labels above those of the classes. Default none */
  parents?: readonly ParentLabel[];
  /** Whether several candidates may describe one object, so that suppression is needed. */
  needsSuppression: boolean;
  /** Whether the graph ended in a selection of its own: then candidates with equal boxes compete for the single label. */
  finished: boolean;
}
