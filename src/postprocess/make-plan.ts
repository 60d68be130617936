import { complain } from '../errors.js';
import { selectClasses } from '../heads/selection.js';
import { classIdsOf, labelledColumns, thresholdsOf } from '../labels/class-selection.js';
import { firstOfLabel, hasTwins } from '../labels/label-map.js';
import type { CandidateModel } from '../types/candidates.js';
import type { LabelList } from '../types/model.js';
import type { Calibration, Scope, ScoreCalibration } from '../types/options.js';
import type { PostprocessPlan } from '../types/plan.js';
import { MAX_CLASSES } from './api/number-arrays.js';
import { budgetOf } from './best-first.js';
import { checkPostprocessOptions, defaultsOf, type PostprocessOptions } from './options/postprocess-options.js';
import { planParents } from './regions/plan-parents.js';
import { haveOneCurve, rawSelection } from './select/calibrate-candidates.js';

/** What a plan has to know of a model. */
export type PlannedModel = Pick<CandidateModel, 'labels' | 'parents'> & Partial<CandidateModel>;

/**
 * Makes a plan of options for a model: everything that post-processing needs, settled once.
 *
 * @param model.needsSuppression  default true
 * @param options  checked; labels may be parents but for `scope` and `calibration`
 * @throws SigboxError E_ARGUMENT  more labels than there are class numbers, a label that the model does not have, or that
 * stands in two groups
 */
export function makePlan(model: PlannedModel, options: PostprocessOptions): PostprocessPlan {
  const { labels, parents = [], needsSuppression = true } = model;
  requireFewClasses(labels);
  const { preset: _, labels: mode, scope, calibration, ...settled } = { ...defaultsOf(options), ...options };
  const { ofClasses, ...above } = planParents(labels, parents, settled);
  const { scoreThreshold, labelThresholds, iouThreshold, labelIouThresholds, include, exclude, ...plain } = ofClasses;
  const iouThresholds = new Float64Array(labels.length).fill(iouThreshold); // [classes]
  for (const [label, threshold] of Object.entries(labelIouThresholds)) {
    for (const classId of classIdsOf(labels, label, 'labelIouThresholds')) iouThresholds[classId] = threshold;
  }
  const scoreThresholds = thresholdsOf(labels, { scoreThreshold, labelThresholds, include, exclude });
  const calibrations = calibrationsOf(labels, calibration);
  const calibrates = calibration.shared !== undefined || Object.keys(calibration.labels ?? {}).length > 0;
  const single = mode === 'single';
  const labelled = labelledColumns(labels);
  const choice = calibrates
    ? rawSelection({ scoreThresholds, calibrations, single }, labelled)
    : { scoreThresholds, single };
  const plan: PostprocessPlan = {
    maxPerClass: Number.POSITIVE_INFINITY,
    maxSide: Number.POSITIVE_INFINITY,
    maxArea: Number.POSITIVE_INFINITY,
    ...plain,
    ...above,
    labels,
    scoreThresholds,
    single,
    selection: selectClasses({ ...choice, labelled }),
    calibrations,
    calibrates,
    firstOfLabel: hasTwins(labels) ? firstOfLabel(labels) : null,
    competition: needsSuppression ? 'row' : 'box',
    iouThresholds,
    buckets: bucketsOf(labels, scope),
    budget: Number.POSITIVE_INFINITY,
  };
  if (!needsSuppression) Object.assign(plan, finishedSuppression(plan));
  const isComparable = !calibrates || haveOneCurve(calibrations, labelled); // the best before calibration is the best after it
  if (isComparable) plan.budget = budgetOf(plan);
  return plan;
}

/**
 * The same from options that nobody has checked yet.
 *
 * @throws SigboxError E_ARGUMENT  an unknown option, one out of its range, or a label that the model does not have
 */
export function makeCheckedPlan(model: PlannedModel, options: unknown, where: string): PostprocessPlan {
  return makePlan(model, checkPostprocessOptions(options, where));
}

function requireFewClasses({ length: received }: LabelList): void {
  if (received <= MAX_CLASSES) return;
  throw complain('E_ARGUMENT', { where: 'labels', expected: `at most ${MAX_CLASSES}, one per class column`, received });
}

/**
 * A model that has suppressed each of its classes needs no method. Classes that were given one label are still to be
 * suppressed against each other.
 */
function finishedSuppression({
  labels,
  firstOfLabel: first,
  iouThresholds,
}: PostprocessPlan): Partial<PostprocessPlan> {
  if (first === null) return { suppression: 'none' };
  const isMerged = (classId: number) => labels.filter((label) => label === labels[classId]).length > 1;
  const ofMerged = iouThresholds.map((threshold, classId) => (isMerged(classId) ? threshold : 1));
  return { suppression: 'nms', measure: 'iou', iouThresholds: ofMerged };
}

/** @returns [classes] */
function calibrationsOf(labels: LabelList, { shared, labels: own = {} }: ScoreCalibration): (Calibration | null)[] {
  const curves: (Calibration | null)[] = new Array(labels.length).fill(null);
  if (shared !== undefined) for (const i of labels.keys()) if (labels[i] !== null) curves[i] = shared;
  for (const [label, curve] of Object.entries(own)) {
    for (const classId of classIdsOf(labels, label, 'calibration')) curves[classId] = curve;
  }
  return curves;
}

/** @returns [classes]; boxes of classes with the same number suppress each other */
function bucketsOf(labels: LabelList, scope: Scope | string[][]): Uint16Array {
  const buckets = new Uint16Array(labels.length);
  if (scope === 'all') return buckets;
  for (let classId = 0; classId < buckets.length; classId++) buckets[classId] = classId;
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
