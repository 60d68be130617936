import type { ScanThresholds } from '../../types/plan.js';
import { homeOf, type KernelMemory, kernelMemory } from '../memory.js';
import type { ScoreMatrix } from './score-matrix.js';

/** Numbers copied at a time, of a matrix that lies elsewhere: 512 KiB, which stay in a core's second cache. */
const PIECE = 131072;

/** Where things lie in the kernels' memory. */
export interface Room {
  /** The matrix's data; null: elsewhere, and copied to `piece` bit by bit */
  data: number | null;
  piece: number;
  columns: number;
  thresholds: number;
  factors: number;
  best: number;
  bestColumns: number;
}

/** Some rows of a matrix. */
export interface ColumnBlock {
  matrix: ScoreMatrix;
  thresholds: ScanThresholds;
  first: number;
  count: number;
}

/** The memory in which a matrix can be scanned, and where it lies there. */
export function roomFor(matrix: ScoreMatrix): { memory: KernelMemory; room: Room } {
  const home = homeOf(matrix.data);
  const memory = home?.memory ?? kernelMemory();
  memory.clear();
  const data = home === null ? null : home.start;
  const piece = home === null ? memory.reserve(4 * PIECE) : 0;
  const room = { data, piece, columns: 0, thresholds: 0, factors: 0, best: 0, bestColumns: 0 };
  return { memory, room };
}

/** Lays down the thresholds for kernels that scan column by column. */
export function putThresholds(memory: KernelMemory, room: Room, { columns, values }: ScanThresholds): void {
  room.columns = memory.put(columns);
  room.thresholds = memory.put(values);
}

/**
 * Lets a kernel read columns: `length` of the list from `columns` on. Column c lies at values + c · classStep; in bytes,
 * beyond either end of the 32 bits of an address where only some of the columns are there.
 *
 * @param read  says whether to go on
 * @returns whether all were read
 */
export function eachRun(
  memory: KernelMemory,
  room: Room,
  block: ColumnBlock,
  read: (values: number, columns: number, length: number) => boolean,
): boolean {
  const { matrix, count, first } = block;
  const { columns } = block.thresholds;
  const { data, start, classStep } = matrix;
  if (room.data !== null) {
    return read(room.data + 4 * (start + first), room.columns, columns.length);
  }
  const max = 1 + Math.floor((PIECE - count) / classStep);
  for (let from = 0, length = 0; from < columns.length; from += length) {
    length = 1;
    while (length < max && columns[from + length] === columns[from]! + length) length++;
    const at = start + first + columns[from]! * classStep;
    const numbers = (length - 1) * classStep + count;
    memory.f32(room.piece, numbers).set(data.subarray(at, at + numbers));
    if (!read(room.piece - 4 * columns[from]! * classStep, room.columns + 2 * from, length)) return false;
  }
  return true;
}
