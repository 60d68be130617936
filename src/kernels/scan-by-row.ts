import type { Gates } from './gates.js';
import { HitList } from './hit-list.js';
import { homeOf, type KernelMemory, kernelMemory } from './memory.js';
import { rowsFrom } from './rows-from.js';
import type { Hits, ScoreMatrix } from './scan.js';

/** Numbers copied at a time, as by column. */
const PIECE = 131072;
/** Rows at a time that are read where they are. */
const BLOCK = 65536;

/** Scans a matrix row by row; fast where rows are contiguous (classStep 1), right for any steps. */
export function scanByRow(matrix: ScoreMatrix, gates: Gates): Hits {
  const { data, rows, rowStep, classes, classStep, objectness } = matrix;
  if (objectness !== undefined) {
    const taken = rowsFrom(matrix, gates.lowest); // as no score is above 1
    const factors = Float32Array.from(taken, (row) => data[objectness.start + row * rowStep]!);
    return scanSomeRows(matrix, gates, { rows: taken, factors });
  }
  if (classStep !== 1 || rowStep < classes) {
    return scanSomeRows(matrix, gates, { rows: Uint32Array.from({ length: rows }, (_, row) => row) });
  }
  return scanAllRows(matrix, gates);
}

function scanAllRows(matrix: ScoreMatrix, gates: Gates): Hits {
  const { data, rows, start, rowStep, classes } = matrix;
  const home = homeOf(data);
  const memory = home?.memory ?? kernelMemory();
  memory.clear();
  const room = roomFor(memory, gates, rowStep);
  const most = home === null ? Math.max(1, Math.floor(PIECE / rowStep)) : rows;
  const piece = home === null ? memory.reserve(4 * most * rowStep) : home.start + 4 * start;
  const hits = new HitList(memory);
  for (let first = 0; first < rows; first += most) {
    const count = Math.min(most, rows - first);
    if (home === null) {
      const numbers = data.subarray(start + first * rowStep, start + (first + count) * rowStep);
      memory.f32(piece, numbers.length).set(numbers);
    }
    scanPiece(memory, room, { piece, highest: false, gates, classes, first, count }, hits);
  }
  return hits.inOrder(gates.activates);
}

/** Rows of a matrix, with what holds for each of them. */
export interface SomeRows {
  /** Ascending row numbers. */
  rows: Uint32Array;
  /** Every value of the row is multiplied by it. */
  factors?: Float32Array;
}

/** What logits are compared with whose scores are multiplied by a factor of their row. */
export interface FactorBounds {
  /** [rows, 3] no hit below, a hit for certain from here on, to be found from here on. */
  bounds?: Float32Array;
  /** Whether of each row only its highest is wanted, from the first bound on, and what may have the same product. */
  highest?: boolean;
}

/**
 * Scans some rows of a matrix with any steps; its objectness does not count.
 *
 * @returns with bounds also how many are hits for certain, found or not
 */
export function scanSomeRows(
  matrix: ScoreMatrix,
  gates: Gates,
  { rows, factors, bounds, highest = false }: SomeRows & FactorBounds,
): Hits & { certain?: number } {
  const { data, start, rowStep, classes, classStep } = matrix;
  const home = classStep === 1 ? homeOf(data) : null;
  const memory = home?.memory ?? kernelMemory();
  memory.clear();
  const room = roomFor(memory, gates, home === null ? classes : rowStep);
  const most = home === null ? Math.max(1, Math.floor(PIECE / classes)) : BLOCK;
  const piece = home === null ? memory.reserve(4 * most * classes) : home.start + 4 * start;
  const list = (width = 1) => memory.reserve(4 * width * Math.min(most, rows.length));
  if (home !== null) room.names = list();
  if (factors !== undefined) room.factors = list();
  if (bounds !== undefined) room.bounds = list(3);
  const hits = new HitList(memory);
  memory.reached = 0;
  for (let first = 0; first < rows.length; first += most) {
    const some = rows.subarray(first, first + most);
    if (home === null) gather(memory.f32(piece, some.length * classes), matrix, some);
    else memory.u32(room.names, some.length).set(some);
    if (factors !== undefined) memory.f32(room.factors, some.length).set(factors.subarray(first, first + most));
    const ofSome = bounds?.subarray(3 * first, 3 * (first + most));
    if (ofSome !== undefined) memory.f32(room.bounds, ofSome.length).set(ofSome);
    const firstRow = home === null ? first : 0;
    scanPiece(memory, room, { piece, highest, gates, classes, first: firstRow, count: some.length }, hits);
  }
  const certain = memory.reached;
  const found = hits.inOrder(gates.activates);
  if (home === null) found.rows = found.rows.map((place) => rows[place]!);
  return bounds === undefined ? found : { ...found, certain };
}

/** Where things lie in the kernels' memory; rows are `width` numbers apart. 0: nowhere */
interface Room {
  width: number;
  names: number;
  factors: number;
  bounds: number;
  open: number;
  thresholds: number;
}

function roomFor(memory: KernelMemory, { padded }: Gates, width: number): Room {
  const open = memory.put(padded.open);
  const thresholds = memory.put(padded.thresholds);
  return { width, names: 0, factors: 0, bounds: 0, open, thresholds };
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

/** Rows that lie in the kernels' memory. */
interface Piece {
  piece: number;
  highest: boolean;
  gates: Gates;
  classes: number;
  first: number;
  count: number;
}

function scanPiece(memory: KernelMemory, room: Room, given: Piece, hits: HitList): void {
  const { width, open, thresholds, names, factors, bounds } = room;
  const { piece, highest, gates, classes, first, count } = given;
  const { kernels } = memory;
  const step = 4 * width;
  hits.collect(count, (from, end) => {
    const left = count - from;
    const [some, scale] = [names && names + 4 * from, factors && factors + 4 * from];
    const values = names === 0 ? piece + from * step : piece;
    const name = names === 0 ? first + from : first;
    if (bounds !== 0) {
      const find = highest ? kernels.bestFactored : kernels.scanFactored;
      return find(values, some, left, step, thresholds, classes, bounds + 12 * from, name, end);
    }
    return gates.single
      ? kernels.bestOfRows(values, some, left, step, open, thresholds, classes, scale, name, end)
      : kernels.scanRows(values, some, left, step, thresholds, classes, scale, name, end);
  });
}
