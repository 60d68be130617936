import { FactoredRows } from './factored-rows.js';
import type { Gates } from './gates.js';
import { HitList } from './hit-list.js';
import { homeOf, type KernelMemory, kernelMemory } from './memory.js';
import type { Hits, ScoreMatrix } from './scan.js';

/** Numbers copied at a time, as by column. */
const PIECE = 131072;

/** Scans a matrix row by row; fast where rows are contiguous (classStep 1), right for any steps. */
export function scanByRow(matrix: ScoreMatrix, gates: Gates): Hits {
  return matrix.objectness === undefined ? scanAllRows(matrix, gates) : scanFactoredRows(matrix, gates);
}

function scanAllRows(matrix: ScoreMatrix, gates: Gates): Hits {
  const { data, rows, start, rowStep, classes, classStep } = matrix;
  const home = classStep === 1 ? homeOf(data) : null;
  const memory = home?.memory ?? kernelMemory();
  memory.clear();
  const width = classStep === 1 ? rowStep : classes;
  const most = home === null ? Math.max(1, Math.floor(PIECE / width)) : rows;
  const piece = home === null ? memory.reserve(4 * (most * width + classes)) : home.start + 4 * start;
  const find = finder(memory, gates, { rowBytes: 4 * width, classes });
  const hits = new HitList(memory);
  for (let first = 0; first < rows; first += most) {
    const count = Math.min(most, rows - first);
    if (home === null) copyRows(matrix, first, memory.f32(piece, (count - 1) * width + classes));
    hits.collect(count, (from, end) => {
      const values = piece + 4 * from * width;
      return find({ values, together: true, names: 0, firstRow: first + from, count: count - from, factors: 0 }, end);
    });
  }
  return hits.inOrder(gates.activates);
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

/** A function that puts the hits of rows into room up to `end`, and says how many rows it did. */
function finder(
  memory: KernelMemory,
  { single, padded }: Gates,
  { rowBytes, classes }: { rowBytes: number; classes: number },
): (rows: LaidRows, end: number) => number {
  const open = memory.put(padded.open);
  const thresholds = memory.put(padded.thresholds);
  const { scanRows, bestOfRows } = memory.kernels;
  return ({ values, together, names, firstRow, count, factors }, end) => {
    const joined = Number(together);
    return single
      ? bestOfRows(values, joined, names, firstRow, count, rowBytes, open, thresholds, classes, factors, end)
      : scanRows(values, joined, names, firstRow, count, rowBytes, thresholds, classes, factors, end);
  };
}
