import { complain } from '../errors.js';
import { classIdsOf, thresholdsOf } from '../labels/class-selection.js';
import type { LabelList, ParentLabel } from '../types/model.js';
import type { Calibration, ScoreCalibration } from '../types/options.js';
import type { PostprocessPlan } from '../types/plan.js';
import { MOST_CLASSES } from './api/number-arrays.js';
import { checkPostprocessOptions, type PostprocessOptions, settlePostprocess } from './options/postprocess-options.js';
import { planParents } from './regions/plan-parents.js';

/**
 * Settles what post-processing needs.
 *
 * @param labels  the model's label per class column
 * @param given    checked; labels may be parents but for `scope` and `calibration`
 * @param parents  labels above those of the classes
 * @throws SigboxError E_ARGUMENT  more labels than there are class numbers, a label that the model does not have, or that
 * stands in two groups
 */
export function planFrom(
  labels: LabelList,
  given: PostprocessOptions,
  parents: readonly ParentLabel[] = [],
): PostprocessPlan {
  if (labels.length > MOST_CLASSES) {
    const expected = `at most ${MOST_CLASSES}, one per class column`;
    throw complain('E_ARGUMENT', { where: 'labels', expected, received: labels.length });
  }
  const { preset: _, labels: mode, scope, calibration, ...settled } = settlePostprocess(given);
  const { ofClasses, ...above } = planParents(labels, parents, settled);
  const { scoreThreshold, labelThresholds, iouThreshold, labelIouThresholds, include, exclude, ...plain } = ofClasses;
  const iouThresholds = new Float64Array(labels.length).fill(iouThreshold); // [classes]
  for (const [label, threshold] of Object.entries(labelIouThresholds)) {
    for (const classId of classIdsOf(labels, label, 'labelIouThresholds')) iouThresholds[classId] = threshold;
  }
  return {
    maxPerClass: Number.POSITIVE_INFINITY,
    maxSide: Number.POSITIVE_INFINITY,
    maxArea: Number.POSITIVE_INFINITY,
    ...plain,
    ...above,
    scoreThresholds: thresholdsOf(labels, { scoreThreshold, labelThresholds, include, exclude }),
    single: mode === 'single',
    iouThresholds,
    buckets: bucketsOf(labels, scope),
    calibrations: calibrationsOf(labels, calibration),
  };
}

/** @returns [classes] */
function calibrationsOf(labels: LabelList, { shared, labels: own = {} }: ScoreCalibration): (Calibration | null)[] {
  const curves = labels.map((label) => (label === null ? null : (shared ?? null)));
  for (const [label, curve] of Object.entries(own)) {
    for (const classId of classIdsOf(labels, label, 'calibration')) curves[classId] = curve;
  }
  return curves;
}

/**
 * Settles what post-processing needs, from options that nobody has checked yet.
 *
 * @throws SigboxError E_ARGUMENT  an unknown option, one out of its range, or a label that the model does not have
 */
export function postprocessPlan(
  { labels, parents }: { labels: LabelList; parents?: readonly ParentLabel[] },
  options: unknown,
  where: string,
): PostprocessPlan {
  return planFrom(labels, checkPostprocessOptions(options, where), parents);
}

/** @returns [classes]; classes with the same number are rivals */
function bucketsOf(labels: LabelList, scope: 'class' | 'all' | string[][]): Uint16Array {
  if (scope === 'all') return new Uint16Array(labels.length);
  const buckets = Uint16Array.from({ length: labels.length }, (_, classId) => classId);
  if (scope === 'class') return buckets;
  const grouped = new Set<number>();
  for (const group of scope) {
    const classIds = [...new Set(group.flatMap((label) => classIdsOf(labels, label, 'scope')))];
    const twice = classIds.find((classId) => grouped.has(classId));
    if (twice !== undefined) {
      throw complain('E_ARGUMENT', { where: 'scope', expected: 'a label in one group only', received: labels[twice] });
    }
    for (const classId of classIds) {
      grouped.add(classId);
      buckets[classId] = classIds[0]!;
    }
  }
  return buckets;
}
