import type { Gates } from './gates.js';
import { HitList } from './hit-list.js';
import { type KernelMemory, kernelMemory } from './memory.js';
import type { Hits, ScoreMatrix } from './scan.js';

/** Numbers copied at a time, as by column. */
const PIECE = 131072;
/** The kernels read so many columns at once. */
const STRIDE = 16;

/** Scans a matrix row by row; fast where rows are contiguous (classStep 1), right for any steps. */
export function scanByRow(matrix: ScoreMatrix, gates: Gates): Hits {
  const { data, rows, start, rowStep, classes, classStep, objectness } = matrix;
  if (objectness !== undefined) {
    const taken = rowsFrom(matrix, gates.lowest); // as no score is above 1
    const factors = Float32Array.from(taken, (row) => data[objectness.start + row * rowStep]!);
    return scanSomeRows(matrix, gates, { rows: taken, factors });
  }
  if (classStep !== 1 || rowStep < classes) {
    return scanSomeRows(matrix, gates, { rows: Uint32Array.from({ length: rows }, (_, row) => row) });
  }
  const most = Math.max(1, Math.floor(PIECE / rowStep));
  const memory = kernelMemory();
  const room = roomFor(memory, gates, { width: rowStep, most });
  const hits = new HitList(memory);
  for (let first = 0; first < rows; first += most) {
    const count = Math.min(most, rows - first);
    const numbers = data.subarray(start + first * rowStep, start + (first + count) * rowStep);
    memory.f32(room.piece, numbers.length).set(numbers);
    scanPiece(memory, room, { gates, classes, first, count }, hits);
  }
  return hits.inOrder();
}

/** Rows of a matrix, with what holds for each of them. */
export interface SomeRows {
  /** Ascending row numbers. */
  rows: Uint32Array;
  /** Every value of the row is multiplied by it. */
  factors?: Float32Array;
  /** A value of the row must reach it as well, after multiplication. Not with `single`. */
  floors?: Float32Array;
}

/** Scans some rows of a matrix with any steps; its objectness does not count. */
export function scanSomeRows(matrix: ScoreMatrix, gates: Gates, { rows, factors, floors }: SomeRows): Hits {
  const { classes } = matrix;
  const most = Math.max(1, Math.floor(PIECE / classes));
  const memory = kernelMemory();
  const room = roomFor(memory, gates, { width: classes, most });
  if (factors !== undefined) room.factors = memory.reserve(4 * most);
  if (floors !== undefined) room.floors = memory.reserve(4 * most);
  const hits = new HitList(memory);
  for (let first = 0; first < rows.length; first += most) {
    const some = rows.subarray(first, first + most);
    gather(memory.f32(room.piece, some.length * classes), matrix, some);
    if (factors !== undefined) memory.f32(room.factors, some.length).set(factors.subarray(first, first + most));
    if (floors !== undefined) memory.f32(room.floors, some.length).set(floors.subarray(first, first + most));
    scanPiece(memory, room, { gates, classes, first, count: some.length }, hits);
  }
  const { rows: places, ...found } = hits.inOrder();
  return { rows: places.map((place) => rows[place]!), ...found };
}

/** The rows whose objectness is not below a number. */
export function rowsFrom({ data, rows, rowStep, objectness }: ScoreMatrix, lowest: number): Uint32Array {
  const taken = new Uint32Array(rows);
  let count = 0;
  for (let row = 0, at = objectness!.start; row < rows; row++, at += rowStep) {
    if (data[at]! >= lowest) taken[count++] = row;
  }
  return taken.slice(0, count);
}

/** Where things lie in the kernels' memory; rows are `width` numbers apart. 0: nowhere */
interface Room {
  piece: number;
  width: number;
  factors: number;
  floors: number;
  gates: number;
  thresholds: number;
}

function roomFor(memory: KernelMemory, gates: Gates, { width, most }: { width: number; most: number }): Room {
  const padded = Math.ceil(gates.thresholds.length / STRIDE) * STRIDE;
  const open = new Float32Array(padded).fill(Number.NaN); // for `single`: who competes
  const thresholds = new Float32Array(padded).fill(Number.NaN);
  for (const column of gates.columns) {
    open[column] = gates.lowest;
    thresholds[column] = gates.thresholds[column]!;
  }
  const piece = memory.reserve(4 * most * width);
  return { piece, width, factors: 0, floors: 0, gates: memory.put(open), thresholds: memory.put(thresholds) };
}

function gather(
  piece: Float32Array,
  { data, start, rowStep, classes, classStep }: ScoreMatrix,
  rows: Uint32Array,
): void {
  for (let i = 0, to = 0; i < rows.length; i++) {
    for (let c = 0, at = start + rows[i]! * rowStep; c < classes; c++, at += classStep) piece[to++] = data[at]!;
  }
}

interface Block {
  gates: Gates;
  classes: number;
  first: number;
  count: number;
}

function scanPiece(memory: KernelMemory, room: Room, { gates, classes, first, count }: Block, hits: HitList): void {
  const { piece, width, thresholds, factors, floors } = room;
  const { kernels } = memory;
  hits.expect(count * (gates.single ? 1 : classes));
  hits.end = gates.single
    ? kernels.bestOfRows(piece, count, 4 * width, room.gates, thresholds, classes, factors, first, hits.end) >>> 0
    : kernels.scanRows(piece, count, 4 * width, thresholds, classes, factors, floors, first, hits.end) >>> 0;
}
