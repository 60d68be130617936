import type { KernelMemory } from '../memory.js';
import { type Block, eachRun, putGates, type Room, roomFor } from './column-runs.js';
import { float32Below, type Gates } from './gates.js';
import { HitList } from './hit-list.js';
import { nthHighest } from './nth-highest.js';
import type { Hits, ScoreMatrix } from './scan.js';
import { placeOfFloor, raisedTo, type Scanner } from './scan-best.js';

/** Rows at a time: their hits have to find room. */
const BLOCK = 65536;
/** Rows, or numbers of a run, that are compared at a time. */
const GROUP = 16;
/** More groups than there are. */
const ALL = 2 ** 31 - 1;
/** Of which one part is looked at to learn how high the scores are. */
const SHARE = 32;
/** The same of a matrix that caches do not hold: each part is fetched from memory, in no order that a processor foresees. */
const SHARE_OF_LARGE = 128;
const CACHED = 8 * 1024 * 1024;

/**
 * Scans a matrix whose columns are contiguous (rowStep 1). It leaves out lower hits without objectness; with a single label
 * where all columns are neighbours and have one threshold, and nothing is to be counted.
 */
export const byColumn: Scanner = {
  raises: ({ objectness }, { single, even }, counts) => objectness === undefined && !(single && (counts || !even)),
  scan: (matrix, gates, most) => (gates.single ? scanSingle(matrix, gates, most) : scanWhole(matrix, gates, most)),
  floorOf,
  scanFrom: (matrix, gates, floor, counts) =>
    counts
      ? scanCounting(matrix, gates, floor)
      : scanWhole(
          matrix,
          { ...gates, lowest: Math.max(gates.lowest, floor), thresholds: raisedTo(floor, gates.thresholds) },
          Number.POSITIVE_INFINITY,
        )!,
};

/** @returns null: given up, for there are more than enough hits, or a few times as many */
function scanWhole(matrix: ScoreMatrix, gates: Gates, enough: number): Hits | null {
  const { rows, objectness } = matrix;
  const { memory, room } = roomFor(matrix);
  const block = Math.min(rows, BLOCK);
  const asRuns = gates.even && objectness === undefined && rows === matrix.classStep && rows <= BLOCK;
  if (!asRuns) putGates(memory, room, gates);
  if (objectness !== undefined) room.factors = memory.reserve(4 * block);
  const columns = gates.columns.length;
  const work = asRuns
    ? { atOnce: GROUP, of: rows * columns }
    : { atOnce: block, of: Math.ceil(rows / block) * columns };
  const hits = new HitList(memory, { most: enough, ...work });
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    if (objectness !== undefined) putFactors(memory.f32(room.factors, count), matrix, gates, first);
    const scanSome = asRuns ? scanRuns : scanAll;
    if (!scanSome(memory, room, { matrix, gates, first, count }, hits)) return null;
  }
  return hits.byRow(rows, gates);
}

/**
 * The best of each row.
 *
 * @returns null: given up, for most rows have something
 */
function scanSingle(matrix: ScoreMatrix, gates: Gates, enough: number): Hits | null {
  const { rows, objectness } = matrix;
  const { memory, room } = roomFor(matrix);
  putGates(memory, room, gates);
  const block = Math.min(rows, BLOCK);
  if (objectness !== undefined) room.factors = memory.reserve(4 * block);
  room.best = memory.reserve(4 * (block + GROUP));
  room.bestColumns = memory.reserve(4 * (block + GROUP));
  const hits = new HitList(memory);
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    if (objectness !== undefined) putFactors(memory.f32(room.factors, count), matrix, gates, first);
    const most = enough < rows ? count / GROUP : ALL;
    if (!findBest(memory, room, { matrix, gates, first, count }, most)) return null;
    const { best, bestColumns, thresholds } = room;
    hits.collect(count, (from, end) => {
      return memory.kernels.collectBest(best, bestColumns, from, count, gates.lowest, thresholds, first, end) - from;
    });
  }
  return hits.inOrder(gates.activates);
}

/**
 * The highest value of each row from the lowest threshold on, and its column.
 *
 * @param most  groups of rows that may be raised
 * @returns false: given up, for it would be more
 */
