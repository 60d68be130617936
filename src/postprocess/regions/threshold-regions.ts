import { complain } from '../../errors.js';
import { resultLabels } from '../../labels/label-map.js';
import { RegionRules, type RuledDetections } from '../../labels/rules/apply-rules.js';
import type { Detection } from '../../types/detections.js';
import type { LabelList, ParentLabel } from '../../types/model.js';
import type { PostprocessPlan } from '../../types/plan.js';
import type { RuledLabels } from '../../types/rules.js';
import { makeCheckedPlan } from '../make-plan.js';
import { calibrated, uncalibrated } from '../options/calibration.js';
import type { PostprocessOptions } from '../options/postprocess-options.js';
import { addParents } from './parents.js';

/** Thresholds for reading recorded regions, and calibration curves that are applied to their scores first. */
export interface ReadingThresholds extends Pick<PostprocessOptions, 'calibration'> {
  scoreThreshold: number;
  /** Label → its own, in place of `scoreThreshold`. */
  labelThresholds: Record<string, number>;
}

/** The options of the recording that matter when its regions are read. */
export interface RecordedOptions
  extends Pick<PostprocessOptions, 'include' | 'exclude' | 'calibration' | 'labelThresholds'> {
  /** The floor. */
  scoreThreshold: number;
}

interface LabelledSpec {
  labels: LabelList;
  parents?: ParentLabel[];
  rules?: RuledLabels;
}

/** Selects the recorded detections that reach score thresholds. */
export interface Thresholder {
  /** Parents are derived again from the kept labels; then label rules are applied. */
  over(detections: readonly Detection[]): RuledDetections;
  /** Regions that were recorded with a lower score than this are never selected. */
  lowest: number;
}

/**
 * @throws SigboxError E_ARGUMENT  a label that the model does not have, a threshold below the run's floor
 */
export function thresholder(spec: LabelledSpec, options: RecordedOptions, thresholds: ReadingThresholds): Thresholder {
  const { include, exclude } = options;
  const plan = makeCheckedPlan(
    spec,
    { ...thresholds, ...(exclude && { exclude }), ...(include && { include }) },
    'run',
  );
  requireAbove(options, thresholds, plan);
  requireOwnScores(options, thresholds);
  const parents = plan.parents.filter(({ classId }) => classId >= spec.labels.length);
  const above = parentThresholds(spec, thresholds, plan.hidden.length > 0);
  const lowest = Float64Array.from([...plan.scoreThresholds, ...above]);
  const rules = rulesOf(spec, options, lowest, thresholds);
  return {
    over(detections) {
      const scored = calibratedRegions(detections, plan.calibrations);
      const kept = overThresholds(scored, lowest);
      const regions = plan.hidden.length > 0 ? kept : addParents(kept, { ...plan, parents });
      if (rules === null) return { detections: regions };
      const known = new Map(scored.map(({ box, labels }) => [box, labels]));
      return rules.apply(regions.map((region) => ({ region, scores: known.get(region.box)! })));
    },
    lowest: calibrates(plan) ? Number.NEGATIVE_INFINITY : Math.min(...lowest.filter((score) => !Number.isNaN(score))),
  };
}

/** Parents without a threshold of their own follow the labels below them. */
function rulesOf(
  { labels, parents = [], rules }: LabelledSpec,
  { scoreThreshold: floor }: RecordedOptions,
  lowest: Float64Array,
  { scoreThreshold, labelThresholds }: ReadingThresholds,
): RegionRules | null {
  if (rules === undefined) return null;
  const names = resultLabels(labels, parents);
  const ofParents = lowest.map((threshold, i) => (i < labels.length ? threshold : scoreThreshold));
  const following = parents.filter(({ label }) => !labels.includes(label) && labelThresholds[label] === undefined);
  return new RegionRules(rules.rules, {
    labels: names,
    thresholds: ofParents,
    floor,
    mode: rules.mode,
    parents: following,
  });
}

function calibrates({ calibrations }: PostprocessPlan): boolean {
  return calibrations.some((curve) => curve !== null);
}

