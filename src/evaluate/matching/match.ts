import { complain } from '../../errors.js';
import { ALL_AREAS, type AreaRange, inRange } from '../metrics/areas.js';
import { Assignment, isCounted } from './assignment.js';
import { gather, orderBy, orderByScore, rowNumbers } from './orders.js';
import type { BoxTable, DetectionTable, GroundTruthTable, TableSize } from './tables.js';

export interface MatchOptions {
  /** In (0, 1], up to 32 of them. Default 0.5, 0.55 … 0.95 as COCO has them */
  iouThresholds?: readonly number[];
  /** Default: one of all areas */
  areaRanges?: readonly AreaRange[];
  /** Of one class in one image, the ones with the highest scores. Default 100 */
  maxDetections?: number;
}

/**
 * Detections with what each is worth; field arrays of length n, class after class, best score first; of equal scores the
 * earlier image goes first, then the earlier row.
 */
export interface Matches {
  /** [n] row in the table of detections */
  rows: Uint32Array;
  /** [n] place among the detections of its class in its image, from 0 */
  ranks: Uint32Array;
  /** [n] */
  scores: Float64Array;
  /** [classes + 1] where each class begins */
  starts: Uint32Array;
  /** Per area range [n]: bit t says whether a ground truth was matched at IoU threshold t */
  matched: Uint32Array[];
  /** Per area range [n]: bit t says whether the detection counts neither for nor against, at IoU threshold t */
  ignored: Uint32Array[];
  /** Per area range [classes]: ground truths that count */
  groundTruths: Uint32Array[];
}

/** numpy.linspace(.5, .95, 10): 0.9 is the double below. */
export const COCO_IOU_THRESHOLDS: readonly number[] = Array.from({ length: 10 }, (_, i) =>
  i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9),
);

/**
 * Which detections find a ground truth, per IoU threshold and area range, as pycocotools' COCOeval.evaluate decides it.
 *
 * In each image and class the detections, best score first, take the ground truth that they overlap most among those still
 * free, from the threshold on; of equal overlaps, the later ground truth. Ground truths that don't count (crowds, difficult ones, those
 * outside the area range) are taken only where no other is left, and make the detection one that doesn't count; a crowd
 * stays free. A detection that takes none and is itself outside the range, or lenient, doesn't count either.
 *
 * @throws SigboxError E_ARGUMENT  more than 32 IoU thresholds
 *
 * Equal scores: earlier row first. Only pairs that overlap are looked at twice. Naive twin in test/reference/coco-match.ts.
 */
export function match(
  groundTruths: GroundTruthTable,
  detections: DetectionTable,
  size: TableSize,
  options: MatchOptions = {},
): Matches {
  const { iouThresholds = COCO_IOU_THRESHOLDS, areaRanges = ALL_AREAS, maxDetections = 100 } = options;
  if (iouThresholds.length > 32) {
    throw complain('E_ARGUMENT', { where: 'match', expected: 'up to 32 IoU thresholds', received: iouThresholds });
  }
  const groundTruthRows = byClassAndImage(rowNumbers(groundTruths.images.length), groundTruths);
  const groups = bestOfGroups(detections, maxDetections);
  const { matches, places } = unmatched(groups, detections, size, areaRanges.length);
  matches.groundTruths = areaRanges.map((range) => countGroundTruths(groundTruths, range, size));
  const assign = assigner(
    { groundTruths, groundTruthRows, detections, rows: groups.rows, places },
    iouThresholds,
    areaRanges,
    matches,
  );
  eachGroup(groundTruths, groundTruthRows, detections, groups.rows, assign);
  return matches;
}

/** Rows from `start` to `end` of the detections, and from `truthStart` to `truthEnd` of the ground truths. */
type Span = [start: number, end: number, groundTruthStart: number, groundTruthEnd: number];

/** Visits each image and class that has detections. */
function eachGroup(
  groundTruths: GroundTruthTable,
  groundTruthRows: Uint32Array,
  detections: DetectionTable,
  rows: Uint32Array,
  visit: (...span: Span) => void,
): void {
  const n = groundTruthRows.length;
  let groundTruthStart = 0;
  for (let start = 0; start < rows.length; ) {
    const end = groupEnd(detections, rows, start);
    const row = rows[start]!;
    while (groundTruthStart < n && precedes(groundTruths, groundTruthRows[groundTruthStart]!, detections, row))
      groundTruthStart++;
    let groundTruthEnd = groundTruthStart;
    while (groundTruthEnd < n && !precedes(detections, row, groundTruths, groundTruthRows[groundTruthEnd]!))
      groundTruthEnd++;
    visit(start, end, groundTruthStart, groundTruthEnd);
    [start, groundTruthStart] = [end, groundTruthEnd];
  }
}

