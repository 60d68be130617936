import type { Candidates } from '../../types/plan.js';

/** @returns [n] a number for each candidate, the same for the same box */
export function equalBoxes({ boxes, rows }: Pick<Candidates, 'boxes' | 'rows'>): Uint32Array {
  const numbers = new Map<string, number>();
  return rows.map((_, i) => {
    const key = boxes.subarray(4 * i, 4 * i + 4).join();
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key)!;
  });
}

/**
 * Of candidates with equal boxes the best one: graphs that end in a selection of their own repeat a box for each of its
 * labels. Equal scores: the first.
 */
export function bestOfEqualBoxes(candidates: Candidates): Candidates {
  const { scores, rows, classIds, boxes } = candidates;
  const places = equalBoxes(candidates);
  const best = new Map<number, number>(); // box → candidate
  for (let i = 0; i < scores.length; i++) {
    const other = best.get(places[i]!);
    if (other === undefined || scores[i]! > scores[other]!) best.set(places[i]!, i);
  }
  const keep = Uint32Array.from(best.values()).sort();
  return {
    ...candidates,
    rows: Uint32Array.from(keep, (i) => rows[i]!),
    classIds: Uint16Array.from(keep, (i) => classIds[i]!),
    scores: Float32Array.from(keep, (i) => scores[i]!),
    boxes: Float32Array.from({ length: 4 * keep.length }, (_, k) => boxes[4 * keep[k >> 2]! + (k & 3)]!),
  };
}
