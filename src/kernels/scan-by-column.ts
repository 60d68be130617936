import { type Block, eachRun, type Room, roomFor } from './column-runs.js';
import { float32Below, type Gates } from './gates.js';
import { HIT, HitList } from './hit-list.js';
import type { KernelMemory } from './memory.js';
import type { Hits, ScoreMatrix } from './scan.js';

/** Rows at a time: their hits have to find room. */
const BLOCK = 65536;
/** Of which one part is looked at to learn how high the scores are. */
const SHARE = 32;

/**
 * Scans a matrix whose columns are contiguous (rowStep 1).
 *
 * @param enough  as of `scan`; has an effect on multi-label scans without objectness
 */
export function scanByColumn(matrix: ScoreMatrix, gates: Gates, enough = Number.POSITIVE_INFINITY): Hits {
  if (gates.single || matrix.objectness !== undefined) return scanWhole(matrix, gates, Number.POSITIVE_INFINITY)!;
  return scanWhole(matrix, gates, enough) ?? scanBestHits(matrix, gates, enough);
}

/** @returns null: given up, for there are more than a few times enough hits */
function scanWhole(matrix: ScoreMatrix, gates: Gates, enough: number): Hits | null {
  const { rows, objectness } = matrix;
  const [memory, room] = roomFor(matrix, gates);
  const block = Math.min(rows, BLOCK);
  if (objectness !== undefined) room.factors = memory.reserve(4 * block);
  if (gates.single) [room.best, room.bestColumns] = [memory.reserve(4 * block), memory.reserve(4 * block)];
  const hits = enough === Number.POSITIVE_INFINITY ? new HitList(memory) : new HitList(memory, HIT * (block + enough));
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    if (objectness !== undefined) putFactors(memory.f32(room.factors, count), matrix, gates, first);
    if (gates.single) scanBest(memory, room, { matrix, gates, first, count }, hits);
    else if (!scanAll(memory, room, { matrix, gates, first, count }, hits, enough)) return null;
  }
  return gates.single ? hits.inOrder() : hits.byRow(rows);
}

/** Scans with thresholds that are raised so far that about enough hits are left, by what a part of the matrix has. */
function scanBestHits(matrix: ScoreMatrix, gates: Gates, enough: number): Hits {
  const sample = sampleOf(matrix, gates).sort();
  const wanted = Math.ceil(enough / SHARE);
  if (sample.length <= wanted) return scanWhole(matrix, gates, Number.POSITIVE_INFINITY)!;
  const floor = sample[sample.length - wanted]!;
  const { rows } = matrix;
  const [memory, room] = roomFor(matrix, gates);
  const raised = memory.put(gates.thresholds.map((threshold) => Math.max(threshold, floor)));
  const hits = new HitList(memory);
  const { kernels } = memory;
  kernels.setReached(0);
  const block = Math.min(rows, BLOCK);
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    const step = 4 * matrix.classStep;
    eachRun(memory, room, { matrix, gates, first, count }, (values, columns, length) =>
      hits.collect(length, (from, end) => {
        const at = columns + 2 * from;
        return kernels.scanRaised(values, count, step, at, raised, room.thresholds, length - from, first, end);
      }),
    );
  }
  const total = kernels.reached.value;
  return { ...hits.byRow(rows), floor, total };
}

/** The values of one group of 16 rows in SHARE that reach their threshold, each column other groups. */
function sampleOf(matrix: ScoreMatrix, gates: Gates): Float32Array {
  const { rows } = matrix;
  const [memory, room] = roomFor(matrix, gates);
  const hits = new HitList(memory);
  for (let first = 0; first < rows; first += BLOCK) {
    const count = Math.min(BLOCK, rows - first);
    scanAll(memory, room, { matrix, gates, first, count }, hits, Number.POSITIVE_INFINITY, SHARE);
  }
  return hits.inOrder().values;
}

/** Objectness of the rows; NaN where it is too low for any hit, as no score is above 1. */
function putFactors(factors: Float32Array, { data, objectness }: ScoreMatrix, { lowest }: Gates, first: number): void {
  const start = objectness!.start + first;
  for (let i = 0; i < factors.length; i++) factors[i] = data[start + i]! >= lowest ? data[start + i]! : Number.NaN;
}

/** @returns false: given up, for there are too many hits */
function scanAll(memory: KernelMemory, room: Room, block: Block, hits: HitList, most: number, share = 1): boolean {
  const { thresholds, factors } = room;
  const { count, first, matrix } = block;
  const step = 4 * matrix.classStep;
  return eachRun(memory, room, block, (values, columns, length) => {
    const scan = (from: number, end: number) => {
      const [at, left] = [columns + 2 * from, length - from];
      return memory.kernels.scanColumns(values, count, step, at, thresholds, left, factors, first, share, end);
    };
    return hits.collect(length, scan, most);
  });
}

function scanBest(memory: KernelMemory, room: Room, block: Block, hits: HitList): void {
  const { count, first, matrix, gates } = block;
  const { factors, best, bestColumns, thresholds } = room;
  memory.f32(best, count).fill(float32Below(gates.lowest)); // what is lower can't be a hit
  memory.u32(bestColumns, count).fill(0xffffffff); // none
  eachRun(memory, room, block, (values, columns, length) => {
    const step = 4 * matrix.classStep;
    memory.kernels.bestOfColumns(values, count, step, columns, length, factors, gates.lowest, best, bestColumns);
    return true;
  });
  hits.collect(count, (from, end) => {
    const [at, columns] = [best + 4 * from, bestColumns + 4 * from];
    return memory.kernels.collectBest(at, columns, count - from, thresholds, first + from, end);
  });
}
