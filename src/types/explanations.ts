/** Why an image's regions have the labels that they have. */

import type { Box, Detection, DetectionResult, LabelScore } from './detections.js';

/** What became of a class at a place. */
export type ScoreOutcome =
  /** It is a label of the region. */
  | 'label'
  /** The same, as a rule asks for it. */
  | 'added by a rule'
  /** It reaches its threshold, and a rule took it away. */
  | 'dropped by a rule'
  /** It is a label of another region that is as good as at this place. */
  | 'label of another region'
  | 'under its threshold'
  /** `by` says which detection suppressed it, and by how much. */
  | 'suppressed'
  /** Only the best label of a box is asked for. */
  | 'not the best of its box'
  /** It reaches its threshold: a limit of labels, candidates or sizes left it out. */
  | 'beyond a limit'
  /** `include`, `exclude` or a label map leave it out. */
  | 'not wanted';

/** The detection that suppressed another one. */
export interface Suppressor extends LabelScore {
  box: Box;
  /** By the measure that suppression uses. */
  overlap: number;
  /** Above which a detection is suppressed. */
  iouThreshold: number;
}

/** The score of one class at a place. */
export interface ExplainedScore {
  label: string;
  classId: number;
  /** ln(s / (1 − s)) of the model's own score, from −104 to 18: float32 tells no others apart. */
  logit: number;
  /** The model's own score: where it ends in sigmoids, the sigmoid of its logit. */
  raw: number;
  /** What a softmax over all columns of the row, background included, would have said; null: not all of them are known */
  softmax: number | null;
  /** What counts: `raw`, calibrated if there is a curve. */
  score: number;
  /** null: the class is not wanted */
  threshold: number | null;
  outcome: ScoreOutcome;
  /** With 'suppressed'. */
  by?: Suppressor;
}

/** A row of the model's output that became no region. */
export interface ExplainedMiss {
  box: Box;
  /** All classes with a label, highest score first. */
  scores: ExplainedScore[];
}

/** A region, with what the model said of each class there. */
export interface ExplainedRegion extends ExplainedMiss, Pick<Detection, 'labels' | 'dropped' | 'violated'> {
  /** The best detections that its labels suppressed, by score. */
  suppressed: ExplainedMiss[];
}

/** An image's regions and near misses. */
export interface Explanation extends Pick<DetectionResult, 'image' | 'width' | 'height' | 'notes'> {
  /** Whether the head's scores are a softmax, so that classes compete: then `raw` is what softmax says. */
  isSoftmax: boolean;
  /** Highest score first; those that rules left without a label behind the others. */
  regions: ExplainedRegion[];
  /** Places that nearly became regions, the nearest to a threshold first. */
  misses: ExplainedMiss[];
}

/** What a detector saw at some rows of its output, and what it made of them. Plain data, from where the model runs. */
export interface ScoreEvidence extends Pick<DetectionResult, 'width' | 'height' | 'detections' | 'removed' | 'notes'> {
  /** What suppression left. */
  kept: { row: number; classId: number; score: number; box: Box }[];
  rows: EvidenceRow[];
}

export interface EvidenceRow {
  row: number;
  box: Box;
  /** [columns] the model's own scores, of columns without a label too; NaN: unknown */
  scores: Float32Array;
}
