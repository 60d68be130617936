import { gather, orderBy, orderByScore, rowNumbers } from '../matching/orders.js';
import { overlapOf } from '../matching/overlap.js';
import type { DetectionTable, GroundTruthTable, TableSize } from '../matching/tables.js';
import { meanOf } from './precision.js';

/** Average precision of Pascal VOC, in [0, 1]; null: no ground truth, or all are ignored. */
export interface VocNumbers {
  /** The area under the curve, VOC's definition since 2010. */
  allPoint: number | null;
  /** The mean over recalls 0, 0.1 … 1, VOC's definition in 2007. */
  elevenPoint: number | null;
}

export interface VocSummary {
  /** Means over classes with ground truths. */
  numbers: VocNumbers;
  /** [classes] */
  classes: VocNumbers[];
}

/** numpy.linspace(0, 1, 11), as VOC's evaluation in Python has them. */
const RECALLS = Array.from({ length: 11 }, (_, i) => i * 0.1);

/**
 * Average precision as Pascal VOC defines it. Unlike COCO, each detection, best score first, is compared only with the ground
 * truth of its class that it overlaps most, matched or not. From the threshold on it is a true positive, or a false positive
 * if that ground truth already has a match, or ignored if that is difficult or a crowd. The number of detections is unlimited.
 *
 * @param iouThreshold  VOC's own is 0.5
 * Source: VOCevaldet.m of the VOC2012 development kit. Its + 1 to widths is in the boxes, whose right edges are exclusive.
 */
export function vocSummary(
  groundTruths: GroundTruthTable,
  detections: DetectionTable,
  size: TableSize,
  iouThreshold: number,
): VocSummary {
  const ofCell = groundTruthsByCell(groundTruths, size);
  const taken = new Uint8Array(groundTruths.images.length);
  const counts = new Uint32Array(size.classes);
  for (let i = 0; i < groundTruths.classIds.length; i++)
    if (!isIgnored(groundTruths, i)) counts[groundTruths.classIds[i]!]!++;
  const order = orderBy(orderBy(rowNumbers(detections.scores.length), detections.images), detections.classIds);
  const rows = orderBy(orderByScore(order, detections.scores), detections.classIds);
  const classIds = gather(detections.classIds, rows);
  const curves: Curve[] = Array.from({ length: size.classes }, () => ({ recalls: [], precisions: [] }));
  let [truePositives, falsePositives] = [0, 0];
  for (let i = 0; i < rows.length; i++) {
    const classId = classIds[i]!;
    if (i === 0 || classId !== classIds[i - 1]) [truePositives, falsePositives] = [0, 0];
    const best = nearest(groundTruths, detections, rows[i]!, ofCell, size, iouThreshold);
    if (best >= 0 && isIgnored(groundTruths, best)) continue;
    if (best >= 0 && taken[best] === 0) truePositives++;
    else falsePositives++;
    if (best >= 0) taken[best] = 1;
    curves[classId]!.recalls.push(truePositives / counts[classId]!);
    curves[classId]!.precisions.push(truePositives / (truePositives + falsePositives));
  }
  const classes = curves.map((curve, classId) => numbersOf(curve, counts[classId]!));
  const mean = (name: keyof VocNumbers) => {
    const value = meanOf(classes.map((numbers) => numbers[name] ?? Number.NaN));
    return Number.isNaN(value) ? null : value;
  };
  return { numbers: { allPoint: mean('allPoint'), elevenPoint: mean('elevenPoint') }, classes };
}

/** Precision by recall, from the best score down. */
interface Curve {
  recalls: number[];
  precisions: number[];
}

function isIgnored({ difficult, crowds }: GroundTruthTable, row: number): boolean {
  return difficult[row] === 1 || crowds[row] === 1;
}

/** Rows by class · images + image. */
function groundTruthsByCell({ images, classIds }: GroundTruthTable, size: TableSize): Map<number, number[]> {
  const cells = new Map<number, number[]>();
  for (let i = 0; i < images.length; i++) {
    const cell = classIds[i]! * size.images + images[i]!;
    const rows = cells.get(cell);
    if (rows === undefined) cells.set(cell, [i]);
    else rows.push(i);
  }
  return cells;
}

/** The ground truth with the highest overlap, from the threshold on; equal overlaps: the first; −1: none. */
function nearest(
  groundTruths: GroundTruthTable,
  detections: DetectionTable,
  row: number,
  cells: ReadonlyMap<number, number[]>,
  size: TableSize,
  iouThreshold: number,
): number {
  let best = -1;
  let highest = 0;
  for (const groundTruth of cells.get(detections.classIds[row]! * size.images + detections.images[row]!) ?? []) {
    const overlap = overlapOf(detections, row, groundTruths, groundTruth);
    if (overlap <= highest) continue;
    [best, highest] = [groundTruth, overlap];
  }
  return highest >= iouThreshold ? best : -1;
}

/**
 * The area under the curve of the highest precision at each recall or above.
 *
 * @param curve.precisions  become those highest ones
 */
export function averagePrecisionOf({ recalls, precisions }: { recalls: number[]; precisions: number[] }): number {
  for (let i = precisions.length - 1; i > 0; i--) precisions[i - 1] = Math.max(precisions[i - 1]!, precisions[i]!);
  let area = 0;
  for (let i = 0; i < recalls.length; i++) area += (recalls[i]! - (recalls[i - 1] ?? 0)) * precisions[i]!;
  return area;
}

function numbersOf({ recalls, precisions }: Curve, groundTruths: number): VocNumbers {
  if (groundTruths === 0) return { allPoint: null, elevenPoint: null };
  const area = averagePrecisionOf({ recalls, precisions });
  const at = (recall: number) => precisions[recalls.findIndex((reached) => reached >= recall)] ?? 0;
  const eleven = RECALLS.reduce((sum, recall) => sum + at(recall), 0) / RECALLS.length;
  return { allPoint: area, elevenPoint: eleven };
}