function byClassAndImage(rows: Uint32Array, { images, classIds }: BoxTable): Uint32Array {
  return orderBy(orderBy(rows, images), classIds);
}

/** Detections class by class, image by image, best score first. */
interface Groups {
  /** [n] */
  rows: Uint32Array;
  /** [n] place in the image and class, from 0 */
  ranks: Uint32Array;
}

function bestOfGroups(detections: DetectionTable, maxDetections: number): Groups {
  const all = byClassAndImage(orderByScore(rowNumbers(detections.scores.length), detections.scores), detections);
  const rows = new Uint32Array(all.length);
  const ranks = new Uint32Array(all.length);
  let n = 0;
  for (let start = 0; start < all.length; ) {
    const end = groupEnd(detections, all, start);
    for (let i = start; i < Math.min(end, start + maxDetections); i++, n++) {
      rows[n] = all[i]!;
      ranks[n] = i - start;
    }
    start = end;
  }
  return { rows: rows.subarray(0, n), ranks: ranks.subarray(0, n) };
}

/** Where the rows of the same class and image end. */
function groupEnd({ images, classIds }: BoxTable, rows: Uint32Array, start: number): number {
  const [image, classId] = [images[rows[start]!], classIds[rows[start]!]];
  let end = start + 1;
  while (end < rows.length && images[rows[end]!] === image && classIds[rows[end]!] === classId) end++;
  return end;
}

function precedes(a: BoxTable, row: number, b: BoxTable, other: number): boolean {
  const order = a.classIds[row]! - b.classIds[other]!;
  return order < 0 || (order === 0 && a.images[row]! < b.images[other]!);
}

/** Matches without a match yet, and the place in them of each detection of the cells. */
function unmatched(
  groups: Groups,
  detections: DetectionTable,
  size: TableSize,
  areas: number,
): { matches: Matches; places: Uint32Array } {
  const n = groups.rows.length;
  const starts = new Uint32Array(size.classes + 1);
  for (const row of groups.rows) starts[detections.classIds[row]! + 1]!++;
  for (let classId = 0; classId < size.classes; classId++) starts[classId + 1]! += starts[classId]!;
  const order = orderBy(
    orderByScore(rowNumbers(n), gather(detections.scores, groups.rows)),
    gather(detections.classIds, groups.rows),
  );
  const places = new Uint32Array(n);
  for (let i = 0; i < n; i++) places[order[i]!] = i;
  const [rows, ranks] = [gather(groups.rows, order), gather(groups.ranks, order)];
  const bits = () => Array.from({ length: areas }, () => new Uint32Array(n));
  const none = { matched: bits(), ignored: bits(), groundTruths: [] };
  return { matches: { rows, ranks, scores: gather(detections.scores, rows), starts, ...none }, places };
}

function countGroundTruths(groundTruths: GroundTruthTable, range: AreaRange, { classes }: TableSize): Uint32Array {
  const sums = new Uint32Array(classes);
  for (let i = 0; i < groundTruths.classIds.length; i++)
    if (isCounted(groundTruths, i, range)) sums[groundTruths.classIds[i]!]!++;
  return sums;
}

/** Rows in the order of their cells, and the place among the matches of each detection. */
interface Sides {
  groundTruths: GroundTruthTable;
  groundTruthRows: Uint32Array;
  detections: DetectionTable;
  rows: Uint32Array;
  places: Uint32Array;
}

/** Judges the detections of one image and class, best score first, and writes what they are worth into the matches. */
function assigner(
  sides: Sides,
  iouThresholds: readonly number[],
  areaRanges: readonly AreaRange[],
  { matched: matchedAt, ignored: ignoredAt }: Matches,
): (...span: Span) => void {
  const { groundTruths, groundTruthRows, detections, rows, places } = sides;
  const thresholds = Float64Array.from(iouThresholds, (threshold) => Math.min(threshold, 1 - 1e-10));
  const everyBit = 2 ** thresholds.length - 1;
  const minIou = Math.min(...thresholds);
  const cell = new Assignment(groundTruths);

  return (start, end, groundTruthStart, groundTruthEnd) => {
    cell.findPairs(detections, rows, groundTruthRows, [start, end, groundTruthStart, groundTruthEnd], minIou);
    for (let a = 0; a < areaRanges.length; a++) {
      const range = areaRanges[a]!;
      cell.enter(range);
      for (let i = start; i < end; i++) {
        const { matched, ignored } = cell.take(i - start, thresholds);
        const row = rows[i]!;
        const ignoreUnmatched = detections.ignoreUnmatched[row] === 1 || !inRange(range, detections.boxAreas[row]!);
        matchedAt[a]![places[i]!] = matched;
        ignoredAt[a]![places[i]!] = ignoreUnmatched ? ignored | (everyBit & ~matched) : ignored;
      }
    }
  };
}
