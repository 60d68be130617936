import { complain } from '../../errors.js';
import { ALL_AREAS, type AreaRange, inRange } from '../metrics/areas.js';
import { Assignment, isCounted } from './assignment.js';
import { type DetectionOrder, orderDetections } from './detection-order.js';
import { gather, orderBy, rowNumbers } from './orders.js';
import type { BoxTable, DetectionTable, GroundTruthTable, TableSize } from './tables.js';

export interface MatchOptions {
  /** In (0, 1], up to 32 of them. Default 0.5, 0.55 … 0.95 as COCO has them */
  iouThresholds?: readonly number[];
  /** Default: one of all areas */
  areaRanges?: readonly AreaRange[];
  /** [detections] what area ranges are applied to. Default: the areas of their boxes */
  detectionSizes?: Float64Array;
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
  const order = orderDetections(detections, maxDetections, size);
  const matches = unmatched(order, detections, areaRanges.length);
  matches.groundTruths = areaRanges.map((range) => countGroundTruths(groundTruths, range, size));
  const thresholds = Float64Array.from(iouThresholds, (threshold) => Math.min(threshold, 1 - 1e-10));
  const input = { groundTruths, detections, order, thresholds, areaRanges };
  eachGroup(groundTruths, detections, order, new GroupMatcher(input, matches));
  ignoreUnmatched(matches, detections, {
    areaRanges,
    thresholds,
    sizes: options.detectionSizes ?? detections.boxAreas,
  });
  return matches;
}

/** Matches the detections of each image and class. */
function eachGroup(
  groundTruths: GroundTruthTable,
  { images, classIds }: DetectionTable,
  { grouped, ranks }: DetectionOrder,
  groups: GroupMatcher,
): void {
  const rows = orderBy(orderBy(rowNumbers(groundTruths.images.length), groundTruths.images), groundTruths.classIds);
  let first = 0;
  for (let start = 0; start < grouped.length; ) {
    let end = start + 1;
    while (end < grouped.length && ranks[grouped[end]!]! > 0) end++;
    const [image, classId] = [images[grouped[start]!]!, classIds[grouped[start]!]!];
    while (first < rows.length && comesBefore(groundTruths, rows[first]!, classId, image)) first++;
    let last = first;
    while (
      last < rows.length &&
      groundTruths.classIds[rows[last]!] === classId &&
      groundTruths.images[rows[last]!] === image
    )
      last++;
    groups.match(start, end, rows.subarray(first, last));
    [start, first] = [end, last];
  }
}

function comesBefore({ images, classIds }: BoxTable, row: number, classId: number, image: number): boolean {
  return classIds[row]! < classId || (classIds[row] === classId && images[row]! < image);
}

function unmatched({ sorted, ranks, starts }: DetectionOrder, { scores }: DetectionTable, areas: number): Matches {
  const bits = () => Array.from({ length: areas }, () => new Uint32Array(sorted.length));
  return {
    ...{ rows: sorted, ranks: gather(ranks, sorted), scores: gather(scores, sorted), starts },
    ...{ matched: bits(), ignored: bits(), groundTruths: [] },
  };
}

function countGroundTruths(groundTruths: GroundTruthTable, range: AreaRange, { classes }: TableSize): Uint32Array {
  const sums = new Uint32Array(classes);
  for (let i = 0; i < groundTruths.classIds.length; i++) {
    if (isCounted(groundTruths, i, range)) sums[groundTruths.classIds[i]!]!++;
  }
  return sums;
}

interface MatchInput {
  groundTruths: GroundTruthTable;
  detections: DetectionTable;
  order: DetectionOrder;
  thresholds: Float64Array;
  areaRanges: readonly AreaRange[];
}

/** Matches one image and class after the other, at all IoU thresholds and in all area ranges. */
class GroupMatcher {
  readonly #input: MatchInput;
  readonly #matches: Matches;
  readonly #assignment: Assignment;
  readonly #minIou: number;

  constructor(input: MatchInput, matches: Matches) {
    this.#input = input;
    this.#matches = matches;
    this.#assignment = new Assignment(input.groundTruths);
    this.#minIou = Math.min(...input.thresholds);
  }

  /** @param start, end  of the group, in the grouped order @param groundTruthRows  of the same image and class */
  match(start: number, end: number, groundTruthRows: Uint32Array): void {
    const { detections, order } = this.#input;
    if (groundTruthRows.length === 0) return;
    const { grouped } = order;
    const pairs = this.#assignment.findPairs(detections, grouped, start, end, groundTruthRows, this.#minIou);
    if (pairs > 0) this.#assign(start, end);
  }

  #assign(start: number, end: number): void {
    const { order, thresholds, areaRanges } = this.#input;
    for (let a = 0; a < areaRanges.length; a++) {
      this.#assignment.enter(areaRanges[a]!);
      for (let i = start; i < end; i++) {
        const { matched, ignored } = this.#assignment.take(i - start, thresholds);
        const place = order.places[order.grouped[i]!]!;
        this.#matches.matched[a]![place] = matched;
        this.#matches.ignored[a]![place] = ignored;
      }
    }
  }
}

/** At IoU thresholds where a detection has no match, it is ignored in area ranges that it lies outside. */
function ignoreUnmatched(
  { rows, matched, ignored }: Matches,
  { ignoreUnmatched: always }: DetectionTable,
  { areaRanges, thresholds, sizes }: Pick<MatchInput, 'areaRanges' | 'thresholds'> & { sizes: Float64Array },
): void {
  const everyBit = (2 ** thresholds.length - 1) >>> 0;
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place]!;
    for (let a = 0; a < areaRanges.length; a++) {
      if (always[row] === 0 && inRange(areaRanges[a]!, sizes[row]!)) continue;
      ignored[a]![place]! |= everyBit & ~matched[a]![place]!;
    }
  }
}
