import type { Overlap } from './measures.js';

/** Boxes that become one. */
export interface Fused {
  /** Numbers of the boxes, highest score first. */
  members: number[];
  /** xyxy */
  box: Float64Array;
}

/** What is fused, and how. */
export interface Fusion {
  /** [n, 4] xyxy */
  boxes: ArrayLike<number>;
  /** [n] what each box weighs: its score, perhaps multiplied by the weight of its model */
  weights: ArrayLike<number>;
  overlap: Overlap;
  /** Of a box: it joins what it overlaps more. */
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
export function fuseWeighted(order: Iterable<number>, fusion: Fusion): Fused[] {
  const groups: (Fused & { sums: Float64Array })[] = [];
  for (const box of order) {
    const group = nearest(groups, box, fusion);
    if (group === null) groups.push({ members: [box], box: boxAt(fusion.boxes, box), sums: sumsOf(box, fusion) });
    else join(group, box, fusion);
  }
  return groups;
}

/**
 * Non-maximum weighted: each box, best first, joins the best one that it overlaps most; each group becomes the mean of
 * its members, weighted by their scores times their overlaps with the best.
 *
 * Parameters and result as of `fuseWeighted`.
 * Source: Zhou et al., CAD: Scale Invariant Framework (2017); non_maximum_weighted of ensemble-boxes.
 */
export function fuseIntoBest(order: Iterable<number>, fusion: Fusion): Fused[] {
  const { boxes, weights, overlap } = fusion;
  const groups: Fused[] = [];
  for (const box of order) {
    const group = nearest(groups, box, fusion);
    if (group === null) groups.push({ members: [box], box: boxAt(boxes, box) });
    else group.members.push(box);
  }
  for (const { members, box } of groups) {
    const sums = new Float64Array(5);
    for (const member of members) {
      const weight = weights[member]! * overlap(boxes, boxes, member, members[0]);
      add(sums, boxes, member, weight);
    }
    mean(sums, box);
  }
  return groups;
}

/** The group whose box so far a box overlaps most, over its threshold; ties: the first. */
function nearest<G extends Fused>(
  groups: readonly G[],
  box: number,
  { boxes, overlap, thresholdOf }: Fusion,
): G | null {
  const [x1, y1, x2, y2] = boxAt(boxes, box) as unknown as [number, number, number, number];
  let found: G | null = null;
  let highest = thresholdOf(box);
  for (const group of groups) {
    const other = group.box;
    // Most are apart: no measure of their overlap is above 0, nor above a threshold.
    if (other[0]! >= x2 || x1 >= other[2]! || other[1]! >= y2 || y1 >= other[3]!) continue;
    const value = overlap(other, boxes, 0, box);
    if (value > highest) [found, highest] = [group, value];
  }
  return found;
}

function join(group: Fused & { sums: Float64Array }, box: number, { boxes, weights }: Fusion): void {
  group.members.push(box);
  add(group.sums, boxes, box, weights[box]!);
  mean(group.sums, group.box);
}

function sumsOf(box: number, { boxes, weights }: Fusion): Float64Array {
  const sums = new Float64Array(5); // weighted sides, and the weights
  add(sums, boxes, box, weights[box]!);
  return sums;
}

function add(sums: Float64Array, boxes: ArrayLike<number>, box: number, weight: number): void {
  for (let side = 0; side < 4; side++) sums[side]! += weight * boxes[4 * box + side]!;
  sums[4]! += weight;
}

/** Boxes without any weight have no mean: the first one stays. */
function mean(sums: Float64Array, box: Float64Array): void {
  if (!(sums[4]! > 0)) return;
  for (let side = 0; side < 4; side++) box[side] = sums[side]! / sums[4]!;
}

function boxAt(boxes: ArrayLike<number>, box: number): Float64Array {
  return Float64Array.from({ length: 4 }, (_, side) => boxes[4 * box + side]!);
}