function findBest(memory: KernelMemory, room: Room, { count, matrix, gates, first }: Block, most: number): boolean {
  const { factors, best, bestColumns } = room;
  const { bestOfColumns } = memory.kernels;
  const step = 4 * matrix.classStep;
  memory.f32(best, count).fill(float32Below(gates.lowest)); // what is lower can't be a hit
  return eachRun(
    memory,
    room,
    { count, matrix, gates, first },
    (values, columns, length) =>
      bestOfColumns(values, count, step, columns, length, factors, gates.lowest, best, bestColumns, most) === length,
  );
}

/** All hits of at least a floor, and how many there are without it. */
function scanCounting(matrix: ScoreMatrix, gates: Gates, floor: number): Hits {
  const { rows } = matrix;
  const { memory, room } = roomFor(matrix);
  putGates(memory, room, gates);
  const raised = memory.put(raisedTo(floor, gates.thresholds));
  const block = Math.min(rows, BLOCK);
  const hits = new HitList(memory);
  const { scanRaised } = memory.kernels;
  memory.reached = 0;
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    const step = 4 * matrix.classStep;
    eachRun(memory, room, { matrix, gates, first, count }, (values, columns, length) =>
      hits.collect(length, (from, end) => {
        const at = columns + 2 * from;
        return scanRaised(values, count, step, at, raised, room.thresholds, length - from, first, end);
      }),
    );
  }
  const total = memory.reached;
  return Object.assign(hits.byRow(rows, gates), { total });
}

/** By the hits of one group of 16 rows in SHARE, each column other groups. */
function floorOf(matrix: ScoreMatrix, gates: Gates, enough: number): number | null {
  const { rows } = matrix;
  const { memory, room } = roomFor(matrix);
  const share = 4 * rows * gates.columns.length > CACHED ? SHARE_OF_LARGE : SHARE;
  const place = placeOfFloor(enough, share);
  if (room.data === null) return nthHighest(sampleOf(matrix, gates, share), place);
  putGates(memory, room, gates);
  const hits = new HitList(memory);
  for (let first = 0; first < rows; first += BLOCK) {
    const count = Math.min(BLOCK, rows - first);
    scanAll(memory, room, { matrix, gates, first, count }, hits, share);
  }
  return hits.nthHighest(place);
}

/** The hits of that sample, of a matrix that would be copied whole for it. */
function sampleOf({ data, rows, start, classStep }: ScoreMatrix, gates: Gates, share: number): Float32Array {
  const sample: number[] = [];
  for (const column of gates.columns) {
    const threshold = gates.thresholds[column]!;
    for (let row = GROUP * (column % share); row < rows; row += GROUP * share) {
      const from = start + column * classStep + row;
      for (let i = from; i < from + Math.min(GROUP, rows - row); i++) if (data[i]! >= threshold) sample.push(data[i]!);
    }
  }
  return Float32Array.from(sample);
}

/** Objectness of the rows; NaN where it is too low for any hit, as no score is above 1. */
function putFactors(factors: Float32Array, { data, objectness }: ScoreMatrix, { lowest }: Gates, first: number): void {
  const start = objectness!.start + first;
  for (let i = 0; i < factors.length; i++) factors[i] = data[start + i]! >= lowest ? data[start + i]! : Number.NaN;
}

/** @returns false: given up, for there are too many hits */
function scanAll(memory: KernelMemory, room: Room, block: Block, hits: HitList, share = 1): boolean {
  const { thresholds, factors } = room;
  const { count, first, matrix } = block;
  const step = 4 * matrix.classStep;
  return eachRun(memory, room, block, (values, columns, length) => {
    const scan = (from: number, end: number) => {
      const [at, left] = [columns + 2 * from, length - from];
      return memory.kernels.scanColumns(values, count, step, at, thresholds, left, factors, first, share, end);
    };
    return hits.collect(length, scan);
  });
}

/** All rows of columns that lie one after the other and have one threshold. */
function scanRuns(memory: KernelMemory, room: Room, block: Block, hits: HitList): boolean {
  const { count, gates } = block;
  let read = 0; // columns
  return eachRun(memory, room, block, (values, _, length) => {
    const column = gates.columns[read]!;
    read += length;
    const at = values + 4 * column * count;
    const scan = (from: number, end: number) =>
      memory.kernels.scanRun(at, count, from, length * count, column, gates.lowest, end) - from;
    return hits.collect(length * count, scan);
  });
}
