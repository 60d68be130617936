import type { Detection, DetectionResult } from '../types/detections.js';
import type { LabelList } from '../types/model.js';
import type { Geometry } from '../types/pictures.js';
import type { Candidates, PostprocessPlan } from '../types/plan.js';
import { addParents } from './regions/parents.js';
import { joinRegions, type LabelledBox } from './regions/regions.js';
import { restoreBox } from './regions/restore.js';
import { hasTwins } from './select/candidates-of.js';
import type { Kept } from './select/kept.js';
import { fitsSize, limitsSize, ofSize } from './select/sizes.js';
import { suppress } from './suppress/suppress.js';

/** What candidates are and where they are from. */
export interface Source {
  geometry: Geometry;
  labels: LabelList;
  /** Whether several candidates may stand for one object; if not, only limits and filters are applied. */
  needsSuppression: boolean;
}

/**
 * Finds candidates.
 *
 * @param enough  the best so many will probably do: lower ones may be left out. Infinity: all are wanted
 */
export type Find = (enough: number) => Candidates;

/** From candidates to regions in the image, with what was cut. */
export function detectionsOf(
  find: Find,
  { geometry, labels, needsSuppression }: Source,
  plan: PostprocessPlan,
): Pick<DetectionResult, 'detections' | 'notes'> {
  const merges = !needsSuppression && hasTwins(labels);
  const how = { geometry, needsSuppression: needsSuppression || merges };
  const { candidates, kept } = keptOf(find, how, merges ? mergingPlan(labels, plan) : plan);
  const regions = joinRegions(labelBoxes(candidates, kept, { geometry, labels }, plan), plan.regionIou);
  const detections: Detection[] = addParents(regions, plan);
  const notes = notesOf(candidates.total ?? candidates.scores.length, plan);
  return notes.length > 0 ? { detections, notes } : { detections };
}

/**
 * What suppression keeps, and of which candidates. Where it goes from the best candidate down and stops at a limit, only
 * the best are looked at first; all are where that does not settle it.
 */
export function keptOf(
  find: Find,
  { geometry, needsSuppression }: Pick<Source, 'geometry' | 'needsSuppression'>,
  plan: PostprocessPlan,
): { candidates: Candidates; kept: Kept } {
  const settled = needsSuppression ? plan : ({ ...plan, suppression: 'none' } as const);
  const keep = (enough: number) => {
    const candidates = ofSize(find(enough), geometry, plan);
    return { candidates, kept: suppress(candidates, settled) };
  };
  const best = keep(limitsSize(plan) ? Number.POSITIVE_INFINITY : enoughFor(settled)); // how many will go is not known
  return isSettled(best, settled) ? best : keep(Number.POSITIVE_INFINITY);
}

/** Candidates looked at first for each detection that may stay; most are suppressed by one that stays. */
const PER_DETECTION = 6;

function enoughFor({ suppression, maxDetections, maxCandidates }: PostprocessPlan): number {
  const fromTheBest = suppression === 'nms' || suppression === 'none';
  // A quarter more than can be looked at, as the number is estimated.
  return Math.ceil(
    Math.min(fromTheBest ? PER_DETECTION * maxDetections : Number.POSITIVE_INFINITY, 1.25 * maxCandidates),
  );
}

/** Whether candidates that were left out can have no part in the result. */
function isSettled({ candidates, kept }: { candidates: Candidates; kept: Kept }, plan: PostprocessPlan): boolean {
  const { floor } = candidates;
  if (floor === undefined) return true;
  const fromTheBest = plan.suppression === 'nms' || plan.suppression === 'none';
  if (fromTheBest && kept.scores.length >= plan.maxDetections && kept.scores.at(-1)! > floor) return true;
  let above = 0;
  for (const score of candidates.scores) if (score > floor) above++;
  return above >= plan.maxCandidates;
}

/**
 * For models that have suppressed each of their classes already: what is left to do is to suppress classes that have been
 * given one label, against each other.
 */
function mergingPlan(labels: LabelList, plan: PostprocessPlan): PostprocessPlan {
  const merged = (classId: number) => labels.filter((label) => label === labels[classId]).length > 1;
  const iouThresholds = plan.iouThresholds.map((threshold, classId) => (merged(classId) ? threshold : 1));
  return { ...plan, suppression: 'nms', measure: 'iou', iouThresholds };
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
