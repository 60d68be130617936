import { type DetectionTable, someRows } from '../../evaluate/matching/tables.js';
import { suppress } from '../../postprocess/suppress/suppress.js';
import type { OverlapMeasure, Scope, Suppression } from '../../types/options.js';
import type { SuppressionPlan } from '../../types/plan.js';

/** How boxes are suppressed. */
export interface SuppressionSetting {
  suppression: Suppression;
  iouThreshold: number;
  /** Default 'iou' */
  measure?: OverlapMeasure;
  /** Default 'class' */
  scope?: Scope | string[][];
}

/** Whether they suppress alike. */
export function isSameSetting(a: SuppressionSetting, b: SuppressionSetting): boolean {
  const { measure = 'iou', scope = 'class' } = a;
  const { measure: other = 'iou', scope: others = 'class' } = b;
  return (
    a.suppression === b.suppression &&
    a.iouThreshold === b.iouThreshold &&
    measure === other &&
    String(scope) === String(others)
  );
}

/**
 * Suppresses detections that were recorded with a looser setting. Boxes that the looser setting dropped can't return, even if
 * the box that overlapped them is dropped now.
 *
 * @param detections  not changed
 */
export function suppressAgain(
  detections: DetectionTable,
  { images, classes }: { images: number; classes: number },
  { suppression, iouThreshold }: SuppressionSetting,
): DetectionTable {
  const plan: SuppressionPlan = {
    ...{ suppression, measure: 'iou', diouBeta: 1, sigma: 0.5, fusedScore: 'avg' },
    scoreThresholds: new Float64Array(classes),
    iouThresholds: new Float64Array(classes).fill(iouThreshold),
    buckets: Uint16Array.from({ length: classes }, (_, classId) => classId),
    maxCandidates: Number.POSITIVE_INFINITY,
    maxDetections: Number.POSITIVE_INFINITY,
    maxPerClass: Number.POSITIVE_INFINITY,
  };
  const rowsOf: number[][] = Array.from({ length: images }, () => []);
  for (const [row, image] of detections.images.entries()) rowsOf[image]!.push(row);
  const kept: { row: number; score: number }[] = [];
  for (const rows of rowsOf) {
    const { keep, scores } = suppress(candidatesOf(detections, rows), plan);
    for (const [i, candidate] of keep.entries()) kept.push({ row: rows[candidate]!, score: scores[i]! });
  }
  const table = someRows(
    detections,
    Uint32Array.from(kept, ({ row }) => row),
  );
  return { ...table, scores: Float64Array.from(kept, ({ score }) => score) };
}

function candidatesOf({ classIds, scores, boxes }: DetectionTable, rows: readonly number[]) {
  return {
    rows: Uint32Array.from(rows),
    classIds: Uint16Array.from(rows, (row) => classIds[row]!),
    scores: Float32Array.from(rows, (row) => scores[row]!),
    boxes: Float32Array.from(rows.flatMap((row) => [...boxes.subarray(4 * row, 4 * row + 4)])),
    space: 'image' as const,
  };
}
