import { chooseSetting, fitSetting, type Setting, type SettingChoice } from '../statistics/cross-validate.js';
import { countHeldOut, type HeldOutCounts } from '../statistics/held-out.js';
import type { MatchedDetections } from '../statistics/matched-detections.js';
import { drawFolds } from '../statistics/random.js';
import type { Aim } from './aim.js';
import { CountTable, thresholdGrid } from './count-table.js';

/** Detections of the same images under one suppression setting. */
export interface Variant<Suppression> {
  suppression: Suppression;
  matched: MatchedDetections;
}

export interface TuneThresholdsOptions {
  aim: Aim;
  /** The lowest score that was recorded. */
  floor: number;
  folds: number;
  seed: number;
  /** Labels with fewer ground truths use the shared threshold. */
  minExamples: number;
}

/** Thresholds, and the detections above thresholds that were not fitted to their image. */
export interface FoundThresholds<Suppression> {
  suppression: Suppression;
  scoreThreshold: number;
  /** [classes] */
  thresholds: Float64Array;
  /** Weight of the shared counts, in ground truths; Infinity: one threshold for all labels. */
  strength: number;
  held: HeldOutCounts;
  folds: number;
}

/**
 * Weights of the shared counts when the threshold of one label is chosen, in ground truths. Cross-validation picks one; the
 * first means one threshold for all labels. docs/decisions/013 has the results.
 */
const STRENGTHS = [Number.POSITIVE_INFINITY, 160, 40];

/**
 * Chooses score thresholds and a suppression setting by cross-validation over images.
 *
 * Images are split into folds. Each fold is evaluated at thresholds fitted to the others, with settings chosen by
 * cross-validation among the others. The final thresholds are fitted to all images.
 *
 * @param variants  of the same two or more images; the first wins ties
 */
export function tuneThresholds<Suppression>(
  variants: readonly Variant<Suppression>[],
  { aim, floor, seed, minExamples, ...options }: TuneThresholdsOptions,
): FoundThresholds<Suppression> {
  const { images } = variants[0]!.matched;
  const folds = Math.min(options.folds, images);
  const parts = drawFolds(images, { folds, seed });
  const grid = thresholdGrid(floor);
  const tables = variants.map(({ matched }) => new CountTable(matched, grid, parts));
  const settings = STRENGTHS.flatMap((strength) => variants.map((_, table): Setting => ({ table, strength })));
  const choice: SettingChoice = { aim, settings, minExamples };
  const all = tables[0]!.folds;
  const setting = chooseSetting(tables, all, choice);
  const { places, shared } = fitSetting(tables, all, setting, choice);
  return {
    suppression: variants[setting.table]!.suppression,
    scoreThreshold: grid[shared]!,
    thresholds: Float64Array.from(places, (place) => grid[place]!),
    strength: setting.strength,
    held: heldOut(tables, variants, parts, choice),
    folds,
  };
}

/** Detections of each fold above thresholds from the others. */
function heldOut(
  tables: readonly CountTable[],
  variants: readonly Variant<unknown>[],
  parts: Uint8Array,
  choice: SettingChoice,
): HeldOutCounts {
  const { grid, folds } = tables[0]!;
  const counts = folds.map((fold) => {
    const others = folds.filter((each) => each !== fold);
    const setting = chooseSetting(tables, others, choice);
    const { places } = fitSetting(tables, others, setting, choice);
    const never = Number.POSITIVE_INFINITY;
    return countHeldOut(variants[setting.table]!.matched, (image, classId) =>
      parts[image] === fold ? grid[places[classId]!]! : never,
    );
  });
  return {
    ...counts[0]!,
    imageIds: Uint32Array.from(counts.flatMap(({ imageIds }) => [...imageIds])),
    classIds: Uint16Array.from(counts.flatMap(({ classIds }) => [...classIds])),
    truePositives: Uint8Array.from(counts.flatMap(({ truePositives }) => [...truePositives])),
  };
}
