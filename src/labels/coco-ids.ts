import type { LabelList } from '../types/model.js';
import { COCO, COCO_BY_ID } from './lists/coco.js';

/**
 * The category id of each class in COCO files: COCO's own (1 to 90 with gaps) where the labels are COCO's 80 in their
 * order, so that files go together with COCO's; else the class number.
 */
export function cocoCategoryIds(labels: LabelList): number[] {
  const isCoco = labels.length === COCO.length && labels.every((label, i) => label === COCO[i]);
  return labels.map((label, classId) => (isCoco ? COCO_BY_ID.indexOf(label) : classId));
}
