import { someCandidates } from '../postprocess/select/some-candidates.js';
import type { Candidates } from '../types/plan.js';
import { areaOf, overlapArea } from './seen-candidates.js';

/** A box lies in another if the smaller one shares this part of its area. */
const INSIDE = 0.7;
/** Two sides coincide if they differ by at most this part of the larger box's side. */
const NEAR = 0.15;
/** Sides that coincide where a box is a part of what the other one shows whole. */
const SIDES = 2;
/** A box with more than this part of the better one's score may be an object of its own. */
const DOUBTFUL = 0.8;
const FACTOR = 0.5;
/** Scores are not lowered below this: such boxes count only where low scores do. */
const LOWEST = 0.05;

/**
 * Lowers the scores of boxes that show a part of what a better box of their class shows whole.
 *
 * @param kept  candidate numbers that suppression leaves, highest score first
 * @returns these candidates, in their own order
 */
export function lowerNested(candidates: Candidates, kept: Uint32Array): Candidates {
  const { classIds, scores } = candidates;
  const lists = new Map<number, number[]>();
  const lowered = new Map<number, number>();
  for (const i of kept) {
    const better = lists.get(classIds[i]!) ?? [];
    const isPart = better.some((j) => scores[i]! <= DOUBTFUL * scores[j]! && isPartOf(candidates.boxes, i, j));
    lowered.set(i, isPart ? Math.max(scores[i]! * FACTOR, Math.min(scores[i]!, LOWEST)) : scores[i]!);
    lists.set(classIds[i]!, [...better, i]);
  }
  const chosen = kept.slice().sort();
  return { ...someCandidates(candidates, chosen), scores: Float32Array.from(chosen, (i) => lowered.get(i)!) };
}

/** Either may be the larger one: a part, or a box around it and its neighbours. */
function isPartOf(boxes: Float32Array, a: number, b: number): boolean {
  const [areaA, areaB] = [areaOf(boxes, a), areaOf(boxes, b)];
  if (overlapArea(boxes, a, boxes, b) < INSIDE * Math.min(areaA, areaB)) return false;
  const outer = areaA >= areaB ? a : b;
  const inner = outer === a ? b : a;
  const width = boxes[4 * outer + 2]! - boxes[4 * outer]!;
  const height = boxes[4 * outer + 3]! - boxes[4 * outer + 1]!;
  let sides = 0;
  for (let side = 0; side < 4; side++) {
    const apart = Math.abs(boxes[4 * outer + side]! - boxes[4 * inner + side]!);
    if (apart <= NEAR * (side % 2 === 0 ? width : height)) sides++;
  }
  return sides >= SIDES;
}
