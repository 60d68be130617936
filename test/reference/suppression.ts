import type { Overlap } from '../../src/postprocess/suppress/measures.js';
import type { Candidates } from '../../src/types/plan.js';

/** Slow twins of the ways of suppression, one class or group at a time, as their papers say. */

/** What stays of candidates, best first: number and score. */
export type Staying = [candidate: number, score: number][];

/** Takes the best, multiplies the scores of all others, strikes out what is below its threshold, again. */
export function soft(
  { scores, boxes }: Candidates,
  overlap: Overlap,
  decay: (overlap: number) => number,
  scoreThreshold: number,
): Staying {
  let left = Array.from(scores, (score, candidate) => ({ candidate, score }));
  const taken: Staying = [];
  while (left.length > 0) {
    const best = left.reduce((a, b) =>
      b.score > a.score || (b.score === a.score && b.candidate < a.candidate) ? b : a,
    );
    taken.push([best.candidate, best.score]);
    left = left
      .filter((rival) => rival !== best)
      .map(({ candidate, score }) => ({
        candidate,
        score: score * decay(overlap(boxes, boxes, best.candidate, candidate)),
      }))
      .filter(({ score }) => Math.fround(score) >= scoreThreshold);
  }
  return ordered(taken);
}

/** score_j · min over better i of f(overlap_ij) / f(the most that i is overlapped by a better one) */
export function matrix(
  { scores, boxes }: Candidates,
  overlap: Overlap,
  f: (overlap: number) => number,
  scoreThreshold: number,
): Staying {
  const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b);
  const overlaps = order.map((j, rank) => order.slice(0, rank).map((i) => Math.max(0, overlap(boxes, boxes, i, j))));
  const most = overlaps.map((row) => Math.max(0, ...row));
  const lowered = order.map((candidate, j): [number, number] => {
    const factors = overlaps[j].map((value, i) => (f(most[i]) > 0 ? f(value) / f(most[i]) : 1));
    return [candidate, Math.fround(scores[candidate] * Math.min(1, ...factors))];
  });
  return ordered(lowered.filter(([, score]) => score >= scoreThreshold));
}

/** A box that several were fused into: the best of them, and sides in double precision. */
export interface FusedBox {
  members: number[];
  score: number;
  box: number[];
}

/** Each box, best first, goes to the fused box it overlaps most; fused boxes are the means of all of theirs, by score. */
export function weightedBoxes(candidates: Candidates, overlap: Overlap, iouThreshold: number): FusedBox[] {
  const { scores } = candidates;
  const meanBox = (members: number[]) => meanOf(candidates, members, (i) => scores[i]);
  const groups = clustersOf(candidates, iouThreshold, (i, members) =>
    overlap(meanBox(members), boxOf(candidates, i), 0, 0),
  );
  return groups.map((members) => {
    const score = members.reduce((total, i) => total + scores[i], 0) / members.length;
    return { members, score: Math.fround(score), box: meanBox(members) };
  });
}

/** Each box, best first, goes to the best box it overlaps most; means by score and overlap with that one. */
export function nonMaximumWeighted(candidates: Candidates, overlap: Overlap, iouThreshold: number): FusedBox[] {
  const { scores, boxes } = candidates;
  const groups = clustersOf(candidates, iouThreshold, (i, [best]) => overlap(boxes, boxes, best, i));
  return groups.map((members) => {
    const weight = (i: number) => scores[i] * overlap(boxes, boxes, i, members[0]);
    return { members, score: scores[members[0]], box: meanOf(candidates, members, weight) };
  });
}

/** Members of groups, best first; a box begins one of its own where it overlaps none over the threshold. */
function clustersOf(
  { scores }: Candidates,
  iouThreshold: number,
  nearness: (box: number, members: number[]) => number,
): number[][] {
  const groups: number[][] = [];
  for (const i of Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b)) {
    const near = groups.map((members) => nearness(i, members)).map((value) => (value > iouThreshold ? value : 0));
    const most = Math.max(0, ...near);
    if (most > 0) groups[near.indexOf(most)].push(i);
    else groups.push([i]);
  }
  return groups;
}

/** Boxes that weigh nothing have no mean: the first stays. */
function meanOf(candidates: Candidates, members: number[], weight: (i: number) => number): number[] {
  const total = members.reduce((sum, i) => sum + weight(i), 0);
  if (!(total > 0)) return boxOf(candidates, members[0]);
  const weighted = (side: number) => members.reduce((sum, i) => sum + weight(i) * boxOf(candidates, i)[side], 0);
  return [0, 1, 2, 3].map((side) => weighted(side) / total);
}

function boxOf({ boxes }: Candidates, i: number): number[] {
  return Array.from(boxes.subarray(4 * i, 4 * i + 4));
}

function ordered(staying: Staying): Staying {
  return staying.sort((a, b) => Math.fround(b[1]) - Math.fround(a[1]) || a[0] - b[0]);
}
