import { gatesOf } from './gates.js';
import { scanBest } from './scan-best.js';
import { byColumn } from './scan-by-column.js';
import { byRow } from './scan-by-row.js';

/** Places in a score matrix that reach their threshold; field arrays of equal length, by row, then by class. */
export interface Hits {
  rows: Uint32Array;
  classIds: Uint16Array;
  /** The values found there: as they stand in the matrix, times objectness where there is one. */
  values: Float32Array;
  /** Where lower ones are left out: every hit of at least this is there. */
  floor?: number;
  /** Where some are left out, and there may be more than `countAbove`: how many there are in all. */
  total?: number;
}

/** Where the scores of `rows` boxes and `classes` classes lie in an array: row r, class c at start + r·rowStep + c·classStep. */
export interface ScoreMatrix {
  data: Float32Array;
  rows: number;
  classes: number;
  start: number;
  rowStep: number;
  classStep: number;
  /** One number per row, at start + r·rowStep, that every score of the row is multiplied by. Both in [0, 1]. */
  objectness?: { start: number };
}

/** Arrays in it are not changed once they have been used. */
export interface ScanOptions {
  /** [classes] a value v is a hit when v ≥ threshold; NaN: never. In the same space as the values (logits: logits). */
  thresholds: Float64Array;
  /** Ascending columns that take part. With `single`, the ones that compete for a row. */
  columns: Uint16Array;
  /** At most one hit per row: the row's highest value (ties: lower column), if that one reaches its threshold. */
  single: boolean;
  /**
   * The highest so many hits will probably do: where there are many more, lower ones may be left out. Default Infinity: all
   * are wanted
   */
  enough?: number;
  /** Where lower ones are left out, all are counted unless there can't be more than so many. Default 0 */
  countAbove?: number;
  /** Whether the matrix holds logits, and hits are to have their sigmoids. Default false */
  activates?: boolean;
}

/**
 * Finds the values of a score matrix that reach their class's threshold. NaN is never a hit.
 *
 * @param matrix  not changed; lengths are the caller's business
 * @returns hits by row, then by column. Products with objectness are float32.
 *
 * Runs in WebAssembly with SIMD. A matrix in kernel memory is read where it is; another is copied a piece at a time, into
 * memory that is near. The obvious twin: test/reference/scan.ts.
 */
export function scan(matrix: ScoreMatrix, options: ScanOptions): Hits {
  const gates = gatesOf(options);
  if (gates.columns.length === 0 || Number.isNaN(gates.lowest)) return noHits();
  // The column kernel keeps values above a start, and none is above what lies below −∞.
  const isByColumn = matrix.rowStep === 1 && !(options.single && gates.lowest === Number.NEGATIVE_INFINITY);
  return scanBest(isByColumn ? byColumn : byRow, matrix, gates, options);
}

/** A row-major matrix of nothing but scores. */
export function rowMajor(data: Float32Array, classes: number): ScoreMatrix {
  return { data, rows: data.length / classes, classes, start: 0, rowStep: classes, classStep: 1 };
}

/** A scan that finds nothing. */
export function noHits(): Hits {
  return { rows: new Uint32Array(0), classIds: new Uint16Array(0), values: new Float32Array(0) };
}
