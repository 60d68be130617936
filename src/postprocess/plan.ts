import { complain } from '../errors.js';
import { classIdsOf, thresholdsOf } from '../labels/class-selection.js';
import type { LabelList, ParentLabel } from '../types/model.js';
import { type Calibration, type PostprocessOptions, type ScoreCalibration, SUPPRESSIONS } from '../types/options.js';
import type { PostprocessPlan } from '../types/plan.js';
import { MOST_CLASSES } from './api/number-arrays.js';
import { calibrationRule } from './options/check-calibration.js';
import {
  checkOptions,
  count,
  fraction,
  fractionsByLabel,
  labelList,
  oneOf,
  positive,
  type Rules,
  rule,
  scopeRule,
  size,
} from './options/check-options.js';
import { planParents } from './regions/plan-parents.js';

export const POSTPROCESS_RULES: Rules<PostprocessOptions> = {
  scoreThreshold: fraction,
  labelThresholds: fractionsByLabel,
  iouThreshold: fraction,
  labelIouThresholds: fractionsByLabel,
  labels: oneOf('multi', 'single'),
  include: labelList,
  exclude: labelList,
  suppression: oneOf(...SUPPRESSIONS),
  measure: oneOf('iou', 'giou', 'diou', 'ciou', 'ios'),
  diouBeta: positive,
  scope: scopeRule,
  sigma: positive,
  fusedScore: oneOf('avg', 'max'),
  maxCandidates: count,
  maxDetections: count,
  maxPerClass: count,
  minSide: size,
  maxSide: size,
  minArea: size,
  maxArea: size,
  regionIou: rule('a number above 0, up to 1', (value) => Number(value) > 0 && fraction.fault(value) === null),
  calibration: calibrationRule,
  preset: oneOf('use', 'evaluation'),
};

/** Options that stay as they are given: without them there is no limit, and all labels are wanted. */
type Open = 'include' | 'maxPerClass' | 'maxSide' | 'maxArea';

/** With every default in place. */
export type SettledPostprocess = Required<Omit<PostprocessOptions, Open>> & Pick<PostprocessOptions, Open>;

const USE = {
  preset: 'use',
  scoreThreshold: 0.35,
  labelThresholds: {},
  iouThreshold: 0.5,
  labelIouThresholds: {},
  labels: 'multi',
  exclude: [],
  suppression: 'nms',
  measure: 'iou',
  diouBeta: 1,
  scope: 'class',
  sigma: 0.5, // Bodla et al. (2017), section 4
  fusedScore: 'avg',
  maxCandidates: 30_000, // max_nms of ultralytics.utils.nms.non_max_suppression
  maxDetections: 300,
  minSide: 0,
  minArea: 0,
  regionIou: 0.9,
  calibration: {},
} satisfies SettledPostprocess;

const PRESETS = {
  use: USE,
  evaluation: {
    ...USE,
    preset: 'evaluation',
    scoreThreshold: 0.001, // --conf-thres of yolov5/val.py
    iouThreshold: 0.6, // --iou-thres of yolov5/val.py
    maxDetections: 100, // the largest of COCO's maxDets
    regionIou: 1, // a region shows one box for all its labels: here each is measured with its own
  },
} satisfies Record<string, SettledPostprocess>;

/** @param given  checked by `checkOptions` */
export function settlePostprocess(given: PostprocessOptions): SettledPostprocess {
  return { ...structuredClone(PRESETS[given.preset ?? 'use']), ...given };
}

/**
 * Settles what post-processing needs.
 *
 * @param labels  the model's label per class column
 * @param given    checked by `checkOptions`; labels may be parents but for `scope` and `calibration`
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
  return planFrom(labels, checkOptions(POSTPROCESS_RULES, options, where), parents);
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
