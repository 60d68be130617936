import type { Candidates } from '../../types/plan.js';
import { someCandidates } from './some-candidates.js';

/**
 * Candidates of classes with one label as candidates of one class; of several of a row, the best.
 *
 * @param candidates  by row. Not changed.
 * @param first       [classes] the class that stands for each, as `firstOfLabel` gives it
 * Equal scores: the earlier one is kept.
 */
export function mergeClasses(candidates: Candidates, first: Uint16Array): Candidates {
  const { rows, scores } = candidates;
  const classIds = candidates.classIds.map((classId) => first[classId]!);
  const best = new Map<number, number>(); // row and class → candidate
  for (const [i, classId] of classIds.entries()) {
    const place = rows[i]! * first.length + classId;
    const rival = best.get(place);
    if (rival === undefined || scores[i]! > scores[rival]!) best.set(place, i);
  }
  if (best.size === rows.length) return { ...candidates, classIds };
  return someCandidates({ ...candidates, classIds }, Uint32Array.from(best.values()).sort());
}
