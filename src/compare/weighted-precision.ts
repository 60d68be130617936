import type { Matches } from '../evaluate/matching/match.js';
import type { DetectionTable, GroundTruthTable } from '../evaluate/matching/tables.js';
import { type AreaRange, inRange } from '../evaluate/metrics/areas.js';

/** numpy.linspace(0, 1, 101), as COCO has them. */
const RECALLS = Float64Array.from({ length: 101 }, (_, i) => i * 0.01);

export interface WeightedPrecisionOptions {
  classes: number;
  /** Number of IoU thresholds of the matching. */
  thresholds: number;
  /** Number of the area range in the matching, and the range. */
  area: number;
  range: AreaRange;
  /** Numbers of detections per class and image for average recall. */
  limits: readonly number[];
}

/** [classes] each; NaN: the class has no ground truth in the weighted images. */
export interface ClassPrecision {
  /** Mean over IoU thresholds, and at the first and the sixth of them (0.5 and 0.75). */
  AP: Float64Array;
  AP50: Float64Array;
  AP75: Float64Array;
  /** Per limit: average recall, the mean over IoU thresholds. */
  AR: Float64Array[];
}

/**
 * COCO's average precision and recall with a weight per image: an image of weight 2 counts as two equal images. The matching,
 * which no weight changes, is done once; a measurement is then one pass over the detections.
 */
export class WeightedPrecision {
  readonly #classes: number;
  readonly #limits: readonly number[];
  /** [n] detections class after class, best score first, without those ignored at every IoU threshold. */
  readonly #images: Uint32Array;
  readonly #matched: Uint32Array;
  readonly #ignored: Uint32Array;
  readonly #ranks: Uint32Array;
  readonly #starts: Uint32Array;
  /** [m] images of the ground truths, class after class. */
  readonly #groundTruths: Uint32Array;
  readonly #groundTruthStarts: Uint32Array;
  readonly #thresholds: Threshold[];
  readonly #result: ClassPrecision;

