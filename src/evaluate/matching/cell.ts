import { type AreaRange, inRange } from '../metrics/areas.js';
import { overlapOf } from './overlap.js';
import type { BoxTable, TruthTable } from './tables.js';

/** Of one detection, a bit per IoU threshold. */
export interface Takings {
  /** It found a truth. */
  found: number;
  /** The truth that it took doesn't count. */
  passed: number;
}

const NOTHING: Readonly<Takings> = { found: 0, passed: 0 };

/** Whether a truth is to be found: no crowd, not difficult, inside the area range. */
export function counts({ crowds, difficult, areas }: TruthTable, row: number, range: AreaRange): boolean {
  return crowds[row] === 0 && difficult[row] === 0 && inRange(range, areas[row]!);
}

/** One image and class after the other: which of its detections take which of its truths. */
export class Cell {
  readonly #truths: TruthTable;
  /** Rows of the truths that a detection overlaps, detection by detection; of the same length as #overlaps. */
  readonly #pairs: number[] = [];
  readonly #overlaps: number[] = [];
  /** Where the pairs of each detection begin, and the last ones end. */
  readonly #starts: number[] = [];
  /** By row, in the area range entered: whether the truth counts, and a bit for each threshold at which it is taken. */
  readonly #counts: Uint8Array;
  readonly #taken: Uint32Array;

  constructor(truths: TruthTable) {
    this.#truths = truths;
    this.#counts = new Uint8Array(truths.images.length);
    this.#taken = new Uint32Array(truths.images.length);
  }

  /**
   * Begins an image and class.
   *
   * @param span   rows from where to where: of the detections, then of the truths
   * @param least  overlap from which a pair matters
   */
  findPairs(
    detections: BoxTable,
    rows: Uint32Array,
    truthRows: Uint32Array,
    [start, end, truthStart, truthEnd]: readonly [number, number, number, number],
    least: number,
  ): void {
    this.#starts.length = this.#pairs.length = this.#overlaps.length = 0;
    if (truthStart === truthEnd) return;
    for (let i = start; i < end; i++) {
      this.#starts.push(this.#pairs.length);
      for (let g = truthStart; g < truthEnd; g++) {
        const overlap = overlapOf(detections, rows[i]!, this.#truths, truthRows[g]!);
        if (overlap < least) continue;
        this.#pairs.push(truthRows[g]!);
        this.#overlaps.push(overlap);
      }
    }
    this.#starts.push(this.#pairs.length);
  }

  /** Frees all truths, and tells those that count in an area range from the others. */
  enter(range: AreaRange): void {
    for (const row of this.#pairs) {
      this.#counts[row] = counts(this.#truths, row, range) ? 1 : 0;
      this.#taken[row] = 0;
    }
  }

  /**
   * Lets the next detection take the truth that is its at each threshold: of those that count and are free the one that
   * it overlaps most, else of those that don't count. Equal overlaps: the later truth.
   *
   * @param detection   from 0, in the order of their scores
   * @param thresholds  [t] up to 32
   * Source: the inner loops of pycocotools' COCOeval.evaluateImg, which sorts what doesn't count behind the rest.
   */
  take(detection: number, thresholds: Float64Array): Readonly<Takings> {
    if (this.#pairs.length === 0 || this.#starts[detection] === this.#starts[detection + 1]) return NOTHING;
    const takings: Takings = { found: 0, passed: 0 };
    for (let t = 0; t < thresholds.length; t++) {
      const counting = this.#bestFree(detection, 1, t, thresholds[t]!);
      const row = counting < 0 ? this.#bestFree(detection, 0, t, thresholds[t]!) : counting;
      if (row < 0) continue;
      const bit = 1 << t;
      this.#taken[row]! |= bit;
      if (this.#truths.unnumbered[row] === 0) takings.found |= bit;
      if (this.#counts[row] === 0) takings.passed |= bit;
    }
    return takings;
  }

  #bestFree(detection: number, counting: 0 | 1, t: number, threshold: number): number {
    let best = -1;
    let highest = threshold;
    for (let p = this.#starts[detection]!; p < this.#starts[detection + 1]!; p++) {
      const row = this.#pairs[p]!;
      if (this.#counts[row] !== counting || this.#overlaps[p]! < highest) continue;
      if (((this.#taken[row]! >>> t) & 1) === 1 && this.#truths.crowds[row] === 0) continue;
      highest = this.#overlaps[p]!;
      best = row;
    }
    return best;
  }
}
