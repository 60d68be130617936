import type { LabelFrequency } from '../../types/annotations.js';
import type { CocoId } from '../given.js';
import type { TableSize, TruthTable } from '../matching/tables.js';

/** Truth, ready to be held against detections. Images and classes are numbered in the order of their ids. */
export interface TruthSet {
  table: TruthTable;
  size: TableSize;
  /** [classes] */
  labels: string[];
  /** [classes]; null: the file does not number them */
  categoryIds: CocoId[] | null;
  /** [images] */
  images: TruthImage[];
  /** Null: everything is marked in every image. */
  federated: Federated | null;
  /** One line each, for people. */
  warnings: string[];
}

export interface TruthImage {
  name: string | null;
  id: CocoId | null;
  /** Pixels; 0: not known */
  width: number;
  height: number;
}

/** What is marked where, as LVIS has it: a class is judged only in images where it is marked, or said to be absent. */
export interface Federated {
  /** [images] classes that were looked for and are not there */
  absent: ReadonlySet<number>[];
  /** [images] classes of which not every thing is marked */
  incomplete: ReadonlySet<number>[];
  /** [classes]; null: not known */
  frequencies: (LabelFrequency | null)[];
}

/** Room for so many truths. */
export function emptyTruths(n: number): TruthTable {
  return {
    images: new Uint32Array(n),
    classIds: new Uint32Array(n),
    boxes: new Float64Array(4 * n),
    boxAreas: new Float64Array(n),
    areas: new Float64Array(n),
    crowds: new Uint8Array(n),
    difficult: new Uint8Array(n),
    unnumbered: new Uint8Array(n),
  };
}

/** Counted remarks on boxes that can hardly be meant. */
export function doubtfulBoxes({ images, boxes }: TruthTable, { images: sizes }: Pick<TruthSet, 'images'>): string[] {
  let [outside, empty] = [0, 0];
  for (let i = 0; i < images.length; i++) {
    const [x1, y1, x2, y2] = boxes.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number];
    const { width, height } = sizes[images[i]!]!;
    if (!(x2 > x1 && y2 > y1)) empty++;
    // a pixel's leave: annotation tools round
    else if (width > 0 && height > 0 && (x1 < -1 || y1 < -1 || x2 > width + 1 || y2 > height + 1)) outside++;
  }
  return [
    ...remark(outside, 'box of the truth reaches', 'boxes of the truth reach', 'outside the image'),
    ...remark(empty, 'box of the truth is', 'boxes of the truth are', 'empty: nothing can find what has no area'),
  ];
}

/** `3 boxes are …`, or nothing for none. */
export function remark(count: number, one: string, many: string, what: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many} ${what}`];
}
