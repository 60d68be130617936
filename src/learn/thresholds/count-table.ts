import type { MatchedDetections } from '../statistics/matched-detections.js';
import type { ClassCounts } from './aim.js';

/** Steps of score thresholds; finer steps would fit noise. */
const STEPS = 100;

/** Candidate thresholds: every hundredth from the lowest recorded score, below 1. */
export function thresholdGrid(floor: number): Float64Array {
  const first = Math.min(Math.max(Math.ceil(floor * STEPS - 1e-9), 1), STEPS - 1);
  return Float64Array.from({ length: STEPS - first }, (_, k) => (first + k) / STEPS);
}

/** True and false positives at every threshold of a grid, per fold and class. */
export class CountTable {
  readonly grid: Float64Array;
  readonly classes: number;
  readonly #folds: { truePositives: Uint32Array; falsePositives: Uint32Array; groundTruths: Uint32Array }[];

  /** @param folds  [images] number of each image's fold */
  constructor(matched: MatchedDetections, grid: Float64Array, folds: Uint8Array) {
    this.grid = grid;
    this.classes = matched.labels.length;
    const size = grid.length * this.classes; // [thresholds, classes]
    const parts = 1 + folds.reduce((most, fold) => Math.max(most, fold), -1);
    this.#folds = Array.from({ length: parts }, () => ({
      truePositives: new Uint32Array(size),
      falsePositives: new Uint32Array(size),
      groundTruths: new Uint32Array(this.classes),
    }));
    for (const [i, score] of matched.scores.entries()) {
      const { truePositives, falsePositives } = this.#folds[folds[matched.imageIds[i]!]!]!;
      const place = lastReached(grid, score);
      if (place >= 0)
        (matched.truePositives[i] === 1 ? truePositives : falsePositives)[
          place * this.classes + matched.classIds[i]!
        ]!++;
    }
    for (const [i, image] of matched.groundTruths.imageIds.entries()) {
      this.#folds[folds[image]!]!.groundTruths[matched.groundTruths.classIds[i]!]!++;
    }
    for (const { truePositives, falsePositives } of this.#folds)
      for (const counts of [truePositives, falsePositives]) this.#addFromAbove(counts);
  }

  /** A detection above a threshold is also above all lower ones. */
  #addFromAbove(counts: Uint32Array): void {
    for (let i = counts.length - this.classes - 1; i >= 0; i--) counts[i]! += counts[i + this.classes]!;
  }

  get folds(): number[] {
    return [...this.#folds.keys()];
  }

  /** The sums over some folds: [thresholds, classes] true and false positives, [classes] ground truths. */
  sum(folds: readonly number[]): CountSums {
    const size = this.grid.length * this.classes;
    const sums = {
      truePositives: new Uint32Array(size),
      falsePositives: new Uint32Array(size),
      groundTruths: new Uint32Array(this.classes),
    };
    for (const fold of folds) {
      for (const field of ['truePositives', 'falsePositives', 'groundTruths'] as const) {
        const from = this.#folds[fold]![field];
        const to = sums[field];
        for (let i = 0; i < to.length; i++) to[i]! += from[i]!;
      }
    }
    return { grid: this.grid, classes: this.classes, ...sums };
  }
}

/** ClassCounts at every threshold of a grid. */
export interface CountSums {
  grid: Float64Array;
  classes: number;
  /** [thresholds, classes] */
  truePositives: Uint32Array;
  falsePositives: Uint32Array;
  /** [classes] */
  groundTruths: Uint32Array;
}

/** The counts at one threshold, the same for all classes. */
export function totalsAt(
  { classes, truePositives, falsePositives, groundTruths }: CountSums,
  place: number,
): ClassCounts {
  const row = (counts: Uint32Array) => counts.subarray(place * classes, (place + 1) * classes);
  return { truePositives: row(truePositives), falsePositives: row(falsePositives), groundTruths };
}

/** The position of the highest threshold at or below a score; −1: none. */
export function lastReached(grid: Float64Array, score: number): number {
  let place = grid.length - 1;
  while (place >= 0 && score < grid[place]!) place--;
  return place;
}
