import type { Budget } from '../../types/plan.js';

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

/** Places in a score matrix that reach their threshold; field arrays of equal length, by row, then by class. */
export interface Hits {
  rows: Uint32Array;
  classIds: Uint16Array;
  /** The values found there: as they stand in the matrix, times objectness where there is one. */
  values: Float32Array;
  /** Set where lower ones are missing: every hit of at least this is there. */
  floor?: number;
  /** Set where some are missing, and there may be more than were to be counted: how many there are in all. */
  total?: number;
}

/** All hits are wanted. */
export const EVERYTHING: Budget = { max: Number.POSITIVE_INFINITY, countAbove: 0 };

/** A row-major matrix of nothing but scores. */
export function rowMajor(data: Float32Array, classes: number): ScoreMatrix {
  return { data, rows: data.length / classes, classes, start: 0, rowStep: classes, classStep: 1 };
}

/** A scan that finds nothing. */
export function noHits(): Hits {
  return { rows: new Uint32Array(0), classIds: new Uint16Array(0), values: new Float32Array(0) };
}
