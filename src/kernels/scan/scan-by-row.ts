import type { ScanThresholds } from '../../types/plan.js';
import { homeOf, type KernelMemory, kernelMemory } from '../memory.js';
import { FactoredRows } from './factored-rows.js';
import { HitList } from './hit-list.js';
import { nthHighest } from './nth-highest.js';
import { rankOfFloor, type Scanner } from './scan-best.js';
import { putByColumn, raisedTo } from './scan-thresholds.js';
import type { Hits, ScoreMatrix } from './score-matrix.js';

/** Numbers copied at a time, as by column. */
const PIECE = 131072;

/** Of which rows one is looked at to learn how high the scores are: no step of the grids that rows are cells of. */
const SHARE = 31;

/**
 * Scans a matrix row by row; fast where rows are contiguous (classStep 1), right for any steps. It leaves out lower hits with
 * several labels, without objectness.
 */
export const byRow: Scanner = {
  raises: ({ objectness }, { single }) => objectness === undefined && !single,
  scan: (matrix, thresholds, budget) =>
    matrix.objectness === undefined
      ? scanAllRows(matrix, thresholds, { budget })
      : scanFactoredRows(matrix, thresholds),
  floorOf,
  scanFrom: (matrix, thresholds, floor, counts) => scanAllRows(matrix, thresholds, { floor, counts })!,
};

interface Limits {
  /** With far more hits it is given up. */
  budget?: number;
  floor?: number;
  counts?: boolean;
}

/** @returns null: given up */
function scanAllRows(
  matrix: ScoreMatrix,
  thresholds: ScanThresholds,
  { budget = Number.POSITIVE_INFINITY, floor = Number.NEGATIVE_INFINITY, counts = false }: Limits,
): Hits | null {
  const { rows } = matrix;
  const { memory, piece, width, atOnce, isHeld } = rowsOf(matrix);
  const find = finder(memory, thresholds, { rowBytes: 4 * width, classes: matrix.classes, floor, counts });
  const hits = new HitList(memory, { budget, atOnce: matrix.classes, of: rows });
  memory.reached = 0;
  for (let first = 0; first < rows; first += atOnce) {
    const count = Math.min(atOnce, rows - first);
    if (!isHeld) copyRows(matrix, first, memory.f32(piece, (count - 1) * width + matrix.classes));
    const scan = (from: number, end: number) => {
      const values = piece + 4 * from * width;
      return find({ values, together: true, rowIds: 0, firstRow: first + from, count: count - from, factors: 0 }, end);
    };
    if (!hits.collect(count, scan)) return null;
  }
  const total = memory.reached;
  const found = hits.inOrder(thresholds.activates);
  return counts ? Object.assign(found, { total }) : found;
}

/** The memory in which a matrix can be scanned, and where it lies there, `atOnce` rows at a time. */
function rowsOf({ data, rows, start, rowStep, classes, classStep }: ScoreMatrix) {
  const home = classStep === 1 ? homeOf(data) : null;
  const memory = home?.memory ?? kernelMemory();
  memory.clear();
  const width = classStep === 1 ? rowStep : classes;
  const atOnce = home === null ? Math.max(1, Math.floor(PIECE / width)) : rows;
  const piece = home === null ? memory.reserve(4 * (atOnce * width + classes)) : home.start + 4 * start;
  return { memory, piece, width, atOnce, isHeld: home !== null };
}

/** By the hits of one row in SHARE. */
function floorOf(matrix: ScoreMatrix, thresholds: ScanThresholds, budget: number): number | null {
  const rank = rankOfFloor(budget, SHARE);
  const { memory, piece, width, isHeld } = rowsOf(matrix);
  if (!isHeld) return nthHighest(sampleOf(matrix, thresholds), rank);
  const rowBytes = 4 * width * SHARE;
  const find = finder(memory, thresholds, { rowBytes, classes: matrix.classes });
  const hits = new HitList(memory);
  const count = Math.ceil(matrix.rows / SHARE);
  hits.collect(count, (from, end) => {
    const values = piece + from * rowBytes;
    return find({ values, together: true, rowIds: 0, firstRow: from, count: count - from, factors: 0 }, end);
  });
  return hits.nthHighest(rank);
}

/** The hits of those rows, of a matrix that would be copied whole for it. */
function sampleOf({ data, rows, start, rowStep, classStep }: ScoreMatrix, thresholds: ScanThresholds) {
  const sample: number[] = [];
  for (let row = 0; row < rows; row += SHARE) {
    for (const column of thresholds.columns) {
      const value = data[start + row * rowStep + column * classStep]!;
      if (value >= thresholds.values[column]!) sample.push(value);
    }
  }
  return Float32Array.from(sample);
}

/** Rows from one on: as they lie, where their numbers are neighbours; else each as numbers that are. */
function copyRows({ data, start, rowStep, classes, classStep }: ScoreMatrix, first: number, piece: Float32Array): void {
  const from = start + first * rowStep;
  if (classStep === 1) {
    piece.set(data.subarray(from, from + piece.length));
    return;
  }
  for (let to = 0, row = from; to < piece.length; row += rowStep) {
    for (let c = 0, at = row; c < classes; c++, at += classStep) piece[to++] = data[at]!;
  }
}

/** Only rows whose objectness reaches the lowest threshold, as no score is above 1. */
function scanFactoredRows(matrix: ScoreMatrix, thresholds: ScanThresholds): Hits {
  const rows = new FactoredRows(matrix, thresholds.lowest, false);
  const { memory, together, rowBytes } = rows;
  const find = finder(memory, thresholds, { rowBytes, classes: matrix.classes });
  const hits = new HitList(memory);
  rows.eachBlock((laid) => {
    hits.collect(laid, (from, end) => {
      const values = rows.values + (together ? from * rowBytes : 0);
      const [rowIds, factors] = [rows.rowIds + 4 * from, rows.factors + 4 * from];
      return find({ values, together, rowIds, firstRow: 0, count: laid - from, factors }, end);
    });
  });
  return hits.inOrder(thresholds.activates);
}

/** Rows in the kernels' memory, as kernels take them. 0: nowhere */
interface LaidRows {
  values: number;
  together: boolean;
  rowIds: number;
  firstRow: number;
  count: number;
  factors: number;
}

interface Finding extends Pick<Limits, 'floor' | 'counts'> {
  rowBytes: number;
  classes: number;
}

/** A function that puts the hits of rows into room up to `end`, and says how many rows it did. */
function finder(
  memory: KernelMemory,
  read: ScanThresholds,
  { rowBytes, classes, floor = Number.NEGATIVE_INFINITY, counts = false }: Finding,
): (rows: LaidRows, end: number) => number {
  const open = read.single ? putByColumn(memory, read, read.lowest) : 0;
  const thresholds = memory.put(raisedTo(floor, read.values));
  const lower = counts ? memory.put(read.values) : 0;
  const { scanRows, bestOfRows } = memory.kernels;
  return ({ values, together, rowIds, firstRow, count, factors }, end) => {
    const joined = Number(together);
    return read.single
      ? bestOfRows(values, joined, rowIds, firstRow, count, rowBytes, open, thresholds, classes, factors, end)
      : scanRows(values, joined, rowIds, firstRow, count, rowBytes, thresholds, lower, classes, factors, end);
  };
}
