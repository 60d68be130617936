import { orderBy, orderByScore, rowNumbers } from '../matching/orders.js';
import { overlapOf } from '../matching/overlap.js';
import type { DetectionTable, GroundTruthTable, TableSize } from '../matching/tables.js';

export interface ConfusionOptions {
  /** A pair matches if its IoU is above this. */
  iouThreshold: number;
  /** [classes] lowest score that counts */
  scoreThresholds: ArrayLike<number>;
}

/**
 * The confusion matrix: a row per class of ground truth, a column per class of detection, the background last in both.
 *
 * In each image the detections, best score first, match the free ground truth of any class that they overlap most (equal
 * overlaps: the first). Ground truths and detections without a match are counted as background. Crowds and difficult ground
 * truths are ignored, and so is an unmatched detection that overlaps one of its own class.
 *
 * @returns [classes + 1][classes + 1]
 * Source: ConfusionMatrix.process_batch of ultralytics 8.4, which has rows and columns swapped.
 */
export function confusionMatrix(
  groundTruths: GroundTruthTable,
  detections: DetectionTable,
  size: TableSize,
  { iouThreshold, scoreThresholds }: ConfusionOptions,
): number[][] {
  const matrix = Array.from({ length: size.classes + 1 }, () => new Array<number>(size.classes + 1).fill(0));
  eachConfusion(groundTruths, detections, size, { iouThreshold, scoreThresholds }, (_, groundTruth, detected) => {
    matrix[groundTruth]![detected]!++;
  });
  return matrix;
}

/** Visits every count of the matrix with its image: the class of the ground truth and that of the detection. */
export function eachConfusion(
  groundTruths: GroundTruthTable,
  detections: DetectionTable,
  size: TableSize,
  { iouThreshold, scoreThresholds }: ConfusionOptions,
  visit: (image: number, groundTruth: number, detected: number) => void,
): void {
  const background = size.classes;
  const groundTruthsOf = rowsByImage(rowNumbers(groundTruths.images.length), groundTruths.images, size.images);
  const rows = orderByScore(rowNumbers(detections.scores.length), detections.scores).filter(
    (row) => detections.scores[row]! >= scoreThresholds[detections.classIds[row]!]!,
  );
  const detectionsOf = rowsByImage(rows, detections.images, size.images);
  for (let image = 0; image < size.images; image++) {
    const passed = groundTruthsOf[image]!.filter(
      (row) => groundTruths.crowds[row] === 1 || groundTruths.difficult[row] === 1,
    );
    const free = new Set(groundTruthsOf[image]!);
    for (const row of passed) free.delete(row);
    for (const row of detectionsOf[image]!) {
      const classId = detections.classIds[row]!;
      const taken = nearest(groundTruths, detections, row, free, iouThreshold);
      const excused = () =>
        passed.some((groundTruth) => groundTruths.classIds[groundTruth] === classId && overlaps(groundTruth));
      const overlaps = (groundTruth: number) => overlapOf(detections, row, groundTruths, groundTruth) > iouThreshold;
      if (taken >= 0) visit(image, groundTruths.classIds[taken]!, classId);
      else if (!excused()) visit(image, background, classId);
      free.delete(taken);
    }
    for (const row of free) visit(image, groundTruths.classIds[row]!, background);
  }
}

function rowsByImage(rows: Uint32Array, images: Uint32Array, count: number): Uint32Array[] {
  const ordered = orderBy(rows, images);
  let start = 0;
  return Array.from({ length: count }, (_, image) => {
    let end = start;
    while (end < ordered.length && images[ordered[end]!] === image) end++;
    const own = ordered.subarray(start, end);
    start = end;
    return own;
  });
}

function nearest(
  groundTruths: GroundTruthTable,
  detections: DetectionTable,
  row: number,
  free: Iterable<number>,
  iouThreshold: number,
): number {
  let best = -1;
  let highest = iouThreshold;
  for (const groundTruth of free) {
    const overlap = overlapOf(detections, row, groundTruths, groundTruth);
    if (overlap <= highest) continue;
    [best, highest] = [groundTruth, overlap];
  }
  return best;
}