  constructor(
    matches: Matches,
    detections: DetectionTable,
    groundTruths: GroundTruthTable,
    { classes, thresholds, area, range, limits }: WeightedPrecisionOptions,
  ) {
    const everyBit = (2 ** thresholds - 1) >>> 0;
    const [matched, ignored] = [matches.matched[area]!, matches.ignored[area]!];
    const kept = Uint32Array.from(matches.rows.keys()).filter((i) => ignored[i] !== everyBit);
    this.#classes = classes;
    this.#limits = limits;
    this.#images = kept.map((i) => detections.images[matches.rows[i]!]!);
    this.#matched = kept.map((i) => matched[i]!);
    this.#ignored = kept.map((i) => ignored[i]!);
    this.#ranks = kept.map((i) => matches.ranks[i]!);
    this.#starts = startsOf(
      kept.map((i) => detections.classIds[matches.rows[i]!]!),
      classes,
    );
    const wanted = Uint32Array.from(groundTruths.images.keys())
      .filter(
        (row) => !groundTruths.crowds[row] && !groundTruths.difficult[row] && inRange(range, groundTruths.areas[row]!),
      )
      .sort((a, b) => groundTruths.classIds[a]! - groundTruths.classIds[b]! || a - b);
    this.#groundTruths = wanted.map((row) => groundTruths.images[row]!);
    this.#groundTruthStarts = startsOf(
      wanted.map((row) => groundTruths.classIds[row]!),
      classes,
    );
    const most = matches.groundTruths[area]!.reduce((max, count) => Math.max(max, count), 0);
    this.#thresholds = Array.from({ length: thresholds }, () => new Threshold(most, limits.length));
    const empty = () => new Float64Array(classes);
    this.#result = { AP: empty(), AP50: empty(), AP75: empty(), AR: limits.map(empty) };
  }

  /** @param times  [images] weights @returns overwritten by the next measurement */
  measure(times: Uint32Array): ClassPrecision {
    const { AP, AP50, AP75, AR } = this.#result;
    for (let classId = 0; classId < this.#classes; classId++) {
      const total = this.#groundTruthsOf(classId, times);
      if (total === 0) {
        for (const values of [AP, AP50, AP75, ...AR]) values[classId] = Number.NaN;
        continue;
      }
      this.#visit(classId, times);
      let sum = 0;
      for (let t = 0; t < this.#thresholds.length; t++) {
        const average = this.#thresholds[t]!.average(total);
        sum += average;
        if (t === 0) AP50[classId] = average;
        if (t === 5) AP75[classId] = average;
      }
      AP[classId] = sum / this.#thresholds.length;
      for (let l = 0; l < AR.length; l++) AR[l]![classId] = this.#recall(l, total);
    }
    return this.#result;
  }

  #groundTruthsOf(classId: number, times: Uint32Array): number {
    let total = 0;
    const end = this.#groundTruthStarts[classId + 1]!;
    for (let i = this.#groundTruthStarts[classId]!; i < end; i++) total += times[this.#groundTruths[i]!]!;
    return total;
  }

  #visit(classId: number, times: Uint32Array): void {
    for (const threshold of this.#thresholds) threshold.clear();
    let total = 0;
    for (let i = this.#starts[classId]!; i < this.#starts[classId + 1]!; i++) {
      const weight = times[this.#images[i]!]!;
      if (weight === 0) continue;
      total += weight;
      const [matched, ignored] = [this.#matched[i]!, this.#ignored[i]!];
      if ((matched | ignored) === 0) continue;
      for (let t = 0; t < this.#thresholds.length; t++) {
        const bit = 1 << t;
        if ((ignored & bit) !== 0) this.#thresholds[t]!.ignored += weight;
        else if ((matched & bit) !== 0) this.#thresholds[t]!.add(weight, total, this.#ranks[i]!, this.#limits);
      }
    }
  }

  #recall(limit: number, total: number): number {
    let sum = 0;
    for (const threshold of this.#thresholds) sum += threshold.within[limit]! / total;
    return sum / this.#thresholds.length;
  }
}

/** True positives of one class at one IoU threshold. */
class Threshold {
  /** Weight of the detections that are ignored so far. */
  ignored = 0;
  /** Per limit: weight of the true positives with a lower rank. */
  readonly within: Float64Array;
  #weight = 0;
  #count = 0;
  /** [true positives] their weight up to each, and the precision there */
  readonly #weights: Float64Array;
  readonly #precisions: Float64Array;

  constructor(most: number, limits: number) {
    this.#weights = new Float64Array(most);
    this.#precisions = new Float64Array(most);
    this.within = new Float64Array(limits);
  }

  clear(): void {
    this.ignored = this.#weight = this.#count = 0;
    this.within.fill(0);
  }

  add(weight: number, total: number, rank: number, limits: readonly number[]): void {
    this.#weight += weight;
    this.#weights[this.#count] = this.#weight;
    this.#precisions[this.#count++] = this.#weight / (total - this.ignored);
    for (let l = 0; l < limits.length; l++) if (rank < limits[l]!) this.within[l]! += weight;
  }

  /** The mean, over recalls, of the highest precision at each recall or above. */
  average(total: number): number {
    const precisions = this.#precisions;
    for (let i = this.#count - 1; i > 0; i--) {
      if (precisions[i]! > precisions[i - 1]!) precisions[i - 1] = precisions[i]!;
    }
    let [sum, hit] = [0, 0];
    for (let r = 0; r < RECALLS.length; r++) {
      while (hit < this.#count && this.#weights[hit]! / total < RECALLS[r]!) hit++;
      if (hit === this.#count) break;
      sum += precisions[hit]!;
    }
    return sum / RECALLS.length;
  }
}

/** Where each class begins among ascending class ids. */
function startsOf(classIds: Uint32Array, classes: number): Uint32Array {
  const starts = new Uint32Array(classes + 1);
  for (const classId of classIds) starts[classId + 1]!++;
  for (let c = 0; c < classes; c++) starts[c + 1]! += starts[c]!;
  return starts;
}
