import { gather, orderBy, orderByScore, rowNumbers } from '../matching/orders.js';
import { overlapOf } from '../matching/overlap.js';
import type { DetectionTable, GroundTruthTable, TableSize } from '../matching/tables.js';

/** TIDE's kinds of errors: five of false positives, and missed ground truths. */
export type ErrorKind = 'class' | 'localisation' | 'both' | 'duplicate' | 'background' | 'missed';

export const ERROR_KINDS: readonly ErrorKind[] = ['class', 'localisation', 'both', 'duplicate', 'background', 'missed'];

/** One error: a false positive, or a missed ground truth. */
export interface DetectionError {
  kind: ErrorKind;
  /** Row of the detection, or of the missed ground truth. */
  row: number;
  classId: number;
  /** Whether the detection affects precision. One inside a crowd of its class has a kind, but is ignored. */
  counted: boolean;
  /** Row of the unmatched ground truth that the detection would match without its error; −1: none. */
  target: number;
}

/** The errors of a set of detections at one IoU threshold. */
export interface Diagnosis {
  /** Image by image, best score first, missed ground truths last. */
  errors: DetectionError[];
  /** Rows of the detections that are not ignored, image by image, best score first. */
  rows: number[];
  /** [detections] 1: true positive */
  truePositives: Uint8Array;
  /** [classes] ground truths that are not ignored */
  groundTruths: Uint32Array;
  /** [classes] those without a match */
  falseNegatives: Uint32Array;
}

/** A detection whose best IoU is at most this is a background error. */
const BACKGROUND = 0.1;
const MAX_PER_IMAGE = 100;

/**
 * Sorts errors into TIDE's kinds. Localisation: IoU with a ground truth of its class from 0.1 to the threshold. Class: IoU from
 * the threshold with one of another class. Duplicate: its ground truth already has a match. Background: IoU of at most 0.1
 * with any. Both: the rest. A ground truth without a match is missed, unless a class or localisation error targets it. At
 * most 100 detections per image count.
 *
 * Source: Bolya et al., TIDE: A General Toolbox for Identifying Object Detection Errors, 2020. The order of the tests, and
 * that detections inside crowds have a kind too, follow tidecv 1.0.1.
 */
export function diagnose(
  groundTruths: GroundTruthTable,
  detections: DetectionTable,
  size: TableSize,
  iouThreshold: number,
): Diagnosis {
  const best = orderBy(orderByScore(rowNumbers(detections.scores.length), detections.scores), detections.images);
  const ofImage = [
    split(best, detections.images, size.images),
    split(orderBy(rowNumbers(groundTruths.images.length), groundTruths.images), groundTruths.images, size.images),
  ] as const;
  const diagnosis: Diagnosis = {
    errors: [],
    rows: [],
    truePositives: new Uint8Array(detections.scores.length),
    groundTruths: new Uint32Array(size.classes),
    falseNegatives: new Uint32Array(size.classes),
  };
  for (let image = 0; image < size.images; image++) {
    const rows = ofImage[0][image]!.subarray(0, MAX_PER_IMAGE);
    diagnoseImage(new ImagePairs(groundTruths, ofImage[1][image]!, detections, rows), diagnosis, iouThreshold);
  }
  return diagnosis;
}

function split(rows: Uint32Array, images: Uint32Array, count: number): Uint32Array[] {
  const ends = new Uint32Array(count + 1);
  for (const image of gather(images, rows)) ends[image + 1]!++;
  for (let image = 0; image < count; image++) ends[image + 1]! += ends[image]!;
  return Array.from({ length: count }, (_, image) => rows.subarray(ends[image], ends[image + 1]));
}

/** Overlaps between the detections and ground truths of one image, both by their position, from 0. */
class ImagePairs {
  readonly rows: Uint32Array;
  /** Rows of the ground truths that are not ignored. */
  readonly groundTruthRows: number[];
  /** Crowds and difficult ground truths. */
  readonly #ignoredRows: number[];
  readonly #groundTruths: GroundTruthTable;
  readonly #detections: DetectionTable;
  /** [rows, truthRows] */
  readonly #overlaps: Float64Array;

