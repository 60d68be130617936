import { type Block, eachRun, putGates, type Room, roomFor } from './column-runs.js';
import { float32Below, type Gates } from './gates.js';
import { HIT, HitList } from './hit-list.js';
import type { KernelMemory } from './memory.js';
import type { Hits, ScoreMatrix } from './scan.js';

/** Rows at a time: their hits have to find room. */
const BLOCK = 65536;
/** Rows, or numbers of a run, that are compared at a time. */
const GROUP = 16;
/** Bytes of a matrix that is read a second time from a cache, and not from memory. */
const CACHED = 8 * 1024 * 1024;
/** More groups than there are. */
const ALL = 2 ** 31 - 1;
/** Of which one part is looked at to learn how high the scores are. */
const SHARE = 32;

/**
 * Scans a matrix whose columns are contiguous (rowStep 1).
 *
 * @param enough  as of `scan`; has an effect on scans without objectness, with a single label where all columns are neighbours
 *                and have one threshold
 */
export function scanByColumn(matrix: ScoreMatrix, gates: Gates, enough = Number.POSITIVE_INFINITY): Hits {
  if (gates.single) return scanSingle(matrix, gates, enough);
  if (matrix.objectness !== undefined) return scanWhole(matrix, gates, Number.POSITIVE_INFINITY)!;
  return scanWhole(matrix, gates, enough) ?? scanBestHits(matrix, gates, enough);
}

/** @returns null: given up, for there are more than enough hits, or a few times as many */
function scanWhole(matrix: ScoreMatrix, gates: Gates, enough: number): Hits | null {
  const { rows, objectness } = matrix;
  const { memory, room } = roomFor(matrix);
  const block = Math.min(rows, BLOCK);
  const asRuns = gates.even && objectness === undefined && rows === matrix.classStep && rows <= BLOCK;
  if (!asRuns) putGates(memory, room, gates);
  if (objectness !== undefined) room.factors = memory.reserve(4 * block);
  const most = HIT * (enough + (asRuns ? GROUP : block));
  const hits = enough === Number.POSITIVE_INFINITY ? new HitList(memory) : new HitList(memory, most);
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    if (objectness !== undefined) putFactors(memory.f32(room.factors, count), matrix, gates, first);
    const scanSome = asRuns ? scanRuns : scanAll;
    if (!scanSome(memory, room, { matrix, gates, first, count }, hits, enough)) return null;
  }
  return hits.byRow(rows, gates.activates);
}

/** The best of each row. */
function scanSingle(matrix: ScoreMatrix, gates: Gates, enough: number): Hits {
  const { rows, objectness } = matrix;
  const { memory, room } = roomFor(matrix);
  putGates(memory, room, gates);
  const block = Math.min(rows, BLOCK);
  if (objectness !== undefined) room.factors = memory.reserve(4 * block);
  for (const list of ['best', 'bestColumns', 'wanted'] as const) room[list] = memory.reserve(4 * (block + GROUP));
  const hits = new HitList(memory);
  let raised: Raised | null = null;
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    if (objectness !== undefined) putFactors(memory.f32(room.factors, count), matrix, gates, first);
    raised = findBest(memory, room, { matrix, gates, first, count }, rows <= BLOCK ? enough : Number.POSITIVE_INFINITY);
    const lowest = raised?.floor ?? gates.lowest;
    hits.collect(count, (from, end) => {
      const { best, bestColumns, thresholds } = room;
      return memory.kernels.collectBest(best, bestColumns, from, count, lowest, thresholds, first, end) - from;
    });
  }
  const found = hits.inOrder(gates.activates);
  return raised === null ? found : { ...found, ...raised };
}

/**
 * The highest value of each row from the lowest threshold on, and its column.
 *
 * @returns from where on only, if there are many more than enough
 */
