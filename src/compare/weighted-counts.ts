import type { Matches } from '../evaluate/matching/match.js';
import type { DetectionTable, GroundTruthTable } from '../evaluate/matching/tables.js';
import { type Counts, macroRatesOf, ratesOf, sumOf } from '../evaluate/metrics/score-counts.js';

/** Counts of one image. */
export interface ImageCounts extends Counts {
  image: number;
}

/** True positives, false positives and ground truths at score thresholds, with a weight per image. */
export class WeightedCounts {
  readonly #classes: number;
  /** [n] of the detections above their threshold that are not ignored */
  readonly #images: Uint32Array;
  readonly #classIds: Uint32Array;
  readonly #matched: Uint8Array;
  /** [m] of the ground truths that are not ignored */
  readonly #groundTruthImages: Uint32Array;
  readonly #groundTruthClasses: Uint32Array;

  /** @param matches  at one IoU threshold @param thresholds  [classes] lowest score that counts */
  constructor(
    { rows, scores, matched, ignored }: Matches,
    detections: DetectionTable,
    groundTruths: GroundTruthTable,
    thresholds: ArrayLike<number>,
  ) {
    const counted = Uint32Array.from(rows.keys()).filter(
      (i) => ignored[0]![i] === 0 && scores[i]! >= thresholds[detections.classIds[rows[i]!]!]!,
    );
    this.#classes = thresholds.length;
    this.#images = counted.map((i) => detections.images[rows[i]!]!);
    this.#classIds = counted.map((i) => detections.classIds[rows[i]!]!);
    this.#matched = Uint8Array.from(counted, (i) => matched[0]![i]! & 1);
    const wanted = Uint32Array.from(groundTruths.images.keys()).filter(
      (row) => !groundTruths.crowds[row] && !groundTruths.difficult[row],
    );
    this.#groundTruthImages = wanted.map((row) => groundTruths.images[row]!);
    this.#groundTruthClasses = wanted.map((row) => groundTruths.classIds[row]!);
  }

  /** Precision, recall and F1 over all labels, and the mean F1 over labels; NaN: undefined. @param times  [images] */
  measure(times: Uint32Array): { precision: number; recall: number; f1: number; macroF1: number } {
    const classes = Array.from(
      { length: this.#classes },
      (): Counts => ({ truePositives: 0, falsePositives: 0, falseNegatives: 0 }),
    );
    for (let i = 0; i < this.#groundTruthImages.length; i++) {
      classes[this.#groundTruthClasses[i]!]!.falseNegatives += times[this.#groundTruthImages[i]!]!;
    }
    for (let i = 0; i < this.#images.length; i++) {
      const counts = classes[this.#classIds[i]!]!;
      const weight = times[this.#images[i]!]!;
      if (this.#matched[i] === 0) counts.falsePositives += weight;
      else {
        counts.truePositives += weight;
        counts.falseNegatives -= weight;
      }
    }
    const { precision, recall, f1 } = ratesOf(sumOf(classes));
    const orNaN = (value: number | null) => value ?? Number.NaN;
    return {
      ...{ precision: orNaN(precision), recall: orNaN(recall), f1: orNaN(f1) },
      macroF1: orNaN(macroRatesOf(classes).f1),
    };
  }

  /** [images] */
  byImage(images: number): Counts[] {
    const counts = Array.from({ length: images }, () => ({ truePositives: 0, falsePositives: 0, falseNegatives: 0 }));
    for (const image of this.#groundTruthImages) counts[image]!.falseNegatives++;
    for (let i = 0; i < this.#images.length; i++) {
      const own = counts[this.#images[i]!]!;
      if (this.#matched[i] === 0) own.falsePositives++;
      else {
        own.truePositives++;
        own.falseNegatives--;
      }
    }
    return counts;
  }
}
