import { type Aim, type Counts, overall, worth } from '../thresholds/aim.js';
import { type Comparison, compareByBootstrap, type Measure } from './bootstrap.js';
import type { Judged } from './judged.js';

/** Right and wrong detections by image and class, only where there are any; field arrays of equal length. */
export interface HeldOutCounts {
  images: number;
  classes: number;
  imageIds: Uint32Array;
  classIds: Uint16Array;
  /** 1: right, 0: wrong */
  hits: Uint8Array;
}

/**
 * The detections that count at thresholds which were not fitted to their image.
 *
 * @param thresholdOf  the score threshold of a class in an image
 */
export function countHeldOut(judged: Judged, thresholdOf: (image: number, classId: number) => number): HeldOutCounts {
  const { imageIds, classIds, scores, hits, images, labels } = judged;
  const counts = scores.map((score, i) => (score >= thresholdOf(imageIds[i]!, classIds[i]!) ? 1 : 0));
  const counting = (_: number, i: number) => counts[i] === 1;
  return {
    images,
    classes: labels.length,
    imageIds: imageIds.filter(counting),
    classIds: classIds.filter(counting),
    hits: hits.filter(counting),
  };
}

/** The counts of all images, each as often as `times` says. */
export function totals(held: HeldOutCounts, { truths }: Judged, times: Uint32Array): Counts {
  const right = new Uint32Array(held.classes);
  const wrong = new Uint32Array(held.classes);
  const wanted = new Uint32Array(held.classes);
  for (const [i, classId] of held.classIds.entries()) {
    (held.hits[i] === 1 ? right : wrong)[classId]! += times[held.imageIds[i]!]!;
  }
  for (const [i, classId] of truths.classIds.entries()) wanted[classId]! += times[truths.imageIds[i]!]!;
  return { right, wrong, truths: wanted };
}

/**
 * How much better thresholds serve an aim than others, on images that they were not fitted to.
 *
 * An F-measure is compared as it is. A bound on precision or recall that was not met before is compared in what it bounds; one
 * that was met, in the other of the two.
 */
export interface AimComparison extends Comparison {
  measure: string;
  /** Whether the interval of the gain lies above 0, and a bound that was met before still is. */
  significant: boolean;
}

export function compareForAim(
  before: HeldOutCounts,
  after: HeldOutCounts,
  judged: Judged,
  { aim, seed }: { aim: Aim; seed: number },
): AimComparison {
  const once = new Uint32Array(judged.images).fill(1);
  const { measure, of } = measureFor(aim, totals(before, judged, once));
  const measured =
    (held: HeldOutCounts): Measure =>
    (times) =>
      of(totals(held, judged, times));
  const { images } = judged;
  const comparison = compareByBootstrap(measured(before), measured(after), { images, seed, better: 'more' });
  const stillMet =
    aim.kind === 'f' || measure === aim.kind || overall(totals(after, judged, once))[aim.kind] >= aim.least;
  return { measure, ...comparison, significant: stillMet && comparison.gain.low > 0 };
}

function measureFor(aim: Aim, before: Counts): { measure: string; of: (counts: Counts) => number } {
  if (aim.kind === 'f') return { measure: `macro F${aim.beta}`, of: (counts) => worth(aim, counts) };
  const other = aim.kind === 'precision' ? 'recall' : 'precision';
  const measure = overall(before)[aim.kind] >= aim.least ? other : aim.kind;
  return { measure, of: (counts) => overall(counts)[measure] };
}
