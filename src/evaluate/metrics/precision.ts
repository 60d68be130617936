import type { Matches } from '../matching/match.js';

/** numpy.linspace(0, 1, 101): the products, not the quotients, whose last bits differ. */
const RECALLS = Float64Array.from({ length: 101 }, (_, i) => i * 0.01);

/** Precision and recall of every class at every IoU threshold, in one area range. */
export interface Precision {
  /** [thresholds, classes] average precision: the mean over 101 recalls; NaN: no ground truth of the class */
  averages: Float64Array;
  /** [thresholds, classes, 101] the highest precision at recall i / 100 or more */
  curves: Float64Array;
  /** Per limit [thresholds, classes]: recall with up to that many detections per image; NaN as above */
  recalls: Float64Array[];
}

export interface PrecisionOptions {
  /** Number of IoU thresholds of the matching. */
  thresholds: number;
  /** Number of the area range, from 0. */
  area: number;
  /** Numbers of detections per class and image. */
  limits: readonly number[];
}

/**
 * Precision and recall over detections in order of score, as pycocotools' COCOeval.accumulate computes them: in the same order
 * of operations, so that equal counts give equal doubles. Checked against pycocotools itself (test/fixtures/make).
 */
export function precisionOf(matches: Matches, { thresholds, area, limits }: PrecisionOptions): Precision {
  const classes = matches.starts.length - 1;
  const averages = new Float64Array(thresholds * classes).fill(Number.NaN);
  const recalls = limits.map(() => averages.slice());
  const curves = new Float64Array(thresholds * classes * RECALLS.length).fill(Number.NaN);
  for (let classId = 0; classId < classes; classId++) {
    const groundTruths = matches.groundTruths[area]![classId]!;
    if (groundTruths === 0) continue;
    for (let t = 0; t < thresholds; t++) {
      const { precisions, ranks } = hitsOf(matches, classId, area, t);
      const at = t * classes + classId;
      const curve = curves.subarray(at * RECALLS.length, (at + 1) * RECALLS.length);
      averages[at] = interpolate(precisions, groundTruths, curve);
      for (const [l, limit] of limits.entries())
        recalls[l]![at] = ranks.filter((rank) => rank < limit).length / groundTruths;
    }
  }
  return { averages, curves, recalls };
}

/** For each true positive of a class, best score first: the precision up to it, and its rank. */
function hitsOf({ starts, ranks, matched, ignored }: Matches, classId: number, area: number, t: number) {
  const [found, passed] = [matched[area]!, ignored[area]!];
  const hits: { precisions: number[]; ranks: number[] } = { precisions: [], ranks: [] };
  let misses = 0;
  for (let i = starts[classId]!; i < starts[classId + 1]!; i++) {
    if (((passed[i]! >>> t) & 1) === 1) continue;
    if (((found[i]! >>> t) & 1) === 0) {
      misses++;
      continue;
    }
    hits.ranks.push(ranks[i]!);
    const count = hits.ranks.length;
    hits.precisions.push(count / (misses + count + Number.EPSILON));
  }
  return hits;
}

/**
 * Writes the highest precision at each recall or above; 0 if the recall is not reached. Precision peaks at true positives, so
 * only those matter.
 *
 * @param precisions  [hits] overwritten
 * @returns the mean
 */
function interpolate(precisions: number[], groundTruths: number, curve: Float64Array): number {
  for (let i = precisions.length - 1; i > 0; i--) {
    if (precisions[i]! > precisions[i - 1]!) precisions[i - 1] = precisions[i]!;
  }
  let sum = 0;
  let hit = 0;
  for (let r = 0; r < RECALLS.length; r++) {
    while (hit < precisions.length && (hit + 1) / groundTruths < RECALLS[r]!) hit++;
    curve[r] = precisions[hit] ?? 0;
    sum += curve[r]!;
  }
  return sum / RECALLS.length;
}

/** The mean without NaN; NaN: no numbers. */
export function meanOf(values: Iterable<number>): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}
