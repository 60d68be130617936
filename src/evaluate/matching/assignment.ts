import { type AreaRange, inRange } from '../metrics/areas.js';
import { overlapOf } from './overlap.js';
import type { BoxTable, GroundTruthTable } from './tables.js';

/** Of one detection, a bit per IoU threshold. */
export interface MatchOutcome {
  /** It found a ground truth. */
  matched: number;
  /** The ground truth that it took doesn't count. */
  ignored: number;
}

const UNMATCHED: Readonly<MatchOutcome> = { matched: 0, ignored: 0 };

/** Whether a ground truth is to be found: no crowd, not difficult, inside the area range. */
export function isCounted({ crowds, difficult, areas }: GroundTruthTable, row: number, range: AreaRange): boolean {
  return crowds[row] === 0 && difficult[row] === 0 && inRange(range, areas[row]!);
}

/** One image and class after the other: which of its detections take which of its ground truths. */
export class Assignment {
  readonly #groundTruths: GroundTruthTable;
  /** Rows of the ground truths that a detection overlaps, detection by detection; of the same length as #overlaps. */
  readonly #pairs: number[] = [];
  readonly #overlaps: number[] = [];
  /** Where the pairs of each detection begin, and the last ones end. */
  readonly #starts: number[] = [];
  /** By row, in the area range entered: whether the ground truth counts, and a bit for each threshold at which it is taken. */
  readonly #isCounted: Uint8Array;
  readonly #taken: Uint32Array;

  constructor(groundTruths: GroundTruthTable) {
    this.#groundTruths = groundTruths;
    this.#isCounted = new Uint8Array(groundTruths.images.length);
    this.#taken = new Uint32Array(groundTruths.images.length);
  }

  /**
   * Begins an image and class.
   *
   * @param start, end  of its detections among the rows
   * @param minIou      overlap from which a pair matters
   * @returns how many pairs matter
   */
  findPairs(
    detections: BoxTable,
    rows: Uint32Array,
    start: number,
    end: number,
    groundTruthRows: Uint32Array,
    minIou: number,
  ): number {
    this.#starts.length = this.#pairs.length = this.#overlaps.length = 0;
    for (let i = start; i < end; i++) {
      this.#starts.push(this.#pairs.length);
      for (let g = 0; g < groundTruthRows.length; g++) {
        const overlap = overlapOf(detections, rows[i]!, this.#groundTruths, groundTruthRows[g]!);
        if (overlap < minIou) continue;
        this.#pairs.push(groundTruthRows[g]!);
        this.#overlaps.push(overlap);
      }
    }
    this.#starts.push(this.#pairs.length);
    return this.#pairs.length;
  }

  /** Frees all ground truths, and tells those that count in an area range from the others. */
  enter(range: AreaRange): void {
    for (const row of this.#pairs) {
      this.#isCounted[row] = isCounted(this.#groundTruths, row, range) ? 1 : 0;
      this.#taken[row] = 0;
    }
  }

  /**
   * Lets the next detection take the ground truth that is its at each threshold: of those that count and are free the one that
   * it overlaps most, else of those that don't count. Equal overlaps: the later ground truth.
   *
   * @param detection   from 0, in the order of their scores
   * @param thresholds  [t] up to 32
   * Source: the inner loops of pycocotools' COCOeval.evaluateImg, which sorts what doesn't count behind the rest.
   */
  take(detection: number, thresholds: Float64Array): Readonly<MatchOutcome> {
    if (this.#pairs.length === 0 || this.#starts[detection] === this.#starts[detection + 1]) return UNMATCHED;
    const outcome: MatchOutcome = { matched: 0, ignored: 0 };
    for (let t = 0; t < thresholds.length; t++) {
      const counting = this.#bestFree(detection, 1, t, thresholds[t]!);
      const row = counting < 0 ? this.#bestFree(detection, 0, t, thresholds[t]!) : counting;
      if (row < 0) continue;
      const bit = 1 << t;
      this.#taken[row]! |= bit;
      if (this.#groundTruths.zeroIds[row] === 0) outcome.matched |= bit;
      if (this.#isCounted[row] === 0) outcome.ignored |= bit;
    }
    return outcome;
  }

  #bestFree(detection: number, counting: 0 | 1, t: number, threshold: number): number {
    let best = -1;
    let highest = threshold;
    for (let p = this.#starts[detection]!; p < this.#starts[detection + 1]!; p++) {
      const row = this.#pairs[p]!;
      if (this.#isCounted[row] !== counting || this.#overlaps[p]! < highest) continue;
      if (((this.#taken[row]! >>> t) & 1) === 1 && this.#groundTruths.crowds[row] === 0) continue;
      highest = this.#overlaps[p]!;
      best = row;
    }
    return best;
  }
}
