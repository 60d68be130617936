import { complain } from '../../errors.js';
import type { OverlapMeasure } from '../../types/options.js';
import type { SuppressionPlan } from '../../types/plan.js';
import { checkOptions, count, fraction, oneOf, positive, type Rules } from '../options/check-options.js';
import { suppress } from '../suppress/suppress.js';
import { type ScoredBoxes, scoredBoxes } from './number-arrays.js';

export interface NmsOptions {
  /** In [0, 1]; a box goes when it overlaps a kept one more. Default 0.5 */
  iouThreshold?: number;
  /** Default 'iou' */
  measure?: OverlapMeasure;
  /** Exponent of the distance in 'diou', above 0. Default 1 */
  diouBeta?: number;
  /** Which boxes are rivals: those of one class, or all. Default 'class' */
  scope?: 'class' | 'all';
  /** Positive integer. Default no limit */
  maxCandidates?: number;
  /** Positive integer. Default 300 */
  maxDetections?: number;
  /** Positive integer. Default no limit */
  maxPerClass?: number;
}

const RULES: Rules<NmsOptions> = {
  iouThreshold: fraction,
  measure: oneOf('iou', 'giou', 'diou', 'ciou', 'ios'),
  diouBeta: positive,
  scope: oneOf('class', 'all'),
  maxCandidates: count,
  maxDetections: count,
  maxPerClass: count,
};

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
  const given = checkOptions(RULES, options, 'nms');
  const scored = scoredBoxes({ boxes, scores, classIds }, 'nms');
  requireNumbers(scored.scores);
  return suppress({ ...scored, rows: new Uint32Array(0), space: 'input' }, planOf(scored, given)).keep;
}

function planOf({ scores, classIds }: ScoredBoxes, options: NmsOptions): SuppressionPlan {
  const { iouThreshold = 0.5, scope = 'class', ...given } = options;
  const classes = 1 + classIds.reduce((highest, classId) => Math.max(highest, classId), -1);
  return {
    suppression: 'nms',
    measure: 'iou',
    diouBeta: 1,
    sigma: 0.5,
    fusedScore: 'avg',
    maxCandidates: scores.length,
    maxDetections: 300,
    maxPerClass: scores.length,
    ...given,
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