  constructor(
    groundTruths: GroundTruthTable,
    groundTruthRows: Uint32Array,
    detections: DetectionTable,
    rows: Uint32Array,
  ) {
    const isIgnored = (row: number) => groundTruths.crowds[row] === 1 || groundTruths.difficult[row] === 1;
    this.#groundTruths = groundTruths;
    this.#detections = detections;
    this.rows = rows;
    this.groundTruthRows = [...groundTruthRows].filter((row) => !isIgnored(row));
    this.#ignoredRows = [...groundTruthRows].filter(isIgnored);
    this.#overlaps = new Float64Array(rows.length * this.groundTruthRows.length);
    let at = 0;
    for (const row of rows) {
      for (const groundTruthRow of this.groundTruthRows)
        this.#overlaps[at++] = overlapOf(detections, row, groundTruths, groundTruthRow);
    }
  }

  /**
   * The ground truth with the highest overlap; equal overlaps: the first.
   *
   * @param own   search the detection's own class, or all others
   * @param used  [ground truths] search only those with this flag; default all
   * @returns place −1: no overlap
   */
  nearest(
    i: number,
    own: boolean,
    used?: { groundTruths: Uint8Array; wanted: 0 | 1 },
  ): { place: number; overlap: number } {
    const classId = this.#detections.classIds[this.rows[i]!]!;
    const n = this.groundTruthRows.length;
    const best = { place: -1, overlap: 0 };
    for (let place = 0; place < n; place++) {
      const overlap = this.#overlaps[i * n + place]!;
      if (overlap <= best.overlap || (this.#groundTruths.classIds[this.groundTruthRows[place]!] === classId) !== own)
        continue;
      if (used !== undefined && used.groundTruths[place] !== used.wanted) continue;
      best.place = place;
      best.overlap = overlap;
    }
    return best;
  }

  /** Whether a detection lies in a crowd, or on a difficult ground truth, of its class. */
  isIgnored(i: number, iouThreshold: number): boolean {
    const row = this.rows[i]!;
    return this.#ignoredRows.some(
      (passed) =>
        this.#groundTruths.classIds[passed] === this.#detections.classIds[row] &&
        overlapOf(this.#detections, row, this.#groundTruths, passed) > iouThreshold,
    );
  }

  classOf(row: number): number {
    return this.#detections.classIds[row]!;
  }

  classOfGroundTruth(row: number): number {
    return this.#groundTruths.classIds[row]!;
  }
}

function diagnoseImage(pairs: ImagePairs, diagnosis: Diagnosis, iouThreshold: number): void {
  const { errors, rows, truePositives, groundTruths, falseNegatives } = diagnosis;
  const used = new Uint8Array(pairs.groundTruthRows.length);
  for (const [i, row] of pairs.rows.entries()) {
    const { place, overlap } = pairs.nearest(i, true, { groundTruths: used, wanted: 0 });
    if (place < 0 || overlap < iouThreshold) continue;
    used[place] = 1;
    truePositives[row] = 1;
  }
  const targeted = new Set<number>();
  for (const [i, row] of pairs.rows.entries()) {
    const counted = truePositives[row] === 1 || !pairs.isIgnored(i, iouThreshold);
    if (counted) rows.push(row);
    if (truePositives[row] === 1) continue;
    const { kind, target: place } = kindOf(pairs, i, used, iouThreshold);
    const target = place < 0 ? -1 : pairs.groundTruthRows[place]!;
    if (target >= 0) targeted.add(target);
    errors.push({ kind, row, classId: pairs.classOf(row), counted, target });
  }
  for (const [place, row] of pairs.groundTruthRows.entries()) {
    const classId = pairs.classOfGroundTruth(row);
    groundTruths[classId]!++;
    if (used[place] === 1) continue;
    falseNegatives[classId]!++;
    if (!targeted.has(row)) errors.push({ kind: 'missed', row, classId, counted: true, target: row });
  }
}

/** @returns the kind, and the position of the ground truth it targets, if that has no match; else −1 */
function kindOf(
  pairs: ImagePairs,
  i: number,
  used: Uint8Array,
  iouThreshold: number,
): Pick<DetectionError, 'kind' | 'target'> {
  const free = ({ place }: { place: number }) => (used[place] === 1 ? -1 : place);
  const own = pairs.nearest(i, true);
  if (own.overlap >= BACKGROUND && own.overlap <= iouThreshold) return { kind: 'localisation', target: free(own) };
  const other = pairs.nearest(i, false);
  if (other.overlap >= iouThreshold) return { kind: 'class', target: free(other) };
  const taken = pairs.nearest(i, true, { groundTruths: used, wanted: 1 });
  if (taken.overlap >= iouThreshold) return { kind: 'duplicate', target: -1 };
  return { kind: Math.max(own.overlap, other.overlap) <= BACKGROUND ? 'background' : 'both', target: -1 };
}
