/** Options settled, and what they are applied to. */

import type { ParentScore } from './model.js';
import type { Calibration, FusedScore, OverlapMeasure, Suppression } from './options.js';

/** Rows and classes over their thresholds, before suppression; field arrays of equal length n. */
export interface Candidates {
  /** [n] row of the head's output, ascending; a row stands once per class that is over its threshold. */
  rows: Uint32Array;
  /** [n] */
  classIds: Uint16Array;
  /** [n] in [0, 1] */
  scores: Float32Array;
  /** [n, 4] xyxy, pixels of `space` */
  boxes: Float32Array;
  /** Whether boxes are in the model's input or already in the upright image. */
  space: 'input' | 'image';
  /** Where the lower ones are left out: every candidate with a score above this is there. */
  floor?: number;
  /** Where some are left out, and there may be more than the limit of candidates: how many there are in all. */
  total?: number;
}

/** What post-processing needs, settled once: PostprocessOptions with every default in place and labels resolved to classes. */
export interface PostprocessPlan {
  /** [classes] score from which a class is a candidate; NaN: never */
  scoreThresholds: Float64Array;
  single: boolean;
  suppression: Suppression;
  measure: OverlapMeasure;
  diouBeta: number;
  sigma: number;
  fusedScore: FusedScore;
  /** [classes] in [0, 1] */
  iouThresholds: Float64Array;
  /** [classes] classes with the same number are rivals */
  buckets: Uint16Array;
  /** Limits, ∞ where there is none. */
  maxCandidates: number;
  maxDetections: number;
  maxPerClass: number;
  minSide: number;
  maxSide: number;
  minArea: number;
  maxArea: number;
  regionIou: number;
  /** [classes] curves of their scores; null: they stay as they are */
  calibrations: (Calibration | null)[];
  /** Those below others first. */
  parents: PlannedParent[];
  /** Classes that are looked for only because a parent above them is wanted. */
  hidden: number[];
}

/** A parent label, settled. */
export interface PlannedParent {
  label: string;
  /** The class that is called so, else a number behind those of the classes. */
  classId: number;
  /** Classes that it holds with. */
  below: number[];
  /** In [0, 1]; 0: it holds wherever one below it does */
  scoreThreshold: number;
  /** Of two regions that overlap more, the one where its score is lower loses it. */
  iouThreshold: number;
  score: ParentScore;
}

/** What `detect` needs, settled once: DetectOptions with every default in place. */
export interface DetectPlan extends PostprocessPlan {
  background: string;
  lenient: boolean;
}
