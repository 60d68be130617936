import type { Overlap } from './measures.js';

/** Boxes that become one. */
export interface Fused {
  /** Numbers of the boxes, highest score first. */
  members: number[];
  /** xyxy */
  box: Float64Array;
}

/** Boxes to fuse, and how. */
export interface Fusion {
  /** [n, 4] xyxy */
  boxes: ArrayLike<number>;
  /** [n] weight of each box: its score, perhaps multiplied by the weight of its model */
  weights: ArrayLike<number>;
  overlap: Overlap;
  /** Threshold of a box: it joins a box that it overlaps by more. */
  thresholdOf: (box: number) => number;
}

/**
 * Weighted boxes fusion: each box, best first, joins the fused box that it overlaps most, and that becomes the mean of
 * its members, weighted by their scores.
 *
 * @param order  box numbers, best first
 * @returns in the order of their first members
 * Source: Solovyev et al., Weighted boxes fusion (2021); weighted_boxes_fusion of ensemble-boxes.
 */
export function fuseWeighted(order: Uint32Array, fusion: Fusion): Fused[] {
  const groups = new Groups(order.length, fusion);
  const sums: Float64Array[] = []; // of each group
  for (const box of order) {
    const found = groups.nearest(box);
    const i = found ?? groups.begin(box);
    if (found === null) sums.push(new Float64Array(5));
    add(sums[i]!, fusion.boxes, box, fusion.weights[box]!);
    if (found === null) continue;
    groups.all[i]!.members.push(box);
    mean(sums[i]!, groups.all[i]!.box);
  }
  return groups.all;
}

/**
 * Non-maximum weighted: each box, best first, joins the best one that it overlaps most; each group becomes the mean of
 * its members, weighted by their scores times their overlaps with the best.
 *
 * Parameters and result as of `fuseWeighted`.
 * Source: Zhou et al., CAD: Scale Invariant Framework (2017); non_maximum_weighted of ensemble-boxes.
 */
export function fuseIntoBest(order: Uint32Array, fusion: Fusion): Fused[] {
  const { boxes, weights, overlap } = fusion;
  const groups = new Groups(order.length, fusion);
  for (const box of order) {
    const i = groups.nearest(box);
    if (i === null) groups.begin(box);
    else groups.all[i]!.members.push(box);
  }
  for (const { members, box } of groups.all) {
    const sums = new Float64Array(5);
    for (const member of members) {
      const weight = weights[member]! * overlap(boxes, boxes, member, members[0]);
      add(sums, boxes, member, weight);
    }
    mean(sums, box);
  }
  return groups.all;
}

class Groups {
  readonly all: Fused[] = [];
  readonly #fusion: Fusion;
  /** [groups, 4] their boxes, one after the other: every box is compared with all of them. */
  readonly #boxes: Float64Array;

  /** @param most  upper limit of the number of groups */
  constructor(most: number, fusion: Fusion) {
    this.#boxes = new Float64Array(4 * most);
    this.#fusion = fusion;
  }

  /** A group of one box. @returns its number */
  begin(box: number): number {
    const i = this.all.length;
    const own = this.#boxes.subarray(4 * i, 4 * i + 4);
    for (let side = 0; side < 4; side++) own[side] = this.#fusion.boxes[4 * box + side]!;
    this.all.push({ members: [box], box: own });
    return i;
  }

  /** The group that a box overlaps most, over its threshold; ties: the first. */
  nearest(box: number): number | null {
    const { boxes, overlap, thresholdOf } = this.#fusion;
    const [x1, y1, x2, y2] = [boxes[4 * box]!, boxes[4 * box + 1]!, boxes[4 * box + 2]!, boxes[4 * box + 3]!];
    const others = this.#boxes;
    let found: number | null = null;
    let highest = thresholdOf(box);
    for (let i = 0, at = 0; i < this.all.length; i++, at += 4) {
      // Most are apart: no measure of their overlap is above 0, nor above a threshold.
      if (others[at]! >= x2 || x1 >= others[at + 2]! || others[at + 1]! >= y2 || y1 >= others[at + 3]!) continue;
      const value = overlap(others, boxes, i, box);
      if (value > highest) [found, highest] = [i, value];
    }
    return found;
  }
}

function add(sums: Float64Array, boxes: ArrayLike<number>, box: number, weight: number): void {
  for (let side = 0; side < 4; side++) sums[side]! += weight * boxes[4 * box + side]!;
  sums[4]! += weight;
}

/** Boxes without any weight have no mean: the first box is kept. */
function mean(sums: Float64Array, box: Float64Array): void {
  if (!(sums[4]! > 0)) return;
  for (let side = 0; side < 4; side++) box[side] = sums[side]! / sums[4]!;
}
