import type { BoxLayout } from '../../kernels/boxes/lay-boxes.js';
import type { Geometry } from '../../types/pictures.js';
import type { Candidates, ClassSelection } from '../../types/plan.js';
import { type BoxFormat, type BoxUnit, boxesOf } from '../decode/boxes.js';
import { bestOfEqualBoxes } from '../decode/equal-boxes.js';

/** Detections that need nothing but thresholds: one score and one class per row. */
export interface FinishedRows {
  rows: number;
  score: (row: number) => number;
  classId: (row: number) => number;
  boxes: BoxLayout;
  format: BoxFormat;
  unit: BoxUnit;
}

/**
 * The rows over the threshold of their class. Rows without a class of the model (padding) or without a label are left out.
 * With `single`, only the best of rows with equal boxes is kept: end-to-end heads repeat a box for each of its labels.
 */
export function selectFinished(given: FinishedRows, geometry: Geometry, selection: ClassSelection): Candidates {
  const { scoreThresholds, labelled, single } = selection;
  const known = new Set(labelled);
  const found: number[] = [];
  for (let row = 0; row < given.rows; row++) {
    const classId = given.classId(row);
    const score = given.score(row);
    if (!known.has(classId) || !(score >= scoreThresholds[classId]!) || score === Number.POSITIVE_INFINITY) continue;
    found.push(row);
  }
  const rows = Uint32Array.from(found);
  const classIds = Uint16Array.from(rows, given.classId);
  const scores = Float32Array.from(rows, (row) => Math.min(given.score(row), 1));
  const candidates = { rows, classIds, scores, ...boxesOf(rows, given.boxes, given, geometry) };
  return single ? bestOfEqualBoxes(candidates) : candidates;
}
