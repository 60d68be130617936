import type { ScanThresholds } from '../../types/plan.js';
import type { KernelMemory } from '../memory.js';
import { type ColumnBlock, eachRun, putThresholds, type Room, roomFor } from './column-runs.js';
import { HitList } from './hit-list.js';
import { nthHighest } from './nth-highest.js';
import { rankOfFloor, type Scanner } from './scan-best.js';
import { float32Below, raisedTo } from './scan-thresholds.js';
import type { Hits, ScoreMatrix } from './score-matrix.js';

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
  scan: (matrix, thresholds, budget) =>
    thresholds.single ? scanSingle(matrix, thresholds, budget) : scanWhole(matrix, thresholds, budget),
  floorOf,
  scanFrom: (matrix, thresholds, floor, counts) =>
    counts
      ? scanCounting(matrix, thresholds, floor)
      : scanWhole(
          matrix,
          { ...thresholds, lowest: Math.max(thresholds.lowest, floor), values: raisedTo(floor, thresholds.values) },
          Number.POSITIVE_INFINITY,
        )!,
};

/** @returns null: given up, as there are far more hits than the budget */
function scanWhole(matrix: ScoreMatrix, thresholds: ScanThresholds, budget: number): Hits | null {
  const { rows, objectness } = matrix;
  const { memory, room } = roomFor(matrix);
  const block = Math.min(rows, BLOCK);
  const asRuns = thresholds.even && objectness === undefined && rows === matrix.classStep && rows <= BLOCK;
  if (!asRuns) putThresholds(memory, room, thresholds);
  if (objectness !== undefined) room.factors = memory.reserve(4 * block);
  const columns = thresholds.columns.length;
  const work = asRuns
    ? { atOnce: GROUP, of: rows * columns }
    : { atOnce: block, of: Math.ceil(rows / block) * columns };
  const hits = new HitList(memory, { budget, ...work });
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    if (objectness !== undefined) putFactors(memory.f32(room.factors, count), matrix, thresholds, first);
    const scanSome = asRuns ? scanRuns : scanAll;
    if (!scanSome(memory, room, { matrix, thresholds, first, count }, hits)) return null;
  }
  return hits.byRow(rows, thresholds);
}

/**
 * The best of each row.
 *
 * @returns null: given up, as most rows have a hit
 */
function scanSingle(matrix: ScoreMatrix, thresholds: ScanThresholds, budget: number): Hits | null {
  const { rows, objectness } = matrix;
  const { memory, room } = roomFor(matrix);
  putThresholds(memory, room, thresholds);
  const block = Math.min(rows, BLOCK);
  if (objectness !== undefined) room.factors = memory.reserve(4 * block);
  room.best = memory.reserve(4 * (block + GROUP));
  room.bestColumns = memory.reserve(4 * (block + GROUP));
  const hits = new HitList(memory);
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    if (objectness !== undefined) putFactors(memory.f32(room.factors, count), matrix, thresholds, first);
    const maxRaised = budget < rows ? count / GROUP : ALL;
    if (!findBest(memory, room, { matrix, thresholds, first, count }, maxRaised)) return null;
    const { best, bestColumns } = room;
    hits.collect(count, (from, end) => {
      const { lowest } = thresholds;
      return memory.kernels.collectBest(best, bestColumns, from, count, lowest, room.thresholds, first, end) - from;
    });
  }
  return hits.inOrder(thresholds.activates);
}

/**
 * The highest value of each row from the lowest threshold on, and its column.
 *
 * @param maxRaised  groups of rows that may be raised
 * @returns false: given up, as it would be more
 */
function findBest(memory: KernelMemory, room: Room, block: ColumnBlock, maxRaised: number): boolean {
  const { count, matrix } = block;
  const { lowest } = block.thresholds;
  const { factors, best, bestColumns } = room;
  const { bestOfColumns } = memory.kernels;
  const step = 4 * matrix.classStep;
  memory.f32(best, count).fill(float32Below(lowest)); // what is lower can't be a hit
  return eachRun(
    memory,
    room,
    block,
    (values, columns, length) =>
      bestOfColumns(values, count, step, columns, length, factors, lowest, best, bestColumns, maxRaised) === length,
  );
}

/** All hits of at least a floor, and how many there are without it. */
function scanCounting(matrix: ScoreMatrix, thresholds: ScanThresholds, floor: number): Hits {
  const { rows } = matrix;
  const { memory, room } = roomFor(matrix);
  putThresholds(memory, room, thresholds);
  const raised = memory.put(raisedTo(floor, thresholds.values));
  const block = Math.min(rows, BLOCK);
  const hits = new HitList(memory);
  const { scanRaised } = memory.kernels;
  memory.reached = 0;
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    const step = 4 * matrix.classStep;
    eachRun(memory, room, { matrix, thresholds, first, count }, (values, columns, length) =>
      hits.collect(length, (from, end) => {
        const at = columns + 2 * from;
        return scanRaised(values, count, step, at, raised, room.thresholds, length - from, first, end);
      }),
    );
  }
  const total = memory.reached;
  return Object.assign(hits.byRow(rows, thresholds), { total });
}

/** By the hits of one group of 16 rows in SHARE, each column other groups. */
function floorOf(matrix: ScoreMatrix, thresholds: ScanThresholds, budget: number): number | null {
  const { rows } = matrix;
  const { memory, room } = roomFor(matrix);
  const share = 4 * rows * thresholds.columns.length > CACHED ? SHARE_OF_LARGE : SHARE;
  const rank = rankOfFloor(budget, share);
  if (room.data === null) return nthHighest(sampleOf(matrix, thresholds, share), rank);
  putThresholds(memory, room, thresholds);
  const hits = new HitList(memory);
  for (let first = 0; first < rows; first += BLOCK) {
    const count = Math.min(BLOCK, rows - first);
    scanAll(memory, room, { matrix, thresholds, first, count }, hits, share);
  }
  return hits.nthHighest(rank);
}

/** The hits of that sample, of a matrix that would be copied whole for it. */
function sampleOf({ data, rows, start, classStep }: ScoreMatrix, thresholds: ScanThresholds, share: number) {
  const sample: number[] = [];
  for (const column of thresholds.columns) {
    const threshold = thresholds.values[column]!;
    for (let row = GROUP * (column % share); row < rows; row += GROUP * share) {
      const from = start + column * classStep + row;
      for (let i = from; i < from + Math.min(GROUP, rows - row); i++) if (data[i]! >= threshold) sample.push(data[i]!);
    }
  }
  return Float32Array.from(sample);
}

/** Objectness of the rows; NaN where it is too low for any hit, as no score is above 1. */
function putFactors(
  factors: Float32Array,
  { data, objectness }: ScoreMatrix,
  { lowest }: ScanThresholds,
  first: number,
): void {
  const start = objectness!.start + first;
  for (let i = 0; i < factors.length; i++) factors[i] = data[start + i]! >= lowest ? data[start + i]! : Number.NaN;
}

/** @returns false: given up, as there are too many hits */
function scanAll(memory: KernelMemory, room: Room, block: ColumnBlock, hits: HitList, share = 1): boolean {
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
function scanRuns(memory: KernelMemory, room: Room, block: ColumnBlock, hits: HitList): boolean {
  const { count, thresholds } = block;
  let read = 0; // columns
  return eachRun(memory, room, block, (values, _, length) => {
    const column = thresholds.columns[read]!;
    read += length;
    const at = values + 4 * column * count;
    const scan = (from: number, end: number) =>
      memory.kernels.scanRun(at, count, from, length * count, column, thresholds.lowest, end) - from;
    return hits.collect(length * count, scan);
  });
}
