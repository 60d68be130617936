import type { Candidates, Detection, DetectionResult, Geometry, LabelList, PostprocessPlan } from '../types.js';
import type { Kept } from './kept.js';
import { joinRegions, type LabelledBox } from './regions.js';
import { restoreBox } from './restore.js';
import { fitsSize, ofSize } from './sizes.js';
import { suppress } from './suppress.js';

/** What candidates are and where they are from. */
export interface Source {
  geometry: Geometry;
  labels: LabelList;
  /** Whether several candidates may stand for one object; if not, only limits and filters are applied. */
  needsSuppression: boolean;
}

/** From candidates to regions in the image, with what was cut. */
export function detectionsOf(
  candidates: Candidates,
  { geometry, labels, needsSuppression }: Source,
  plan: PostprocessPlan,
): Pick<DetectionResult, 'detections' | 'notes'> {
  const sized = ofSize(candidates, geometry, plan);
  const kept = suppress(sized, needsSuppression ? plan : { ...plan, suppression: 'none' });
  const detections: Detection[] = joinRegions(labelBoxes(sized, kept, { geometry, labels }, plan), plan.regionIou);
  const notes = notesOf(sized.scores.length, plan);
  return notes.length > 0 ? { detections, notes } : { detections };
}

function labelBoxes(
  { rows, classIds, space }: Candidates,
  { keep, scores, boxes, members }: Kept,
  { geometry, labels }: Pick<Source, 'geometry' | 'labels'>,
  plan: PostprocessPlan,
): LabelledBox[] {
  const labelled: LabelledBox[] = [];
  for (const [i, candidate] of keep.entries()) {
    const box = restoreBox(boxes, i, { geometry, space });
    if (box === null || !fitsSize(box, plan)) continue;
    const classId = classIds[candidate]!;
    const own: LabelledBox = { label: labels[classId]!, classId, score: scores[i]!, box, row: rows[candidate]! };
    if (members !== undefined) own.fusedRows = Array.from(members[i]!, (member) => rows[member]!);
    labelled.push(own);
  }
  return labelled;
}

function notesOf(found: number, { maxCandidates }: PostprocessPlan): string[] {
  if (found <= maxCandidates) return [];
  const cut = found - maxCandidates;
  return [
    `maxCandidates: ${cut} of ${found} candidates were cut; the ${maxCandidates} with the highest scores were looked at.`,
  ];
}
