import { orderBy, orderByScore, rowNumbers } from './orders.js';
import type { DetectionTable, TableSize } from './tables.js';

/** The two orders in which detections are visited: to be matched, and to be counted. */
export interface DetectionOrder {
  /** [n] rows class after class, image after image, best score first */
  grouped: Uint32Array;
  /** [n] rows class after class, best score first; equal scores: the earlier image, then the earlier row */
  sorted: Uint32Array;
  /** By row: its position among the detections of its image and class, from 0 */
  ranks: Uint32Array;
  /** By row: its position in `sorted` */
  places: Uint32Array;
  /** [classes + 1] where each class begins, in both orders */
  starts: Uint32Array;
}

/** @param maxDetections  per image and class; the ones with lower scores are in neither order */
export function orderDetections(
  { images, classIds, scores }: DetectionTable,
  maxDetections: number,
  { classes }: TableSize,
): DetectionOrder {
  const byScore = orderByScore(orderBy(rowNumbers(scores.length), images), scores);
  let sorted = orderBy(byScore, classIds);
  let grouped = orderBy(orderBy(byScore, images), classIds);
  const ranks = new Uint32Array(scores.length);
  let [rank, highest, image, classId] = [0, 0, -1, -1];
  for (let i = 0; i < grouped.length; i++) {
    const row = grouped[i]!;
    rank = images[row] === image && classIds[row] === classId ? rank + 1 : 0;
    image = images[row]!;
    classId = classIds[row]!;
    ranks[row] = rank;
    if (rank > highest) highest = rank;
  }
  if (highest >= maxDetections) {
    sorted = sorted.filter((row) => ranks[row]! < maxDetections);
    grouped = grouped.filter((row) => ranks[row]! < maxDetections);
  }
  const places = new Uint32Array(scores.length);
  const starts = new Uint32Array(classes + 1);
  for (let i = 0; i < sorted.length; i++) {
    places[sorted[i]!] = i;
    starts[classIds[sorted[i]!]! + 1]!++;
  }
  for (let c = 0; c < classes; c++) starts[c + 1]! += starts[c]!;
  return { grouped, sorted, ranks, places, starts };
}
