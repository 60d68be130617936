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
  const { rows, rowStep, classes, classStep, objectness } = matrix;
  const gathered = objectness !== undefined || classStep !== 1 || rowStep < classes;
  const width = gathered ? classes : rowStep;
  const most = Math.max(1, Math.floor(PIECE / width));
  const memory = kernelMemory();
  const room: Room = {
    piece: memory.reserve(4 * most * width),
    width,
    factors: objectness === undefined ? 0 : memory.reserve(4 * most),
    ...putGates(memory, gates),
  };
  const hits = new HitList(memory);
  if (!gathered) {
    for (let first = 0; first < rows; first += most) {
      const at = matrix.start + first * rowStep;
      const numbers = matrix.data.subarray(at, at + Math.min(most, rows - first) * rowStep);
      memory.f32(room.piece, numbers.length).set(numbers);
      scanPiece(memory, room, { matrix, gates, first, count: Math.min(most, rows - first) }, hits);
    }
    return hits.inOrder();
  }
  const taken = rowsWorthReading(matrix, gates);
  for (let first = 0; first < taken.length; first += most) {
    const some = taken.subarray(first, first + most);
    gather(memory.f32(room.piece, some.length * width), matrix, some);
    if (objectness !== undefined) {
      const factors = memory.f32(room.factors, some.length);
      for (let i = 0; i < some.length; i++) factors[i] = matrix.data[objectness.start + some[i]! * rowStep]!;
    }
    scanPiece(memory, room, { matrix, gates, first, count: some.length }, hits);
  }
  const { rows: places, ...found } = hits.inOrder();
  return { rows: places.map((place) => taken[place]!), ...found };
}

/** Where things lie in the kernels' memory; rows are `width` numbers apart. */
interface Room {
  piece: number;
  width: number;
  factors: number;
  gates: number;
  thresholds: number;
}

interface Block {
  matrix: ScoreMatrix;
  gates: Gates;
  first: number;
  count: number;
}

function putGates(memory: KernelMemory, { thresholds, columns, lowest }: Gates): Pick<Room, 'gates' | 'thresholds'> {
  const padded = Math.ceil(thresholds.length / STRIDE) * STRIDE;
  const open = new Float32Array(padded).fill(Number.NaN);
  const reach = new Float32Array(padded).fill(Number.NaN);
  for (const column of columns) {
    open[column] = lowest;
    reach[column] = thresholds[column]!;
  }
  return { gates: memory.put(open), thresholds: memory.put(reach) };
}

/** All rows, or those with an objectness that lets a score reach a threshold, as no score is above 1. */
function rowsWorthReading({ data, rows, rowStep, objectness }: ScoreMatrix, { lowest }: Gates): Uint32Array {
  const taken = new Uint32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (objectness === undefined || data[objectness.start + row * rowStep]! >= lowest) taken[count++] = row;
  }
  return taken.subarray(0, count);
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

function scanPiece(memory: KernelMemory, room: Room, { gates, matrix, first, count }: Block, hits: HitList): void {
  const { piece, width, thresholds, factors } = room;
  const { kernels } = memory;
  const { classes } = matrix;
  hits.expect(count * (gates.single ? 1 : classes));
  hits.end = gates.single
    ? kernels.bestOfRows(piece, count, 4 * width, room.gates, thresholds, classes, factors, first, hits.end) >>> 0
    : kernels.scanRows(piece, count, 4 * width, thresholds, classes, factors, first, hits.end) >>> 0;
}
