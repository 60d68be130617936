/** Names and shapes that options share with what they control. */

import { type Infer, list, oneOf, optional, record, refine, strictObject, variant } from '../check/shapes.js';
import { finite, positive } from '../check/words.js';

/**
 * How overlapping candidates of one object become one detection. 'nms': the best is kept, those that overlap it are
 * dropped. 'soft-linear', 'soft-gaussian': those that overlap it lose score, one best after the other. 'matrix-linear',
 * 'matrix-gaussian': the same for all at once. 'wbf': overlapping boxes are averaged. 'nmw': they are averaged into the best.
 * 'none': all are kept.
 */
export const SUPPRESSIONS = [
  'nms',
  'soft-linear',
  'soft-gaussian',
  'matrix-linear',
  'matrix-gaussian',
  'wbf',
  'nmw',
  'none',
] as const;

export type Suppression = (typeof SUPPRESSIONS)[number];

/** How overlap of two boxes is measured. 'ios': intersection over the smaller area. */
export const MEASURES = ['iou', 'giou', 'diou', 'ciou', 'ios'] as const;

export type OverlapMeasure = (typeof MEASURES)[number];

/**
 * The score of a fused box. 'avg': the mean of its members' scores, less where some of several models have none of it. 'max':
 * the highest. 'box_and_model_avg': the mean by the models' weights, times the part of the weights that took part.
 * 'absent_model_aware_avg': the mean by weight, to which absent models give 0. Of one model, all but 'max' are the mean.
 */
export const FUSED_SCORES = ['avg', 'max', 'box_and_model_avg', 'absent_model_aware_avg'] as const;

export type FusedScore = (typeof FUSED_SCORES)[number];

/** Which boxes suppress each other, if no groups of labels are given: those with the same label, or all. */
export const SCOPES = ['class', 'all'] as const;

export type Scope = (typeof SCOPES)[number];

/** The score from which a label counts, if nobody says otherwise. */
export const DEFAULT_SCORE = 0.35;

const rising = refine(
  list('ascending numbers between 0 and 1', finite, { min: 1 }),
  'ascending numbers between 0 and 1',
  (values) => values.every((value, i) => value > (i === 0 ? 0 : values[i - 1]!) && value < 1),
);

const isotonic = refine(
  strictObject({ kind: oneOf('isotonic'), scores: rising, calibrated: rising }),
  'scores and calibrated of equal length',
  ({ scores, calibrated }) => scores.length === calibrated.length,
);

/** Curves that rise everywhere. */
const calibration = variant('kind', {
  temperature: strictObject({ kind: oneOf('temperature'), temperature: positive }),
  platt: strictObject({ kind: oneOf('platt'), slope: positive, intercept: finite }),
  isotonic,
});

/**
 * A monotone curve from a model's scores to the share of detections that are right. 'temperature': σ(logit(s) /
 * temperature); 'platt': σ(slope · logit(s) + intercept); 'isotonic': straight lines from (0, 0) through the points to
 * (1, 1).
 */
export type Calibration = Infer<typeof calibration>;

/** Calibration of a model's scores: a curve for all labels, and curves of single labels. */
export const scoreCalibration = strictObject({
  shared: optional(calibration),
  labels: optional(record('curves by label', calibration)),
});

/** `shared` applies to the labels that `labels` does not name; without it their scores are unchanged. */
export type ScoreCalibration = Infer<typeof scoreCalibration>;
