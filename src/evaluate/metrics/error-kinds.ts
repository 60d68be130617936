import { gather, orderBy, orderByScore, rowNumbers } from '../matching/orders.js';
import { overlapOf } from '../matching/overlap.js';
import type { DetectionTable, TableSize, TruthTable } from '../matching/tables.js';

/** Ways in which a detection can be wrong, or a truth be missed. */
export type ErrorKind = 'class' | 'localisation' | 'both' | 'duplicate' | 'background' | 'missed';

export const ERROR_KINDS: readonly ErrorKind[] = ['class', 'localisation', 'both', 'duplicate', 'background', 'missed'];

/** One error: of a detection, or of a truth where it is missed. */
export interface FoundError {
  kind: ErrorKind;
  /** Of the detection; of the truth where it is missed. */
  row: number;
  classId: number;
  /** Whether the detection counts: one in a crowd of its class has a kind, but does not weigh. */
  weighs: boolean;
  /** Row of the truth that the detection was meant for, where that is still free. */
  meant: number;
}

/** Where every detection and truth of a set stands at one IoU threshold. */
export interface Diagnosis {
  /** Image by image, best score first, missed truths last. */
  errors: FoundError[];
  /** Rows of the detections that weigh, image by image, best score first. */
  rows: number[];
  /** By row of a detection: 1, it finds a truth. */
  found: Uint8Array;
  /** [classes] truths that count */
  truths: Uint32Array;
  /** [classes] of those, not found */
  unfound: Uint32Array;
}

/** IoU up to which a detection has nothing to do with a truth. */
const BACKGROUND = 0.1;
const MOST_PER_IMAGE = 100;

/**
 * Says of every detection what is wrong with it, as TIDE does: localisation (IoU with a truth of its class from 0.1 to the
 * threshold), class (from the threshold with one of another class), duplicate (its truth is taken), background (at most
 * 0.1 with any), both (the rest). A truth that is not found is missed where no class or localisation error was meant for
 * it. At most 100 detections per image.
 *
 * Source: Bolya et al., TIDE: A General Toolbox for Identifying Object Detection Errors, 2020; the order of the tests, and
 * that detections in crowds have a kind as well, as in tidecv 1.0.1.
 */
export function diagnose(
  truths: TruthTable,
  detections: DetectionTable,
  size: TableSize,
  iouThreshold: number,
): Diagnosis {
  const best = orderBy(orderByScore(rowNumbers(detections.scores.length), detections.scores), detections.images);
  const ofImage = [
    split(best, detections.images, size.images),
    split(orderBy(rowNumbers(truths.images.length), truths.images), truths.images, size.images),
  ] as const;
  const diagnosis: Diagnosis = {
    errors: [],
    rows: [],
    found: new Uint8Array(detections.scores.length),
    truths: new Uint32Array(size.classes),
    unfound: new Uint32Array(size.classes),
  };
  for (let image = 0; image < size.images; image++) {
    const rows = ofImage[0][image]!.subarray(0, MOST_PER_IMAGE);
    diagnoseImage(new ImagePairs(truths, ofImage[1][image]!, detections, rows), diagnosis, iouThreshold);
  }
  return diagnosis;
}

function split(rows: Uint32Array, images: Uint32Array, count: number): Uint32Array[] {
  const ends = new Uint32Array(count + 1);
  for (const image of gather(images, rows)) ends[image + 1]!++;
  for (let image = 0; image < count; image++) ends[image + 1]! += ends[image]!;
  return Array.from({ length: count }, (_, image) => rows.subarray(ends[image], ends[image + 1]));
}

/** Detections and truths of one image, and how they overlap; both by their places, from 0. */
class ImagePairs {
  readonly rows: Uint32Array;
  /** Of the truths that count. */
  readonly truthRows: number[];
  /** Crowds and difficult truths. */
  readonly #passedRows: number[];
  readonly #truths: TruthTable;
  readonly #detections: DetectionTable;
  /** [rows, truthRows] */
  readonly #overlaps: Float64Array;

