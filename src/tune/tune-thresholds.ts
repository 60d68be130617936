import { complain } from '../errors.js';
import type { Aim, Counts } from './aim.js';
import { CountTable, thresholdGrid } from './count-table.js';
import { type Choice, chooseSetting, fitSetting, type Setting } from './cross-validate.js';
import { type AimComparison, compareForAim, countHeldOut, totals } from './held-out.js';
import { type Judged, truthsPerClass } from './judged.js';
import { drawFolds } from './random.js';

/** Detections of the same images under one way of suppression. */
export interface Variant<Suppression> {
  suppression: Suppression;
  judged: Judged;
}

export interface TuneThresholdsOptions {
  aim: Aim;
  /** The lowest score that was recorded. */
  floor: number;
  /** What thresholds are compared with. */
  default: { scoreThreshold: number; labelThresholds: Readonly<Record<string, number>> };
  folds: number;
  seed: number;
  /** A label with fewer truths keeps the threshold of all. */
  fewest: number;
}

/** Thresholds, and what they are worth. */
export interface TunedThresholds<Suppression> {
  suppression: Suppression;
  scoreThreshold: number;
  /** Of labels whose threshold differs from it. */
  labelThresholds: Record<string, number>;
  /** Truths of all labels that one label's own stand beside; Infinity: one threshold for all labels. */
  strength: number;
  /** On images that thresholds were not fitted to, against the default. */
  /** Where the gain is not significant, `scoreThreshold` and the rest are the default's. */
  comparison: AimComparison;
  labels: TunedLabel[];
  folds: number;
}

/** One label that has truths. */
export interface TunedLabel {
  label: string;
  truths: number;
  threshold: number;
  /** It has too few truths for a threshold of its own. */
  tooFew: boolean;
  /** On images that thresholds were not fitted to. */
  before: { precision: number; recall: number };
  after: { precision: number; recall: number };
}

/**
 * How many truths of all labels stand beside a label's own when its threshold is chosen. Which is best is itself found by
 * cross-validation; the first is one threshold for all.
 */
const STRENGTHS = [Number.POSITIVE_INFINITY, 160, 40];

/**
 * Chooses score thresholds, and the suppression where several are given, by cross-validation over images.
 *
 * The images are drawn into folds. Each fold is judged with thresholds that were fitted to the others, with settings that
 * were chosen by cross-validation among the others; these counts give the gain and, with images drawn anew, its interval.
 * The thresholds themselves are then fitted to all images.
 *
 * @param variants  of the same images; the first one is the default's suppression, which wins where others are no better
 * @throws SigboxError E_ARGUMENT  fewer than two images, or no truth
 */
export function tuneThresholds<Suppression>(
  variants: readonly Variant<Suppression>[],
  options: TuneThresholdsOptions,
): TunedThresholds<Suppression> {
  const { judged } = variants[0]!;
  requireTruth(judged);
  const folds = Math.min(options.folds, judged.images);
  const parts = drawFolds(judged.images, { folds, seed: options.seed });
  const grid = thresholdGrid(options.floor);
  const tables = variants.map((variant) => new CountTable(variant.judged, grid, parts));
  const settings = STRENGTHS.flatMap((strength) => variants.map((_, table): Setting => ({ table, strength })));
  const choice: Choice = { aim: options.aim, settings, fewest: options.fewest };
  const before = countHeldOut(judged, (_, classId) => defaultOf(options, judged.labels[classId]!));
  const held = heldOut(tables, variants, parts, choice);
  const comparison = compareForAim(before, held, judged, options);
  const all = tables[0]!.folds;
  const setting = chooseSetting(tables, all, choice);
  const fitted = fitSetting(tables, all, setting, choice);
  const { significant } = comparison;
  const thresholdOf = (classId: number) =>
    significant ? grid[fitted.places[classId]!]! : defaultOf(options, judged.labels[classId]!);
  const scoreThreshold = significant ? grid[fitted.shared]! : options.default.scoreThreshold;
  const once = new Uint32Array(judged.images).fill(1);
  const labels = describeLabels(judged, options.fewest, thresholdOf, [
    totals(before, judged, once),
    totals(held, judged, once),
  ]);
  const own = labels.filter(({ threshold }) => threshold !== scoreThreshold);
  return {
    suppression: variants[significant ? setting.table : 0]!.suppression,
    scoreThreshold,
    labelThresholds: significant
      ? Object.fromEntries(own.map(({ label, threshold }) => [label, threshold]))
      : { ...options.default.labelThresholds },
    strength: setting.strength,
    comparison,
    labels,
    folds,
  };
}

/** What counts in each fold with thresholds from the others. */
function heldOut(tables: CountTable[], variants: readonly Variant<unknown>[], parts: Uint8Array, choice: Choice) {
  const { grid, folds } = tables[0]!;
  const counts = folds.map((fold) => {
    const others = folds.filter((each) => each !== fold);
    const setting = chooseSetting(tables, others, choice);
    const { places } = fitSetting(tables, others, setting, choice);
    const never = Number.POSITIVE_INFINITY;
    return countHeldOut(variants[setting.table]!.judged, (image, classId) =>
      parts[image] === fold ? grid[places[classId]!]! : never,
    );
  });
  return {
    ...counts[0]!,
    imageIds: Uint32Array.from(counts.flatMap(({ imageIds }) => [...imageIds])),
    classIds: Uint16Array.from(counts.flatMap(({ classIds }) => [...classIds])),
    hits: Uint8Array.from(counts.flatMap(({ hits }) => [...hits])),
  };
}

function defaultOf({ default: { scoreThreshold, labelThresholds } }: TuneThresholdsOptions, label: string): number {
  return Object.hasOwn(labelThresholds, label) ? labelThresholds[label]! : scoreThreshold;
}

function describeLabels(
  judged: Judged,
  fewest: number,
  thresholdOf: (classId: number) => number,
  [before, after]: [Counts, Counts],
): TunedLabel[] {
  return [...truthsPerClass(judged).entries()].flatMap(([classId, truths]) => {
    if (truths === 0) return [];
    const label = judged.labels[classId]!;
    const shares = ({ right, wrong }: Counts) => ({
      precision: right[classId]! / (right[classId]! + wrong[classId]!),
      recall: right[classId]! / truths,
    });
    const threshold = thresholdOf(classId);
    return [{ label, truths, threshold, tooFew: truths < fewest, before: shares(before), after: shares(after) }];
  });
}

function requireTruth({ images, truths }: Judged): void {
  if (images < 2) {
    const mend = 'One part is to be judged with what the others teach.';
    throw complain('E_ARGUMENT', { where: 'tune', expected: 'two or more images', received: images, mend });
  }
  if (truths.classIds.length === 0) {
    throw complain('E_ARGUMENT', { where: 'tune', expected: 'truth in the images', received: 'none' });
  }
}
