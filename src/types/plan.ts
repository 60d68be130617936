import type { CandidateSpace } from './candidates.js';
/** Options settled, and what they are applied to. */

import type { LabelList, ParentScore } from './model.js';
import type { Calibration, FusedScore, OverlapMeasure, Suppression } from './options.js';
import type { Augmentation } from './views.js';

/** Rows and classes over their thresholds, before suppression; field arrays of equal length n. */
export interface Candidates {
  /** [n] row id of the head's output, ascending; a row stands once per class that is over its threshold. */
  rows: Uint32Array;
  /** [n] */
  classIds: Uint16Array;
  /** [n] in [0, 1] */
  scores: Float32Array;
  /** [n, 4] xyxy, pixels of `space` */
  boxes: Float32Array;
  /** Whether boxes are in the model's input or already in the upright image. */
  space: CandidateSpace;
  /** [n] number of the model; missing: all are of one */
  models?: Uint16Array;
  /** Set where lower ones are missing: every candidate with a score above this is there. */
  floor?: number;
  /** Set where some are missing, and there may be more than were to be counted: how many there are in all. */
  total?: number;
}

/** How many of the best candidates are likely to be enough; see docs/decisions/014-best-first.md. */
export interface Budget {
  /** With far more candidates than this, the lowest ones may be left out. ∞: all are wanted */
  max: number;
  /** Where some are left out, all are counted, unless there can't be more than this. */
  countAbove: number;
}

/** Which columns of a score matrix are read, and from which value on each of them has a hit. */
export interface ScanThresholds {
  /** [classes, up to a multiple of 16] the lowest float32 that is a hit; NaN: none is */
  values: Float32Array;
  /** The lowest of them; NaN when there is none. */
  lowest: number;
  /** Ascending columns to read; with `single`, those that compete for a row. */
  columns: Uint16Array;
  /** At most one hit per row: its highest value (ties: lower column), if that one reaches its threshold. */
  single: boolean;
  /** Whether values are logits, and hits are to have their sigmoids. */
  activates: boolean;
  /** Whether all columns that are read have one threshold. */
  uniform: boolean;
  /** Whether they are neighbours as well. */
  even: boolean;
}

/** Which classes may become candidates, and from which score on. */
export interface ClassSelection {
  /** [classes] score from which a class is a candidate (score ≥ threshold); NaN: never */
  scoreThresholds: Float64Array;
  /** Ascending class columns that carry a label. */
  labelled: Uint16Array;
  /** Only the best labelled class of a row may be a candidate. */
  single: boolean;
  /** The same for scans of scores, and of logits. */
  scores: ScanThresholds;
  logits: ScanThresholds;
  /** Default: all candidates are wanted */
  budget?: Budget;
}

/** How candidates suppress each other. */
export interface SuppressionPlan {
  suppression: Suppression;
  /** [classes] scores that are lowered below this are dropped; NaN: never a candidate */
  scoreThresholds: Float64Array;
  measure: OverlapMeasure;
  diouBeta: number;
  sigma: number;
  fusedScore: FusedScore;
  /** [classes] in [0, 1] */
  iouThresholds: Float64Array;
  /** [classes] boxes of classes with the same number suppress each other */
  buckets: Uint16Array;
  /** Limits, ∞ where there is none. */
  maxCandidates: number;
  maxDetections: number;
  maxPerClass: number;
  /** What each of several models counts. Missing: there is one */
  modelWeights?: number[];
}

/** Limits of a box inside the image, in its pixels; ∞ where there is none. */
export interface SizeLimits {
  minSide: number;
  maxSide: number;
  minArea: number;
  maxArea: number;
}

/** What post-processing needs, compiled once from options and a model. Plain data, which can be sent to a worker. */
export interface PostprocessPlan extends SuppressionPlan, SizeLimits {
  /** Per class column. */
  labels: LabelList;
  /** What a head selects, in the model's own scores. */
  selection: ClassSelection;
  /** Only the best label of a row, after calibration. */
  single: boolean;
  /** [classes] curves of their scores; null: scores are unchanged */
  calibrations: (Calibration | null)[];
  /** Whether any class has a curve. */
  calibrates: boolean;
  /** [classes] the class that stands for each, where several have one label; null: none have */
  firstOfLabel: Uint16Array | null;
  /** Candidates that compete for one label after calibration: those of one row, or those with equal boxes. */
  competition: 'row' | 'box';
  /** How many of the best candidates are looked at first; ∞: all */
  budget: number;
  regionIou: number;
  /** Those below others first. */
  parents: PlannedParent[];
  /** Classes that are looked for only because a parent above them is wanted. */
  hidden: number[];
}

/** A parent label, settled. */
export interface PlannedParent {
  label: string;
  /** The class with this label, or else a number behind those of the classes. */
  classId: number;
  /** Classes that it is present with. */
  below: number[];
  /** In [0, 1]; 0: it is present whenever one below it is */
  scoreThreshold: number;
  /** If two regions overlap by more than this, the one where its score is lower loses it. */
  iouThreshold: number;
  score: ParentScore;
}

/** Which candidates are recorded besides the detections. */
export interface CandidateRecording {
  /** Score from which they are. */
  floor: number;
  /** The best so many. */
  max: number;
  /** Every class from the floor on, and the best class of each row. */
  all: ClassSelection;
  best: ClassSelection;
}

/** How images are cut into tiles. */
export interface TileGrid {
  /** Size of a tile, pixels of the upright image. */
  width: number;
  height: number;
  /** How far neighbours overlap at least, pixels. */
  overlapX: number;
  overlapY: number;
  /** Whether the whole image is looked at as well. */
  whole: boolean;
}

/** How images are looked at in several ways. */
export interface ViewPlan {
  /** Of each model. */
  looks: ModelLooks[];
  /** Post-processes what was joined: views may see an object twice, whatever the model itself has suppressed. */
  joined: PostprocessPlan;
  /** Boxes that fewer models have found are dropped. */
  minModels: number;
}

/** How one model looks at images. */
export interface ModelLooks {
  /** null: images are not cut */
  tiles: TileGrid | null;
  /** Further looks at each part. */
  augment: Augmentation[];
  /** Finds the candidates of a view: with tiles its thresholds are low, as joining looks at weak candidates too. */
  candidates: PostprocessPlan;
  /** What is left of them once all views are joined; of several models, by its suppression before they are. */
  own: PostprocessPlan;
  /** [classes] the class among those of all models that each of its own is; null: its own are all */
  classIds: number[] | null;
  /** null: no candidates are recorded */
  recording: CandidateRecording | null;
}

/** What `detect` needs, compiled once from DetectOptions. */
export interface DetectPlan extends PostprocessPlan {
  /** null: images are looked at once, as a whole */
  views: ViewPlan | null;
  /** null: none are */
  recording: CandidateRecording | null;
  background: string;
  lenient: boolean;
}

/** A plan under a number, by which workers know it once they have received it. */
export interface NumberedPlan {
  id: number;
  plan: DetectPlan;
  /** Whether a worker is known to have it. */
  isSent: boolean;
}