function findBest(memory: KernelMemory, room: Room, block: Block, enough: number): Raised | null {
  const { count, matrix, gates } = block;
  const { factors, best, bestColumns } = room;
  const { bestOfColumns } = memory.kernels;
  const step = 4 * matrix.classStep;
  const twice = factors === 0 && room.data !== null && 4 * gates.columns.length * count <= CACHED;
  const most = twice ? count / GROUP : ALL;
  memory.f32(best, count).fill(float32Below(gates.lowest)); // what is lower can't be a hit
  const isDone = eachRun(
    memory,
    room,
    block,
    (values, columns, length) =>
      bestOfColumns(values, count, step, columns, length, factors, gates.lowest, best, bestColumns, most) === length,
  );
  return isDone ? null : findTwice(memory, room, block, enough);
}

/** The same where most rows have something: their highest values first, and the columns of those that matter after it. */
function findTwice(memory: KernelMemory, room: Room, block: Block, enough: number): Raised | null {
  const { count, matrix, gates } = block;
  const { best, bestColumns, wanted } = room;
  const { highestOfColumns, columnsOfBest } = memory.kernels;
  const step = 4 * matrix.classStep;
  let raised: Raised | null = null;
  memory.f32(best, count).fill(float32Below(gates.lowest));
  eachRun(memory, room, block, (values, columns, length) => {
    highestOfColumns(values, count, step, columns, length, best);
    if (gates.even) raised = raisedOf(memory, best, count, { lowest: gates.lowest, enough });
    const lowest = raised?.floor ?? gates.lowest;
    columnsOfBest(values, count, step, columns, length, best, lowest, wanted, bestColumns);
    return true;
  });
  return raised;
}

type Raised = Required<Pick<Hits, 'floor' | 'total'>>;

/** A value that about enough rows reach, by what some of them have; null where there are not many more. */
function raisedOf(
  memory: KernelMemory,
  best: number,
  count: number,
  { lowest, enough }: { lowest: number; enough: number },
): Raised | null {
  const total = memory.kernels.countReaching(best, count, lowest);
  if (total <= 2 * enough) return null;
  const all = memory.f32(best, count);
  const sample = new Float32Array(Math.ceil(count / SHARE));
  for (let i = 0; i < sample.length; i++) sample[i] = all[i * SHARE]!;
  const floor = sample.sort()[Math.max(0, sample.length - Math.ceil(enough / SHARE))]!;
  return floor > lowest ? { floor, total } : null;
}

/** Scans with thresholds that are raised so far that about enough hits are left, by what a part of the matrix has. */
function scanBestHits(matrix: ScoreMatrix, gates: Gates, enough: number): Hits {
  const sample = sampleOf(matrix, gates).sort();
  const wanted = Math.ceil(enough / SHARE);
  if (sample.length <= wanted) return scanWhole(matrix, gates, Number.POSITIVE_INFINITY)!;
  const floor = sample[sample.length - wanted]!;
  const { rows } = matrix;
  const { memory, room } = roomFor(matrix);
  putGates(memory, room, gates);
  const raised = memory.put(gates.thresholds.map((threshold) => Math.max(threshold, floor)));
  const hits = new HitList(memory);
  const { kernels } = memory;
  memory.reached = 0;
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
  const total = memory.reached;
  return { ...hits.byRow(rows, gates.activates), floor, total };
}

/** The values of one group of 16 rows in SHARE that reach their threshold, each column other groups. */
function sampleOf(matrix: ScoreMatrix, gates: Gates): Float32Array {
  const { rows } = matrix;
  const { memory, room } = roomFor(matrix);
  putGates(memory, room, gates);
  const hits = new HitList(memory);
  for (let first = 0; first < rows; first += BLOCK) {
    const count = Math.min(BLOCK, rows - first);
    scanAll(memory, room, { matrix, gates, first, count }, hits, Number.POSITIVE_INFINITY, SHARE);
  }
  return hits.inOrder(false).values;
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

/** All rows of columns that lie one after the other and have one threshold. */
function scanRuns(memory: KernelMemory, room: Room, block: Block, hits: HitList, most: number): boolean {
  const { count, gates } = block;
  let read = 0; // columns
  return eachRun(memory, room, block, (values, _, length) => {
    const column = gates.columns[read]!;
    read += length;
    const at = values + 4 * column * count;
    const scan = (from: number, end: number) =>
      memory.kernels.scanRun(at, count, from, length * count, column, gates.lowest, end) - from;
    return hits.collect(length * count, scan, most);
  });
}
