import type { Overlap } from '../../src/postprocess/measures.js';
import type { Candidates } from '../../src/types.js';

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

function ordered(staying: Staying): Staying {
  return staying.sort((a, b) => Math.fround(b[1]) - Math.fround(a[1]) || a[0] - b[0]);
}
