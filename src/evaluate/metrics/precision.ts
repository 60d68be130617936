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
  const most = matches.groundTruths[area]!.reduce((max, count) => Math.max(max, count), 0);
  const meter = new TruePositives(thresholds, most, limits);
  for (let classId = 0; classId < classes; classId++) {
    const groundTruths = matches.groundTruths[area]![classId]!;
    if (groundTruths === 0) continue;
    meter.count(matches, classId, area);
    for (let t = 0; t < thresholds; t++) {
      const at = t * classes + classId;
      const curve = curves.subarray(at * RECALLS.length, (at + 1) * RECALLS.length);
      averages[at] = interpolate(meter.precisions(t), groundTruths, curve);
      for (let l = 0; l < limits.length; l++) recalls[l]![at] = meter.within[l]![t]! / groundTruths;
    }
  }
  return { averages, curves, recalls };
}

/** The true positives of one class after the other, best score first, at all IoU thresholds at once. */
class TruePositives {
  /** [thresholds, most] precision up to each true positive */
  readonly #precisions: Float64Array[];
  /** [thresholds] */
  readonly #counts: Uint32Array;
  /** [thresholds] false positives so far, less those of all thresholds together */
  readonly #misses: Int32Array;
  readonly #limits: readonly number[];
  /** Per limit [thresholds]: true positives of that rank at most */
  readonly within: Uint32Array[];

  constructor(thresholds: number, most: number, limits: readonly number[]) {
    this.#precisions = Array.from({ length: thresholds }, () => new Float64Array(most));
    this.#counts = new Uint32Array(thresholds);
    this.#misses = new Int32Array(thresholds);
    this.#limits = limits;
    this.within = limits.map(() => new Uint32Array(thresholds));
  }

  precisions(t: number): Float64Array {
    return this.#precisions[t]!.subarray(0, this.#counts[t]);
  }

  /** Most detections match nothing and are not ignored: they are counted once, for all thresholds. */
  count({ starts, ranks, matched, ignored }: Matches, classId: number, area: number): void {
    const [hits, passes] = [matched[area]!, ignored[area]!];
    this.#counts.fill(0);
    this.#misses.fill(0);
    for (const counts of this.within) counts.fill(0);
    let misses = 0;
    for (let i = starts[classId]!; i < starts[classId + 1]!; i++) {
      misses++;
      if ((hits[i]! | passes[i]!) !== 0) this.#add(hits[i]!, passes[i]!, ranks[i]!, misses);
    }
  }

  #add(hits: number, passes: number, rank: number, misses: number): void {
    for (let t = 0; t < this.#counts.length; t++) {
      const isHit = ((hits >>> t) & 1) === 1;
      const isIgnored = ((passes >>> t) & 1) === 1;
      if (!isHit && !isIgnored) continue;
      this.#misses[t]!--;
      if (isIgnored) continue;
      const count = ++this.#counts[t]!;
      this.#precisions[t]![count - 1] = count / (misses + this.#misses[t]! + count + Number.EPSILON);
      for (let l = 0; l < this.#limits.length; l++) if (rank < this.#limits[l]!) this.within[l]![t]!++;
    }
  }
}

/**
 * Writes the highest precision at each recall or above; 0 if the recall is not reached. Precision peaks at true positives, so
 * only those matter.
 *
 * @param precisions  [hits] overwritten
 * @returns the mean
 */
function interpolate(precisions: Float64Array, groundTruths: number, curve: Float64Array): number {
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