/**
 * Thresholds of parents that are no classes themselves; in the list they follow those of the classes. Such parents are
 * derived again from the labels below them that were kept, unless those labels were not recorded.
 */
function parentThresholds(
  { labels, parents }: LabelledSpec,
  thresholds: ReadingThresholds,
  areAlone: boolean,
): number[] {
  const { scoreThreshold, labelThresholds } = thresholds;
  const names = resultLabels(labels, parents).slice(labels.length) as string[];
  return names.map((label) => (areAlone ? (labelThresholds[label] ?? scoreThreshold) : Number.NaN));
}

/** Thresholds of calibrated scores are mapped back to recorded scores; single labels may have floors of their own. */
function requireAbove(
  { scoreThreshold: floor, labelThresholds: floors = {} }: RecordedOptions,
  { scoreThreshold, labelThresholds }: ReadingThresholds,
  plan: PostprocessPlan,
): void {
  const { calibrations, scoreThresholds, labels } = plan;
  const floorOf = (label: string | null) => (label === null ? floor : (floors[label] ?? floor));
  const ofClass = (threshold: number, classId: number): Asked => {
    const curve = calibrations[classId] ?? null;
    return [curve === null ? threshold : uncalibrated(curve, threshold), floorOf(labels[classId] ?? null)];
  };
  const single = new Set([...Object.keys(labelThresholds), ...Object.keys(floors)]);
  const asked: Asked[] = calibrates(plan)
    ? Array.from(scoreThresholds, ofClass)
    : [
        [scoreThreshold, floor],
        ...[...single].map((label): Asked => [labelThresholds[label] ?? scoreThreshold, floorOf(label)]),
      ];
  const below = asked.find(([threshold, lowest]) => threshold < lowest);
  if (below === undefined) return;
  const [received, lowest] = below;
  const mend = 'Nothing lower was recorded: annotate again with a lower --floor.';
  throw complain('E_ARGUMENT', { where: 'run', expected: `a score threshold from ${lowest} on`, received, mend });
}

/** A threshold, and the one that was recorded from. */
type Asked = [threshold: number, floor: number];

function requireOwnScores({ calibration }: RecordedOptions, thresholds: ReadingThresholds): void {
  if (thresholds.calibration === undefined || Object.keys(calibration ?? {}).length === 0) return;
  const mend = 'Record it without --thresholds.';
  throw complain('E_ARGUMENT', {
    where: 'run',
    expected: 'the model’s own scores, to calibrate them',
    received: 'calibrated ones',
    mend,
  });
}

/** Labels of classes with calibrated scores, in order; parents are derived from them again later. */
function calibratedRegions(
  detections: readonly Detection[],
  calibrations: PostprocessPlan['calibrations'],
): readonly Detection[] {
  if (calibrations.every((curve) => curve === null)) return detections;
  const regions = detections.map((detection) => {
    const labels = detection.labels.map((own) => {
      const curve = calibrations[own.classId] ?? null;
      return curve === null ? own : { ...own, score: Math.fround(calibrated(curve, own.score)) };
    });
    labels.sort((a, b) => b.score - a.score);
    return { ...detection, ...labels[0]!, labels };
  });
  return regions.sort((a, b) => b.score - a.score);
}

/**
 * Keeps the labels that reach the score thresholds of their classes, and the regions that have such labels.
 *
 * With one threshold for all labels, the result equals detection with that threshold: suppression, the limit of labels per
 * image and the joining of regions work from the highest score down, so scores below the threshold change nothing above it.
 * With thresholds of single labels, two things may differ: a region keeps the box of its best label even if that label is
 * dropped, and dropped labels count towards the limit.
 *
 * @param detections  not changed
 * @param thresholds  [classes]; NaN: never. Scores are compared as float32, the type the model gave them.
 */
export function overThresholds(detections: readonly Detection[], thresholds: Float64Array): Detection[] {
  return detections.flatMap((detection) => {
    const labels = detection.labels.filter(({ classId, score }) => Math.fround(score) >= thresholds[classId]!);
    return labels.length === 0 ? [] : [{ ...detection, ...labels[0]!, labels }];
  });
}
