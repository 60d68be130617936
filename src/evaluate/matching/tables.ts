import { orderBy, rowNumbers } from './orders.js';

/**
 * Boxes of many images as columns. Images are numbered in the order of their ids, classes in the order of theirs; rows
 * of one image and class stand in the order of the file, which decides between equal scores and equal overlaps.
 */
export interface BoxTable {
  /** [n] number of the image */
  images: Uint32Array;
  /** [n] */
  classIds: Uint32Array;
  /** [n, 4] xyxy, pixels of the upright image */
  boxes: Float64Array;
  /** [n] width · height, pixels² */
  boxAreas: Float64Array;
}

export interface GroundTruthTable extends BoxTable {
  /** [n] pixels² of the thing itself, by which it is small, medium or large */
  areas: Float64Array;
  /** [n] 1: many things in one box, which any number of detections may match */
  crowds: Uint8Array;
  /** [n] 1: neither found nor missed (VOC's difficult); one detection may match it, and is then not counted either */
  difficult: Uint8Array;
  /** [n] 1: taken by what matches it, which counts as unmatched none the less (an annotation id of 0, in pycocotools) */
  zeroIds: Uint8Array;
}

export interface DetectionTable extends BoxTable {
  /** [n] NaN not allowed */
  scores: Float64Array;
  /** [n] 1: not counted where it finds no ground truth, for not every thing of its class is marked in its image */
  ignoreUnmatched: Uint8Array;
}

/** How many images and classes there are, with boxes or without. */
export interface TableSize {
  images: number;
  classes: number;
}

type Column = Uint8Array | Uint32Array | Float64Array;

/** A table's first n rows, in the same memory. */
export function firstRows<Table extends BoxTable>(table: Table, n: number): Table {
  return eachColumn(table, (column, width) => column.subarray(0, n * width));
}

/** Copies of some of a table's rows. */
export function someRows<Table extends BoxTable>(table: Table, rows: Uint32Array): Table {
  return eachColumn(table, (column, width) => {
    const copy = new (column.constructor as new (length: number) => Column)(rows.length * width);
    for (let i = 0; i < rows.length; i++) {
      for (let k = 0; k < width; k++) copy[i * width + k] = column[rows[i]! * width + k]!;
    }
    return copy;
  });
}

/** All in one class; rows of an image stand class after class, as pycocotools has them with useCats = 0. */
export function asOneClass<Table extends BoxTable>(table: Table): Table {
  const merged = someRows(table, orderBy(rowNumbers(table.classIds.length), table.classIds));
  merged.classIds.fill(0);
  return merged;
}

function eachColumn<Table extends BoxTable>(table: Table, change: (column: Column, width: number) => Column): Table {
  const columns = Object.entries(table) as [string, Column][];
  return Object.fromEntries(columns.map(([name, column]) => [name, change(column, name === 'boxes' ? 4 : 1)])) as never;
}
