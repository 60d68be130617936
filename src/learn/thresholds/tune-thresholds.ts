import { type Choice, chooseSetting, fitSetting, type Setting } from '../statistics/cross-validate.js';
import { countHeldOut, type HeldOutCounts } from '../statistics/held-out.js';
import type { Judged } from '../statistics/judged.js';
import { drawFolds } from '../statistics/random.js';
import type { Aim } from './aim.js';
import { CountTable, thresholdGrid } from './count-table.js';

/** Detections of the same images under one way of suppression. */
export interface Variant<Suppression> {
  suppression: Suppression;
  judged: Judged;
}

export interface TuneThresholdsOptions {
  aim: Aim;
  /** The lowest score that was recorded. */
  floor: number;
  folds: number;
  seed: number;
  /** A label with fewer truths keeps the threshold of all. */
  fewest: number;
}

/** Thresholds, and what counts at such that were not fitted to the image in question. */
export interface FoundThresholds<Suppression> {
  suppression: Suppression;
  scoreThreshold: number;
  /** [classes] */
  thresholds: Float64Array;
  /** Truths of all labels that one label's own stand beside; Infinity: one threshold for all labels. */
  strength: number;
  held: HeldOutCounts;
  folds: number;
}

/**
 * How many truths of all labels stand beside a label's own when its threshold is chosen. Which is best is itself found by
 * cross-validation; the first is one threshold for all. FINDINGS has what they come to.
 */
const STRENGTHS = [Number.POSITIVE_INFINITY, 160, 40];

/**
 * Chooses score thresholds, and one of several ways of suppression, by cross-validation over images.
 *
 * The images are drawn into folds. What counts in each is found with thresholds that were fitted to the others, with settings
 * that were chosen by cross-validation among the others. The thresholds themselves are fitted to all images.
 *
 * @param variants  of the same images, two or more; the first one wins where others are no better
 */
export function tuneThresholds<Suppression>(
  variants: readonly Variant<Suppression>[],
  { aim, floor, seed, fewest, ...options }: TuneThresholdsOptions,
): FoundThresholds<Suppression> {
  const { images } = variants[0]!.judged;
  const folds = Math.min(options.folds, images);
  const parts = drawFolds(images, { folds, seed });
  const grid = thresholdGrid(floor);
  const tables = variants.map(({ judged }) => new CountTable(judged, grid, parts));
  const settings = STRENGTHS.flatMap((strength) => variants.map((_, table): Setting => ({ table, strength })));
  const choice: Choice = { aim, settings, fewest };
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

/** What counts in each fold with thresholds from the others. */
function heldOut(
  tables: readonly CountTable[],
  variants: readonly Variant<unknown>[],
  parts: Uint8Array,
  choice: Choice,
): HeldOutCounts {
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
