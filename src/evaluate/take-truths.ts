import type { Pairs } from './overlap.js';

/** Detections and truths of one image and class, in one area range. Places of truths are from 0. */
export interface Cell {
  pairs: Pairs;
  /** [truths] 1: any number of detections may take it */
  crowds: Uint8Array;
  /** [truths] 1: it counts */
  counts: Uint8Array;
  /** [truths] 1: what takes it counts as unmatched */
  unnumbered: Uint8Array;
  /** [truths] bit t: it is taken at threshold t; zero at first, changed */
  taken: Uint32Array;
}

/** Of one detection, a bit per IoU threshold. */
export interface Takings {
  /** It found a truth. */
  found: number;
  /** The truth that it took doesn't count. */
  passed: number;
}

/**
 * Lets a detection take the truth that is its at each threshold: of those that count and are free the one that it
 * overlaps most, else of those that don't count. Equal overlaps: the later truth.
 *
 * @param thresholds  [t] up to 32
 * Source: the inner loops of pycocotools' COCOeval.evaluateImg, which sorts what doesn't count behind the rest.
 */
export function takeTruths(cell: Cell, detection: number, thresholds: Float64Array): Takings {
  const { pairs, counts, unnumbered, taken } = cell;
  const takings: Takings = { found: 0, passed: 0 };
  if (pairs.starts[detection] === pairs.starts[detection + 1]) return takings;
  for (let t = 0; t < thresholds.length; t++) {
    const counting = bestFree(cell, detection, 1, t, thresholds[t]!);
    const place = counting < 0 ? bestFree(cell, detection, 0, t, thresholds[t]!) : counting;
    if (place < 0) continue;
    const bit = 1 << t;
    taken[place]! |= bit;
    if (unnumbered[place] === 0) takings.found |= bit;
    if (counts[place] === 0) takings.passed |= bit;
  }
  return takings;
}

function bestFree(cell: Cell, detection: number, counting: 0 | 1, t: number, threshold: number): number {
  const { pairs, crowds, counts, taken } = cell;
  const { starts, truths, overlaps } = pairs;
  let best = -1;
  let highest = threshold;
  for (let p = starts[detection]!; p < starts[detection + 1]!; p++) {
    const place = truths[p]!;
    if (counts[place] !== counting || overlaps[p]! < highest) continue;
    if (((taken[place]! >>> t) & 1) === 1 && crowds[place] === 0) continue;
    highest = overlaps[p]!;
    best = place;
  }
  return best;
}
