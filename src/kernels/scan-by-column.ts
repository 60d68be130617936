import { float32Below, type Gates } from './gates.js';
import { HitList } from './hit-list.js';
import { homeOf, type KernelMemory, kernelMemory } from './memory.js';
import type { Hits, ScoreMatrix } from './scan.js';

/** Numbers copied at a time, of a matrix that lies elsewhere: 512 KiB, which stay in a core's second cache. */
const PIECE = 131072;
/** Rows at a time: their hits have to find room. */
const BLOCK = 65536;

/** Scans a matrix whose columns are contiguous (rowStep 1). */
export function scanByColumn(matrix: ScoreMatrix, gates: Gates): Hits {
  const { rows, objectness } = matrix;
  const home = homeOf(matrix.data);
  const memory = home?.memory ?? kernelMemory();
  memory.clear();
  const block = Math.min(rows, BLOCK);
  const room: Room = {
    data: home === null ? null : home.start,
    piece: home === null ? memory.reserve(4 * PIECE) : 0,
    columns: memory.put(gates.columns),
    thresholds: memory.put(gates.thresholds),
    factors: objectness === undefined ? 0 : memory.reserve(4 * block),
    best: gates.single ? memory.reserve(4 * block) : 0,
    bestColumns: gates.single ? memory.reserve(4 * block) : 0,
  };
  const hits = new HitList(memory);
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    if (objectness !== undefined) putFactors(memory.f32(room.factors, count), matrix, gates, first);
    if (gates.single) scanBest(memory, room, { matrix, gates, first, count }, hits);
    else scanAll(memory, room, { matrix, gates, first, count }, hits);
  }
  return gates.single ? hits.inOrder() : hits.byRow(rows);
}

/** Where things lie in the kernels' memory. */
interface Room {
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
interface Block {
  matrix: ScoreMatrix;
  gates: Gates;
  first: number;
  count: number;
}

/** Objectness of the rows; NaN where it is too low for any hit, as no score is above 1. */
function putFactors(factors: Float32Array, { data, objectness }: ScoreMatrix, { lowest }: Gates, first: number): void {
  const start = objectness!.start + first;
  for (let i = 0; i < factors.length; i++) factors[i] = data[start + i]! >= lowest ? data[start + i]! : Number.NaN;
}

function scanAll(memory: KernelMemory, room: Room, block: Block, hits: HitList): void {
  const { thresholds, factors } = room;
  const { count, first, matrix } = block;
  for (const { values, columns, length } of runs(memory, room, block)) {
    hits.collect(length, (from, end) => {
      const [step, at] = [4 * matrix.classStep, columns + 2 * from];
      return memory.kernels.scanColumns(values, count, step, at, thresholds, length - from, factors, first, 1, end);
    });
  }
}

function scanBest(memory: KernelMemory, room: Room, block: Block, hits: HitList): void {
  const { count, first, matrix, gates } = block;
  const { factors, best, bestColumns, thresholds } = room;
  memory.f32(best, count).fill(float32Below(gates.lowest)); // what is lower can't be a hit
  memory.u32(bestColumns, count).fill(0xffffffff); // none
  for (const { values, columns, length } of runs(memory, room, block)) {
    const step = 4 * matrix.classStep;
    memory.kernels.bestOfColumns(values, count, step, columns, length, factors, gates.lowest, best, bestColumns);
  }
  hits.collect(count, (from, end) => {
    const [at, columns] = [best + 4 * from, bestColumns + 4 * from];
    return memory.kernels.collectBest(at, columns, count - from, thresholds, first + from, end);
  });
}

/**
 * Columns that can be read together: `length` of the list from `columns` on. Column c lies at values + c · classStep; in
 * bytes, beyond either end of the 32 bits of an address where only some of the columns are there.
 */
function* runs(
  memory: KernelMemory,
  room: Room,
  block: Block,
): Generator<{ values: number; columns: number; length: number }> {
  const { matrix, count, first } = block;
  const { columns } = block.gates;
  const { data, start, classStep } = matrix;
  if (room.data !== null) {
    yield { values: room.data + 4 * (start + first), columns: room.columns, length: columns.length };
    return;
  }
  const most = 1 + Math.floor((PIECE - count) / classStep);
  for (let from = 0, length = 0; from < columns.length; from += length) {
    length = 1;
    while (length < most && columns[from + length] === columns[from]! + length) length++;
    const at = start + first + columns[from]! * classStep;
    const numbers = (length - 1) * classStep + count;
    memory.f32(room.piece, numbers).set(data.subarray(at, at + numbers));
    yield { values: room.piece - 4 * columns[from]! * classStep, columns: room.columns + 2 * from, length };
  }
}
