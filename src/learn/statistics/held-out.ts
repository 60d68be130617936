import { type Aim, aimValue, type ClassCounts, overall } from '../thresholds/aim.js';
import { type Comparison, compareByBootstrap, type Measure } from './bootstrap.js';
import type { MatchedDetections } from './matched-detections.js';

/** Detections at or above their threshold, by image and class; field arrays of equal length. */
export interface HeldOutCounts {
  images: number;
  classes: number;
  imageIds: Uint32Array;
  classIds: Uint16Array;
  /** 1: true positive, 0: false positive */
  truePositives: Uint8Array;
}

/**
 * Detections at or above thresholds that were not fitted to their image.
 *
 * @param thresholdOf  the score threshold of a class in an image
 */
export function countHeldOut(
  matched: MatchedDetections,
  thresholdOf: (image: number, classId: number) => number,
): HeldOutCounts {
  const { imageIds, classIds, scores, truePositives, images, labels } = matched;
  const counts = scores.map((score, i) => (score >= thresholdOf(imageIds[i]!, classIds[i]!) ? 1 : 0));
  const counting = (_: number, i: number) => counts[i] === 1;
  return {
    images,
    classes: labels.length,
    imageIds: imageIds.filter(counting),
    classIds: classIds.filter(counting),
    truePositives: truePositives.filter(counting),
  };
}

/** The counts over all images, each weighted by `times`. */
export function totals(held: HeldOutCounts, { groundTruths }: MatchedDetections, times: Uint32Array): ClassCounts {
  const truePositives = new Uint32Array(held.classes);
  const falsePositives = new Uint32Array(held.classes);
  const wanted = new Uint32Array(held.classes);
  for (const [i, classId] of held.classIds.entries()) {
    (held.truePositives[i] === 1 ? truePositives : falsePositives)[classId]! += times[held.imageIds[i]!]!;
  }
  for (const [i, classId] of groundTruths.classIds.entries()) wanted[classId]! += times[groundTruths.imageIds[i]!]!;
  return { truePositives, falsePositives, groundTruths: wanted };
}

/**
 * Compares two sets of thresholds by an aim, on images that they were not fitted to.
 *
 * An F-measure is compared directly. If a bound on precision or recall was not met before, the bounded measure is compared;
 * if it was met, the other one.
 */
export interface AimComparison extends Comparison {
  measure: string;
  /** Whether the interval of the gain lies above 0 and a bound that was met before still is. */
  significant: boolean;
}

export function compareForAim(
  before: HeldOutCounts,
  after: HeldOutCounts,
  matched: MatchedDetections,
  { aim, seed }: { aim: Aim; seed: number },
): AimComparison {
  const once = new Uint32Array(matched.images).fill(1);
  const { measure, of } = measureFor(aim, totals(before, matched, once));
  const measured =
    (held: HeldOutCounts): Measure =>
    (times) =>
      of(totals(held, matched, times));
  const { images } = matched;
  const comparison = compareByBootstrap(measured(before), measured(after), { images, seed, better: 'more' });
  const stillMet =
    aim.kind === 'f' || measure === aim.kind || overall(totals(after, matched, once))[aim.kind] >= aim.min;
  return { measure, ...comparison, significant: stillMet && comparison.gain.low > 0 };
}

function measureFor(aim: Aim, before: ClassCounts): { measure: string; of: (counts: ClassCounts) => number } {
  if (aim.kind === 'f') return { measure: `macro F${aim.beta}`, of: (counts) => aimValue(aim, counts) };
  const other = aim.kind === 'precision' ? 'recall' : 'precision';
  const measure = overall(before)[aim.kind] >= aim.min ? other : aim.kind;
  return { measure, of: (counts) => overall(counts)[measure] };
}
