import type { Detection, LabelScore } from '../../types/detections.js';
import type { PlannedParent } from '../../types/plan.js';
import { iou } from '../suppress/measures.js';

/**
 * Adds parent labels to regions, and removes the labels that were detected only for the parents' sake.
 *
 * A parent's score comes from those labels of the region that are below it, each once: the highest, or 1 − Π(1 − s). If
 * two regions overlap by more than the parent's IoU threshold, the lower-scoring one does not get it, as with any label. Parents don't count for limits.
 *
 * @param regions  highest score first. Not changed.
 * @param hidden   class numbers of labels to remove; regions without any label left are dropped
 * @returns regions, highest score first; the labels of each, highest first; a parent behind a label with the same score
 */
export function addParents(
  regions: Detection[],
  { parents, hidden }: { parents: readonly PlannedParent[]; hidden: readonly number[] },
): Detection[] {
  if (parents.length === 0 && hidden.length === 0) return regions;
  const labels = regions.map((region) => [...region.labels]);
  for (const parent of parents) {
    const scores = regions.map((region) => scoreOf(parent, region.labels));
    const kept = new Set(holding(regions, scores, parent));
    for (const i of regions.keys()) {
      labels[i] = labels[i]!.filter(({ classId }) => classId !== parent.classId);
      if (kept.has(i)) labels[i]!.push({ label: parent.label, classId: parent.classId, score: scores[i]! });
    }
  }
  const shown = labels.map((own) =>
    own.filter(({ classId }) => !hidden.includes(classId)).sort((a, b) => b.score - a.score),
  );
  return regions
    .flatMap(({ box }, i) => (shown[i]!.length === 0 ? [] : [{ box, ...shown[i]![0]!, labels: shown[i]! }]))
    .sort((a, b) => b.score - a.score);
}

/** 0 if the region has no label below it. */
function scoreOf({ below, score }: PlannedParent, labels: readonly LabelScore[]): number {
  const scores = labels.filter(({ classId }) => below.includes(classId)).map((label) => label.score);
  if (score === 'maximum') return Math.max(0, ...scores);
  return Math.fround(1 - scores.reduce((product, each) => product * (1 - each), 1));
}

/** The regions that get a parent. */
function holding(
  regions: readonly Detection[],
  scores: number[],
  { scoreThreshold, iouThreshold }: PlannedParent,
): number[] {
  const reaching = [...scores.keys()].filter((i) => scores[i]! > 0 && scores[i]! >= scoreThreshold);
  const kept: number[] = [];
  for (const i of reaching.sort((a, b) => scores[b]! - scores[a]!)) {
    if (kept.every((other) => iou(regions[other]!.box, regions[i]!.box) <= iouThreshold)) kept.push(i);
  }
  return kept;
}
