import { float32Below, type Gates } from './gates.js';
import { HitList } from './hit-list.js';
import { type KernelMemory, kernelMemory } from './memory.js';
import type { Hits, ScoreMatrix } from './scan.js';

/** Numbers copied at a time: 512 KiB, which stay in a core's second cache. */
const PIECE = 131072;

/** Scans a matrix whose columns are contiguous (rowStep 1). */
export function scanByColumn(matrix: ScoreMatrix, gates: Gates): Hits {
  const { rows, objectness } = matrix;
  const { thresholds, columns, single } = gates;
  const memory = kernelMemory();
  const block = Math.min(rows, PIECE);
  const room: Room = {
    piece: memory.reserve(4 * PIECE),
    columns: memory.put(columns),
    thresholds: memory.put(single ? thresholds : Float32Array.from(columns, (column) => thresholds[column]!)),
    factors: objectness === undefined ? 0 : memory.reserve(4 * block),
    best: single ? memory.reserve(4 * block) : 0,
    bestColumns: single ? memory.reserve(4 * block) : 0,
  };
  const hits = new HitList(memory);
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    if (objectness !== undefined) putFactors(memory.f32(room.factors, count), matrix, gates, first);
    if (single) scanBest(memory, room, { matrix, gates, first, count }, hits);
    else scanAll(memory, room, { matrix, gates, first, count }, hits);
  }
  return single ? hits.inOrder() : hits.byRow(rows);
}

/** Where things lie in the kernels' memory. */
interface Room {
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
  const step = 4 * block.matrix.classStep;
  for (const { from, length } of runs(block)) {
    hits.expect(length * block.count);
    putColumns(memory, room, block, from, length);
    const [columns, thresholds] = [room.columns + 2 * from, room.thresholds + 4 * from];
    const { factors, piece } = room;
    const { count, first } = block;
    hits.end =
      memory.kernels.scanColumns(piece, count, step, columns, thresholds, length, factors, first, hits.end) >>> 0;
  }
}

function scanBest(memory: KernelMemory, room: Room, block: Block, hits: HitList): void {
  const { count, first, matrix, gates } = block;
  const { piece, factors, best, bestColumns } = room;
  hits.expect(count);
  memory.f32(best, count).fill(float32Below(gates.lowest)); // what is lower can't be a hit
  memory.u32(bestColumns, count).fill(0xffffffff); // none
  for (const { from, length } of runs(block)) {
    putColumns(memory, room, block, from, length);
    const columns = room.columns + 2 * from;
    memory.kernels.bestOfColumns(piece, count, 4 * matrix.classStep, columns, length, factors, best, bestColumns);
  }
  hits.end = memory.kernels.collectBest(best, bestColumns, count, room.thresholds, first, hits.end) >>> 0;
}

/** Neighbouring columns that fit into a piece together: `length` entries of the list of columns, from entry `from` on. */
function* runs({ matrix, gates, count }: Block): Generator<{ from: number; length: number }> {
  const { columns } = gates;
  const most = 1 + Math.floor((PIECE - count) / matrix.classStep);
  for (let from = 0, length = 0; from < columns.length; from += length) {
    length = 1;
    while (length < most && columns[from + length] === columns[from]! + length) length++;
    yield { from, length };
  }
}

function putColumns(memory: KernelMemory, room: Room, block: Block, from: number, length: number): void {
  const { data, start, classStep } = block.matrix;
  const at = start + block.first + block.gates.columns[from]! * classStep;
  const numbers = (length - 1) * classStep + block.count;
  memory.f32(room.piece, numbers).set(data.subarray(at, at + numbers));
}
