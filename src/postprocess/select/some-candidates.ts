import type { Candidates } from '../../types/plan.js';

/**
 * Some of the candidates, in the order given.
 *
 * @param candidates  not changed
 * @param kept        candidate numbers
 */
export function someCandidates(candidates: Candidates, kept: Uint32Array): Candidates {
  const { rows, classIds, scores, boxes, models } = candidates;
  return {
    ...candidates,
    ...(models !== undefined && { models: Uint16Array.from(kept, (i) => models[i]!) }),
    rows: Uint32Array.from(kept, (i) => rows[i]!),
    classIds: Uint16Array.from(kept, (i) => classIds[i]!),
    scores: Float32Array.from(kept, (i) => scores[i]!),
    boxes: Float32Array.from({ length: 4 * kept.length }, (_, k) => boxes[4 * kept[k >> 2]! + (k & 3)]!),
  };
}