  constructor(truths: TruthTable, truthRows: Uint32Array, detections: DetectionTable, rows: Uint32Array) {
    const passes = (row: number) => truths.crowds[row] === 1 || truths.difficult[row] === 1;
    this.#truths = truths;
    this.#detections = detections;
    this.rows = rows;
    this.truthRows = [...truthRows].filter((row) => !passes(row));
    this.#passedRows = [...truthRows].filter(passes);
    this.#overlaps = new Float64Array(rows.length * this.truthRows.length);
    let at = 0;
    for (const row of rows) {
      for (const truthRow of this.truthRows) this.#overlaps[at++] = overlapOf(detections, row, truths, truthRow);
    }
  }

  /**
   * The truth that a detection overlaps most; of equal ones the first.
   *
   * @param own   of its class, or of another
   * @param used  [truths] only truths that are used, or only those that are not; default all
   * @returns place −1: it overlaps none
   */
  nearest(i: number, own: boolean, used?: { truths: Uint8Array; wanted: 0 | 1 }): { place: number; overlap: number } {
    const classId = this.#detections.classIds[this.rows[i]!]!;
    const n = this.truthRows.length;
    const best = { place: -1, overlap: 0 };
    for (let place = 0; place < n; place++) {
      const overlap = this.#overlaps[i * n + place]!;
      if (overlap <= best.overlap || (this.#truths.classIds[this.truthRows[place]!] === classId) !== own) continue;
      if (used !== undefined && used.truths[place] !== used.wanted) continue;
      best.place = place;
      best.overlap = overlap;
    }
    return best;
  }

  /** Whether a detection lies in a crowd, or on a difficult truth, of its class. */
  excused(i: number, iouThreshold: number): boolean {
    const row = this.rows[i]!;
    return this.#passedRows.some(
      (passed) =>
        this.#truths.classIds[passed] === this.#detections.classIds[row] &&
        overlapOf(this.#detections, row, this.#truths, passed) > iouThreshold,
    );
  }

  classOf(row: number): number {
    return this.#detections.classIds[row]!;
  }

  classOfTruth(row: number): number {
    return this.#truths.classIds[row]!;
  }
}

function diagnoseImage(pairs: ImagePairs, diagnosis: Diagnosis, iouThreshold: number): void {
  const { errors, rows, found, truths, unfound } = diagnosis;
  const used = new Uint8Array(pairs.truthRows.length);
  for (const [i, row] of pairs.rows.entries()) {
    const { place, overlap } = pairs.nearest(i, true, { truths: used, wanted: 0 });
    if (place < 0 || overlap < iouThreshold) continue;
    used[place] = 1;
    found[row] = 1;
  }
  const hoped = new Set<number>();
  for (const [i, row] of pairs.rows.entries()) {
    const weighs = found[row] === 1 || !pairs.excused(i, iouThreshold);
    if (weighs) rows.push(row);
    if (found[row] === 1) continue;
    const { kind, meant: place } = kindOf(pairs, i, used, iouThreshold);
    const meant = place < 0 ? -1 : pairs.truthRows[place]!;
    if (meant >= 0) hoped.add(meant);
    errors.push({ kind, row, classId: pairs.classOf(row), weighs, meant });
  }
  for (const [place, row] of pairs.truthRows.entries()) {
    const classId = pairs.classOfTruth(row);
    truths[classId]!++;
    if (used[place] === 1) continue;
    unfound[classId]!++;
    if (!hoped.has(row)) errors.push({ kind: 'missed', row, classId, weighs: true, meant: row });
  }
}

/** @returns the kind, and the place of the truth that was meant, if it is free */
function kindOf(
  pairs: ImagePairs,
  i: number,
  used: Uint8Array,
  iouThreshold: number,
): Pick<FoundError, 'kind' | 'meant'> {
  const free = ({ place }: { place: number }) => (used[place] === 1 ? -1 : place);
  const own = pairs.nearest(i, true);
  if (own.overlap >= BACKGROUND && own.overlap <= iouThreshold) return { kind: 'localisation', meant: free(own) };
  const other = pairs.nearest(i, false);
  if (other.overlap >= iouThreshold) return { kind: 'class', meant: free(other) };
  const taken = pairs.nearest(i, true, { truths: used, wanted: 1 });
  if (taken.overlap >= iouThreshold) return { kind: 'duplicate', meant: -1 };
  return { kind: Math.max(own.overlap, other.overlap) <= BACKGROUND ? 'background' : 'both', meant: -1 };
}
