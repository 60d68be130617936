import { scoreOrder } from '../../kernels/boxes/greedy.js';
import type { Candidates, SuppressionPlan } from '../../types/plan.js';

/** The candidates that suppression keeps, highest score first; equal scores: lower candidate first. */
export interface Survivors {
  /** [k] candidate numbers; of several that were fused, the one with the highest score */
  keep: Uint32Array;
  /** [k] */
  scores: Float32Array;
  /** [k, 4] xyxy, in the unit of the candidates' boxes */
  boxes: Float32Array;
  /** [k] of fused boxes: the candidates each was made of, highest score first */
  members?: Uint32Array[];
}

/** A method of suppression. The scores of `candidates` are numbers, not NaN; nothing of them is changed. */
export type Method = (candidates: Candidates, plan: SuppressionPlan) => Survivors;

/** Candidates as they are, by number. */
export function unchanged({ scores, boxes }: Pick<Candidates, 'scores' | 'boxes'>, keep: Uint32Array): Survivors {
  const found = new Float32Array(keep.length); // [k]
  for (let i = 0; i < keep.length; i++) found[i] = scores[keep[i]!]!;
  return { keep, scores: found, boxes: gatherBoxes(boxes, keep) };
}

/** @returns [k, 4] the boxes of some candidates, in their order */
export function gatherBoxes(boxes: Float32Array, candidates: Uint32Array): Float32Array {
  const gathered = new Float32Array(4 * candidates.length);
  for (let i = 0; i < candidates.length; i++) {
    for (let side = 0; side < 4; side++) gathered[4 * i + side] = boxes[4 * candidates[i]! + side]!;
  }
  return gathered;
}

/** The candidates with the highest scores, best first; equal scores: lower number first. */
export function strongest({ scores }: Pick<Candidates, 'scores'>, maxCandidates: number): Uint32Array {
  return scoreOrder(scores).subarray(0, maxCandidates);
}

/** The candidates of each bucket, which may suppress each other; in the order given. */
export function byBucket(order: Uint32Array, classIds: Uint16Array, buckets: Uint16Array): Iterable<Uint32Array> {
  const lists = new Map<number, number[]>();
  for (const candidate of order) {
    const bucket = buckets[classIds[candidate]!]!;
    const list = lists.get(bucket);
    if (list === undefined) lists.set(bucket, [candidate]);
    else list.push(candidate);
  }
  return [...lists.values()].map((list) => Uint32Array.from(list));
}

/** Of some, by their scores and then their candidates' numbers: at most maxPerClass of each class, maxDetections in all. */
export function limited(
  found: readonly { candidate: number; score: number }[],
  classIds: Uint16Array,
  { maxDetections, maxPerClass }: Pick<SuppressionPlan, 'maxDetections' | 'maxPerClass'>,
): number[] {
  const order = [...found.keys()].sort(
    (a, b) => found[b]!.score - found[a]!.score || found[a]!.candidate - found[b]!.candidate,
  );
  const ofClass = new Map<number, number>();
  const keep: number[] = [];
  for (const i of order) {
    if (keep.length >= maxDetections) break;
    const classId = classIds[found[i]!.candidate]!;
    const before = ofClass.get(classId) ?? 0;
    if (before >= maxPerClass) continue;
    ofClass.set(classId, before + 1);
    keep.push(i);
  }
  return keep;
}
