import type { Judged } from '../statistics/judged.js';
import type { Counts } from './aim.js';

/** Steps of score thresholds: finer ones would be chosen by chance. */
const STEPS = 100;

/** The thresholds to choose from: every hundredth from the lowest score that was recorded on, below 1. */
export function thresholdGrid(floor: number): Float64Array {
  const first = Math.min(Math.max(Math.ceil(floor * STEPS - 1e-9), 1), STEPS - 1);
  return Float64Array.from({ length: STEPS - first }, (_, k) => (first + k) / STEPS);
}

/** Right and wrong detections at every threshold of a grid, per fold and class. */
export class CountTable {
  readonly grid: Float64Array;
  readonly classes: number;
  readonly #folds: { right: Uint32Array; wrong: Uint32Array; truths: Uint32Array }[];

  /** @param folds  [images] number of each image's fold */
  constructor(judged: Judged, grid: Float64Array, folds: Uint8Array) {
    this.grid = grid;
    this.classes = judged.labels.length;
    const size = grid.length * this.classes; // [thresholds, classes]
    const parts = 1 + folds.reduce((most, fold) => Math.max(most, fold), -1);
    this.#folds = Array.from({ length: parts }, () => ({
      right: new Uint32Array(size),
      wrong: new Uint32Array(size),
      truths: new Uint32Array(this.classes),
    }));
    for (const [i, score] of judged.scores.entries()) {
      const { right, wrong } = this.#folds[folds[judged.imageIds[i]!]!]!;
      const place = lastReached(grid, score);
      if (place >= 0) (judged.hits[i] === 1 ? right : wrong)[place * this.classes + judged.classIds[i]!]!++;
    }
    for (const [i, image] of judged.truths.imageIds.entries()) {
      this.#folds[folds[image]!]!.truths[judged.truths.classIds[i]!]!++;
    }
    for (const { right, wrong } of this.#folds) for (const counts of [right, wrong]) this.#addFromAbove(counts);
  }

  /** What reaches a threshold also reaches those below it. */
  #addFromAbove(counts: Uint32Array): void {
    for (let i = counts.length - this.classes - 1; i >= 0; i--) counts[i]! += counts[i + this.classes]!;
  }

  get folds(): number[] {
    return [...this.#folds.keys()];
  }

  /** The sums over some folds: [thresholds, classes] right and wrong, [classes] truths. */
  sum(folds: readonly number[]): CountSums {
    const size = this.grid.length * this.classes;
    const sums = { right: new Uint32Array(size), wrong: new Uint32Array(size), truths: new Uint32Array(this.classes) };
    for (const fold of folds) {
      for (const field of ['right', 'wrong', 'truths'] as const) {
        const from = this.#folds[fold]![field];
        const to = sums[field];
        for (let i = 0; i < to.length; i++) to[i]! += from[i]!;
      }
    }
    return { grid: this.grid, classes: this.classes, ...sums };
  }
}

/** Counts at every threshold of a grid. */
export interface CountSums {
  grid: Float64Array;
  classes: number;
  /** [thresholds, classes] */
  right: Uint32Array;
  wrong: Uint32Array;
  /** [classes] */
  truths: Uint32Array;
}

/** The counts at one threshold, the same for all classes. */
export function countsAt({ classes, right, wrong, truths }: CountSums, place: number): Counts {
  const row = (counts: Uint32Array) => counts.subarray(place * classes, (place + 1) * classes);
  return { right: row(right), wrong: row(wrong), truths };
}

/** The place of the highest threshold that a score reaches; −1: none. A score is float32 by origin, and so compared. */
export function lastReached(grid: Float64Array, score: number): number {
  let place = grid.length - 1;
  while (place >= 0 && score < grid[place]!) place--;
  return place;
}
