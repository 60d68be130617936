import { type OptionsOf, option, optionsCheck } from '../../check/option.js';
import { oneOf } from '../../check/shapes.js';
import { complain } from '../../errors.js';
import { SCOPES } from '../../types/options.js';
import type { SuppressionPlan } from '../../types/plan.js';
import { defaultsOf, POSTPROCESS_OPTIONS } from '../options/postprocess-options.js';
import { suppress } from '../suppress/suppress.js';
import { type ScoredBoxes, scoredBoxes } from './number-arrays.js';

const { iouThreshold, measure, diouBeta, maxCandidates, maxDetections, maxPerClass } = POSTPROCESS_OPTIONS;

const NMS_OPTIONS = {
  /** In [0, 1]; a box is dropped if it overlaps a kept one by more than this. Default 0.5 */
  iouThreshold,
  /** How overlap is measured. Default 'iou' */
  measure,
  /** Exponent of the distance in 'diou', above 0. Default 1 */
  diouBeta,
  /** Which boxes compete: those of one class, or all. Default 'class' */
  scope: option(oneOf(...SCOPES)),
  /** Positive integer: at most this many boxes, those with the highest scores. Default: no limit */
  maxCandidates: option(maxCandidates.schema),
  /** Positive integer. Default 300 */
  maxDetections,
  /** Positive integer. Default: no limit */
  maxPerClass,
};

export interface NmsOptions extends OptionsOf<typeof NMS_OPTIONS> {}

const checkNmsOptions = optionsCheck(NMS_OPTIONS);

/**
 * Greedy non-maximum suppression, separately for each class.
 *
 * @param boxes     [n, 4] xyxy, any unit. Not changed.
 * @param scores    [n] any numbers, NaN not allowed. Not changed.
 * @param classIds  [n] whole numbers from 0 to 65535. Not changed.
 * @returns kept row numbers, highest score first; equal scores: lower row first.
 * @throws SigboxError E_ARGUMENT  no arrays of numbers, lengths that disagree, a score that is NaN, a class that is no
 * such number, an option out of its range.
 *
 * Boxes and scores of other types than Float32Array are rounded to it, into a copy; Uint16Array spares one for classIds.
 * Overlaps are taken in double precision and compared strictly; empty, inverted and endless boxes and such that are not
 * numbers overlap nothing.
 * Source: same rule as torchvision.ops.batched_nms without its coordinate offsets; naive twin in test/reference/nms.ts.
 */
export function nms(
  boxes: ArrayLike<number>,
  scores: ArrayLike<number>,
  classIds: ArrayLike<number>,
  options?: NmsOptions,
): Uint32Array {
  const given = checkNmsOptions(options, 'nms');
  const scored = scoredBoxes({ boxes, scores, classIds }, 'nms');
  requireNumbers(scored.scores);
  return suppress({ ...scored, rows: new Uint32Array(0), space: 'input' }, planOf(scored, given)).keep;
}

function planOf({ scores, classIds }: ScoredBoxes, options: NmsOptions): SuppressionPlan {
  const { iouThreshold, scope, ...settled } = { ...defaultsOf({}), ...options };
  const classes = 1 + classIds.reduce((highest, classId) => Math.max(highest, classId), -1);
  return {
    ...settled,
    suppression: 'nms',
    maxCandidates: options.maxCandidates ?? scores.length,
    maxPerClass: options.maxPerClass ?? scores.length,
    scoreThresholds: new Float64Array(classes),
    iouThresholds: new Float64Array(classes).fill(iouThreshold),
    buckets: Uint16Array.from({ length: classes }, (_, classId) => (scope === 'class' ? classId : 0)),
  };
}

function requireNumbers(scores: Float32Array): void {
  for (let i = 0; i < scores.length; i++) {
    if (!Number.isNaN(scores[i])) continue;
    throw complain('E_ARGUMENT', { where: 'nms', expected: `scores[${i}] to be a number`, received: scores[i] });
  }
}
