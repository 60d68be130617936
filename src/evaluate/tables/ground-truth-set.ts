import type { CocoId, LabelFrequency, VerifiedLabels } from '../../types/annotations.js';
import type { GroundTruthTable, TableSize } from '../matching/tables.js';

/** Ground truth as tables. Images and classes are numbered in the order of their ids. */
export interface GroundTruthSet {
  table: GroundTruthTable;
  size: TableSize;
  /** [classes] */
  labels: string[];
  /** [classes]; null: the file does not number them */
  categoryIds: CocoId[] | null;
  /** [images] */
  images: GroundTruthImage[];
  /** Null: every image is annotated for all classes. */
  federated: Federated | null;
  /** One line each, for people. */
  warnings: string[];
}

export interface GroundTruthImage {
  name: string | null;
  id: CocoId | null;
  /** Pixels; 0: unknown */
  width: number;
  height: number;
  /** Labels that were looked for in the image, where the ground truth says it. */
  verified?: VerifiedLabels;
}

/** Federated ground truth, as in LVIS: a class is evaluated only in images where it is annotated or listed as absent. */
export interface Federated {
  /** [images] classes that annotators looked for and did not find */
  absent: ReadonlySet<number>[];
  /** [images] classes of which not every instance is annotated */
  incomplete: ReadonlySet<number>[];
  /** [classes]; null: unknown */
  frequencies: (LabelFrequency | null)[];
}

/** A table with room for n ground truths. */
export function emptyGroundTruths(n: number): GroundTruthTable {
  return {
    images: new Uint32Array(n),
    classIds: new Uint32Array(n),
    boxes: new Float64Array(4 * n),
    boxAreas: new Float64Array(n),
    areas: new Float64Array(n),
    crowds: new Uint8Array(n),
    difficult: new Uint8Array(n),
    zeroIds: new Uint8Array(n),
  };
}

/** Warnings about boxes that are hardly intended, with counts. */
export function implausibleBoxes(
  { images, boxes }: GroundTruthTable,
  { images: sizes }: Pick<GroundTruthSet, 'images'>,
): string[] {
  let [outside, empty] = [0, 0];
  for (let i = 0; i < images.length; i++) {
    const [x1, y1, x2, y2] = boxes.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number];
    const { width, height } = sizes[images[i]!]!;
    if (!(x2 > x1 && y2 > y1)) empty++;
    // a pixel of tolerance: annotation tools round
    else if (width > 0 && height > 0 && (x1 < -1 || y1 < -1 || x2 > width + 1 || y2 > height + 1)) outside++;
  }
  return [
    ...remark(outside, 'ground truth box reaches', 'ground truth boxes reach', 'outside the image'),
    ...remark(empty, 'ground truth box is', 'ground truth boxes are', 'empty: nothing can match a box without area'),
  ];
}

/** `3 boxes are …`; an empty list when the count is 0. */
export function remark(count: number, one: string, many: string, what: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many} ${what}`];
}
