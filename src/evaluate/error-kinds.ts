import { gather, orderBy, orderByScore, rowNumbers } from './orders.js';
import { overlapOf } from './overlap.js';
import type { DetectionTable, TableSize, TruthTable } from './tables.js';

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

/** Detections and truths of one image, and how they overlap. Places of truths are from 0, those that don't count left out. */
class ImagePairs {
  readonly rows: Uint32Array;
  readonly truthRows: number[];
  readonly passedRows: number[];
  readonly truths: TruthTable;
  readonly detections: DetectionTable;

  constructor(truths: TruthTable, truthRows: Uint32Array, detections: DetectionTable, rows: Uint32Array) {
    this.truths = truths;
    this.detections = detections;
    this.rows = rows;
    const passes = (row: number) => truths.crowds[row] === 1 || truths.difficult[row] === 1;
    this.truthRows = [...truthRows].filter((row) => !passes(row));
    this.passedRows = [...truthRows].filter(passes);
  }

  overlap(row: number, truthRow: number): number {
    return overlapOf(this.detections, row, this.truths, truthRow);
  }

  sameClass(row: number, truthRow: number): boolean {
    return this.detections.classIds[row] === this.truths.classIds[truthRow];
  }

  /** The truth of some that a detection overlaps most; of equal ones the first. @returns row −1: it overlaps none */
  nearest(row: number, which: (truthRow: number) => boolean): { truthRow: number; overlap: number } {
    const best = { truthRow: -1, overlap: 0 };
    for (const truthRow of this.truthRows) {
      if (!which(truthRow)) continue;
      const overlap = this.overlap(row, truthRow);
      if (overlap > best.overlap) [best.truthRow, best.overlap] = [truthRow, overlap];
    }
    return best;
  }

  /** Whether a detection lies in a crowd, or on a difficult truth, of its class. */
  excused(row: number, iouThreshold: number): boolean {
    return this.passedRows.some((passed) => this.sameClass(row, passed) && this.overlap(row, passed) > iouThreshold);
  }
}

function diagnoseImage(pairs: ImagePairs, diagnosis: Diagnosis, iouThreshold: number): void {
  const { errors, rows, found, truths, unfound } = diagnosis;
  const used = new Set<number>();
  for (const row of pairs.rows) {
    const own = pairs.nearest(row, (truthRow) => pairs.sameClass(row, truthRow) && !used.has(truthRow));
    if (own.truthRow < 0 || own.overlap < iouThreshold) continue;
    used.add(own.truthRow);
    found[row] = 1;
  }
  const hoped = new Set<number>();
  for (const row of pairs.rows) {
    const weighs = found[row] === 1 || !pairs.excused(row, iouThreshold);
    if (weighs) rows.push(row);
    if (found[row] === 1) continue;
    const { kind, meant } = kindOf(pairs, row, used, iouThreshold);
    if (meant >= 0) hoped.add(meant);
    errors.push({ kind, row, classId: pairs.detections.classIds[row]!, weighs, meant });
  }
  for (const row of pairs.truthRows) {
    const classId = pairs.truths.classIds[row]!;
    truths[classId]!++;
    if (used.has(row)) continue;
    unfound[classId]!++;
    if (!hoped.has(row)) errors.push({ kind: 'missed', row, classId, weighs: true, meant: row });
  }
}

function kindOf(
  pairs: ImagePairs,
  row: number,
  used: ReadonlySet<number>,
  iouThreshold: number,
): Pick<FoundError, 'kind' | 'meant'> {
  const free = ({ truthRow }: { truthRow: number }) => (used.has(truthRow) ? -1 : truthRow);
  const own = pairs.nearest(row, (truthRow) => pairs.sameClass(row, truthRow));
  if (own.overlap >= BACKGROUND && own.overlap <= iouThreshold) return { kind: 'localisation', meant: free(own) };
  const other = pairs.nearest(row, (truthRow) => !pairs.sameClass(row, truthRow));
  if (other.overlap >= iouThreshold) return { kind: 'class', meant: free(other) };
  const taken = pairs.nearest(row, (truthRow) => pairs.sameClass(row, truthRow) && used.has(truthRow));
  if (taken.overlap >= iouThreshold) return { kind: 'duplicate', meant: -1 };
  const any = Math.max(own.overlap, other.overlap);
  return { kind: any <= BACKGROUND ? 'background' : 'both', meant: -1 };
}
