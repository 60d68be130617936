import { gather, orderBy, orderByScore, rowNumbers } from '../matching/orders.js';
import { overlapOf } from '../matching/overlap.js';
import type { DetectionTable, TableSize, TruthTable } from '../matching/tables.js';
import { meanOf } from './precision.js';

/** Average precision of Pascal VOC, in [0, 1]; null: no truth that counts. */
export interface VocNumbers {
  /** The area under the curve, as VOC has it since 2010. */
  allPoint: number | null;
  /** The mean over recalls 0, 0.1 … 1, as VOC 2007 has it. */
  elevenPoint: number | null;
}

export interface VocSummary {
  /** Means over the classes that have truths. */
  numbers: VocNumbers;
  /** [classes] */
  classes: VocNumbers[];
}

/** numpy.linspace(0, 1, 11), as VOC's evaluation in Python has them. */
const RECALLS = Array.from({ length: 11 }, (_, i) => i * 0.1);

/**
 * Average precision as Pascal VOC defines it. Unlike COCO's: each detection, best score first, is held against the one
 * truth of its class that it overlaps most, taken or not. From the threshold on it finds that truth, is a second one for
 * it (false), or doesn't count where the truth is difficult or a crowd. There is no limit to the number of detections.
 *
 * @param iouThreshold  VOC's own is 0.5
 * Source: VOCevaldet.m of the VOC2012 development kit. Its + 1 to widths is in the boxes, whose right edges are exclusive.
 */
export function vocSummary(
  truths: TruthTable,
  detections: DetectionTable,
  size: TableSize,
  iouThreshold: number,
): VocSummary {
  const ofCell = truthsByCell(truths, size);
  const taken = new Uint8Array(truths.images.length);
  const counts = new Uint32Array(size.classes);
  for (let i = 0; i < truths.classIds.length; i++) if (!passes(truths, i)) counts[truths.classIds[i]!]!++;
  const order = orderBy(orderBy(rowNumbers(detections.scores.length), detections.images), detections.classIds);
  const rows = orderBy(orderByScore(order, detections.scores), detections.classIds);
  const classIds = gather(detections.classIds, rows);
  const curves: Curve[] = Array.from({ length: size.classes }, () => ({ recalls: [], precisions: [] }));
  let [hits, misses] = [0, 0];
  for (let i = 0; i < rows.length; i++) {
    const classId = classIds[i]!;
    if (i === 0 || classId !== classIds[i - 1]) [hits, misses] = [0, 0];
    const best = nearest(truths, detections, rows[i]!, ofCell, size, iouThreshold);
    if (best >= 0 && passes(truths, best)) continue;
    if (best >= 0 && taken[best] === 0) hits++;
    else misses++;
    if (best >= 0) taken[best] = 1;
    curves[classId]!.recalls.push(hits / counts[classId]!);
    curves[classId]!.precisions.push(hits / (hits + misses));
  }
  const classes = curves.map((curve, classId) => numbersOf(curve, counts[classId]!));
  const mean = (name: keyof VocNumbers) => {
    const value = meanOf(classes.map((numbers) => numbers[name] ?? Number.NaN));
    return Number.isNaN(value) ? null : value;
  };
  return { numbers: { allPoint: mean('allPoint'), elevenPoint: mean('elevenPoint') }, classes };
}

interface Curve {
  recalls: number[];
  precisions: number[];
}

function passes({ difficult, crowds }: TruthTable, row: number): boolean {
  return difficult[row] === 1 || crowds[row] === 1;
}

/** Rows by class · images + image. */
function truthsByCell({ images, classIds }: TruthTable, size: TableSize): Map<number, number[]> {
  const cells = new Map<number, number[]>();
  for (let i = 0; i < images.length; i++) {
    const cell = classIds[i]! * size.images + images[i]!;
    const rows = cells.get(cell);
    if (rows === undefined) cells.set(cell, [i]);
    else rows.push(i);
  }
  return cells;
}

/** The truth that a detection overlaps most, from the threshold on; equal overlaps: the first; −1: none. */
function nearest(
  truths: TruthTable,
  detections: DetectionTable,
  row: number,
  cells: ReadonlyMap<number, number[]>,
  size: TableSize,
  iouThreshold: number,
): number {
  let best = -1;
  let highest = 0;
  for (const truth of cells.get(detections.classIds[row]! * size.images + detections.images[row]!) ?? []) {
    const overlap = overlapOf(detections, row, truths, truth);
    if (overlap <= highest) continue;
    [best, highest] = [truth, overlap];
  }
  return highest >= iouThreshold ? best : -1;
}

function numbersOf({ recalls, precisions }: Curve, truths: number): VocNumbers {
  if (truths === 0) return { allPoint: null, elevenPoint: null };
  for (let i = precisions.length - 1; i > 0; i--) precisions[i - 1] = Math.max(precisions[i - 1]!, precisions[i]!);
  let area = 0;
  for (let i = 0; i < recalls.length; i++) area += (recalls[i]! - (recalls[i - 1] ?? 0)) * precisions[i]!;
  const at = (recall: number) => precisions[recalls.findIndex((reached) => reached >= recall)] ?? 0;
  const eleven = RECALLS.reduce((sum, recall) => sum + at(recall), 0) / RECALLS.length;
  return { allPoint: area, elevenPoint: eleven };
}
