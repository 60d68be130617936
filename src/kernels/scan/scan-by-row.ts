import { homeOf, type KernelMemory, kernelMemory } from '../memory.js';
import { FactoredRows } from './factored-rows.js';
import type { Gates } from './gates.js';
import { HitList } from './hit-list.js';
import { nthHighest } from './nth-highest.js';
import type { Hits, ScoreMatrix } from './scan.js';
import { placeOfFloor, raisedTo, type Scanner } from './scan-best.js';

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
  scan: (matrix, gates, most) =>
    matrix.objectness === undefined ? scanAllRows(matrix, gates, { most }) : scanFactoredRows(matrix, gates),
  floorOf,
  scanFrom: (matrix, gates, floor, counts) => scanAllRows(matrix, gates, { floor, counts })!,
};

interface Limits {
  /** Hits after which it is given up. */
  most?: number;
  floor?: number;
  counts?: boolean;
}

/** @returns null: given up */
function scanAllRows(
  matrix: ScoreMatrix,
  gates: Gates,
  { most = Number.POSITIVE_INFINITY, floor = Number.NEGATIVE_INFINITY, counts = false }: Limits,
): Hits | null {
  const { rows } = matrix;
  const { memory, piece, width, atOnce, isHeld } = rowsOf(matrix);
  const find = finder(memory, gates, { rowBytes: 4 * width, classes: matrix.classes, floor, counts });
  const hits = new HitList(memory, { most, atOnce: matrix.classes, of: rows });
  memory.reached = 0;
  for (let first = 0; first < rows; first += atOnce) {
    const count = Math.min(atOnce, rows - first);
    if (!isHeld) copyRows(matrix, first, memory.f32(piece, (count - 1) * width + matrix.classes));
    const scan = (from: number, end: number) => {
      const values = piece + 4 * from * width;
      return find({ values, together: true, names: 0, firstRow: first + from, count: count - from, factors: 0 }, end);
    };
    if (!hits.collect(count, scan)) return null;
  }
  const total = memory.reached;
  const found = hits.inOrder(gates.activates);
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
function floorOf(matrix: ScoreMatrix, gates: Gates, enough: number): number | null {
  const place = placeOfFloor(enough, SHARE);
  const { memory, piece, width, isHeld } = rowsOf(matrix);
  if (!isHeld) return nthHighest(sampleOf(matrix, gates), place);
  const rowBytes = 4 * width * SHARE;
  const find = finder(memory, gates, { rowBytes, classes: matrix.classes });
  const hits = new HitList(memory);
  const count = Math.ceil(matrix.rows / SHARE);
  hits.collect(count, (from, end) => {
    const values = piece + from * rowBytes;
    return find({ values, together: true, names: 0, firstRow: from, count: count - from, factors: 0 }, end);
  });
  return hits.nthHighest(place);
}

/** The hits of those rows, of a matrix that would be copied whole for it. */
function sampleOf({ data, rows, start, rowStep, classStep }: ScoreMatrix, gates: Gates): Float32Array {
  const sample: number[] = [];
  for (let row = 0; row < rows; row += SHARE) {
    for (const column of gates.columns) {
      const value = data[start + row * rowStep + column * classStep]!;
      if (value >= gates.thresholds[column]!) sample.push(value);
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
function scanFactoredRows(matrix: ScoreMatrix, gates: Gates): Hits {
  const rows = new FactoredRows(matrix, gates.lowest, false);
  const { memory, together, rowBytes } = rows;
  const find = finder(memory, gates, { rowBytes, classes: matrix.classes });
  const hits = new HitList(memory);
  rows.eachBlock((laid) => {
    hits.collect(laid, (from, end) => {
      const values = rows.values + (together ? from * rowBytes : 0);
      const [names, factors] = [rows.names + 4 * from, rows.factors + 4 * from];
      return find({ values, together, names, firstRow: 0, count: laid - from, factors }, end);
    });
  });
  return hits.inOrder(gates.activates);
}

/** Rows in the kernels' memory, as kernels take them. 0: nowhere */
interface LaidRows {
  values: number;
  together: boolean;
  names: number;
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
  { single, padded }: Gates,
  { rowBytes, classes, floor = Number.NEGATIVE_INFINITY, counts = false }: Finding,
): (rows: LaidRows, end: number) => number {
  const open = memory.put(padded.open);
  const thresholds = memory.put(raisedTo(floor, padded.thresholds));
  const lower = counts ? memory.put(padded.thresholds) : 0;
  const { scanRows, bestOfRows } = memory.kernels;
  return ({ values, together, names, firstRow, count, factors }, end) => {
    const joined = Number(together);
    return single
      ? bestOfRows(values, joined, names, firstRow, count, rowBytes, open, thresholds, classes, factors, end)
      : scanRows(values, joined, names, firstRow, count, rowBytes, thresholds, lower, classes, factors, end);
  };
}
