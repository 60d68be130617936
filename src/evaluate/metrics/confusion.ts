import { orderBy, orderByScore, rowNumbers } from '../matching/orders.js';
import { overlapOf } from '../matching/overlap.js';
import type { DetectionTable, TableSize, TruthTable } from '../matching/tables.js';

export interface ConfusionOptions {
  /** A pair must overlap more than this. */
  iouThreshold: number;
  /** [classes] scores from which detections count */
  scoreThresholds: ArrayLike<number>;
}

/**
 * Which class is taken for which: a row per class of truth, a column per class of detection, the last of each is the
 * background.
 *
 * In each image the detections, best score first, take the truth of whatever class that they overlap most among those
 * still free (equal overlaps: the first). What is left is background: truths that no detection took, and detections that
 * took none. Crowds and difficult truths are in no row; a detection that took none and overlaps one of its own class is in
 * no column.
 *
 * @returns [classes + 1][classes + 1]
 * Source: ConfusionMatrix.process_batch of ultralytics 8.4, whose rows and columns are the other way round.
 */
export function confusionMatrix(
  truths: TruthTable,
  detections: DetectionTable,
  size: TableSize,
  { iouThreshold, scoreThresholds }: ConfusionOptions,
): number[][] {
  const background = size.classes;
  const matrix = Array.from({ length: size.classes + 1 }, () => new Array<number>(size.classes + 1).fill(0));
  const truthsOf = rowsByImage(rowNumbers(truths.images.length), truths.images, size.images);
  const rows = orderByScore(rowNumbers(detections.scores.length), detections.scores).filter(
    (row) => detections.scores[row]! >= scoreThresholds[detections.classIds[row]!]!,
  );
  const detectionsOf = rowsByImage(rows, detections.images, size.images);
  for (let image = 0; image < size.images; image++) {
    const passed = truthsOf[image]!.filter((row) => truths.crowds[row] === 1 || truths.difficult[row] === 1);
    const free = new Set(truthsOf[image]!);
    for (const row of passed) free.delete(row);
    for (const row of detectionsOf[image]!) {
      const classId = detections.classIds[row]!;
      const taken = nearest(truths, detections, row, free, iouThreshold);
      const excused = () => passed.some((truth) => truths.classIds[truth] === classId && overlaps(truth));
      const overlaps = (truth: number) => overlapOf(detections, row, truths, truth) > iouThreshold;
      if (taken >= 0) matrix[truths.classIds[taken]!]![classId]!++;
      else if (!excused()) matrix[background]![classId]!++;
      free.delete(taken);
    }
    for (const row of free) matrix[truths.classIds[row]!]![background]!++;
  }
  return matrix;
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
  truths: TruthTable,
  detections: DetectionTable,
  row: number,
  free: Iterable<number>,
  iouThreshold: number,
): number {
  let best = -1;
  let highest = iouThreshold;
  for (const truth of free) {
    const overlap = overlapOf(detections, row, truths, truth);
    if (overlap <= highest) continue;
    [best, highest] = [truth, overlap];
  }
  return best;
}
