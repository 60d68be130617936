import type { Geometry } from '../../types/pictures.js';
import type { PostprocessPlan } from '../../types/plan.js';
import type { Suppressed } from '../best-first.js';
import { fitsSize } from '../select/size-limits.js';
import type { LabelledBox } from './regions.js';
import { restoreBox } from './restore.js';

/** What suppression left, with labels and with boxes in pixels of the image; boxes outside the image are dropped. */
export function restoreDetections(
  { candidates, survivors }: Suppressed,
  geometry: Geometry,
  plan: PostprocessPlan,
): LabelledBox[] {
  const { rows, classIds, space } = candidates;
  const { keep, scores, boxes, members } = survivors;
  const frame = { geometry, space };
  const restored: LabelledBox[] = [];
  for (let i = 0; i < keep.length; i++) {
    const box = restoreBox(boxes, i, frame);
    if (box === null || !fitsSize(box, plan)) continue;
    const candidate = keep[i]!;
    const classId = classIds[candidate]!;
    const own: LabelledBox = { label: plan.labels[classId]!, classId, score: scores[i]!, box, row: rows[candidate]! };
    if (members !== undefined) own.fusedRows = Array.from(members[i]!, (member) => rows[member]!);
    restored.push(own);
  }
  return restored;
}
