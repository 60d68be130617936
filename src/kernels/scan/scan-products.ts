import type { Budget, ScanThresholds } from '../../types/plan.js';
import { nearLogit } from '../maths/activation.js';
import { FactoredRows } from './factored-rows.js';
import { HIT, HitList } from './hit-list.js';
import { DIGITS } from './nth-highest.js';
import { float32From, putByColumn, unmaskedColumns } from './scan-thresholds.js';
import { EVERYTHING, type Hits, noHits, type ScoreMatrix } from './score-matrix.js';

/** Of which rows one is looked at to learn how high the scores are, or of more where its hits would take more bytes. */
const SHARE = 16;
const SAMPLE = 1024 * 1024;

/**
 * Finds the scores sigmoid(objectness) · sigmoid(class) that reach their class's threshold, in a matrix of logits with
 * objectness. The same as `scan` of a matrix whose every number went through sigmoid before, without most of that: logits
 * are compared first, against bounds that let pass a little too much.
 *
 * @param thresholds  of scores
 * @param budget      as of `scan`; has an effect on multi-label scans with one threshold for all classes
 * @returns hits by row, then by column; values are scores, products of float32
 */
export function scanProducts(matrix: ScoreMatrix, thresholds: ScanThresholds, { max }: Budget = EVERYTHING): Hits {
  if (Number.isNaN(thresholds.lowest)) return noHits();
  const search = searchOf(matrix, thresholds);
  const { rows } = search;
  const { memory } = rows;
  const floor = thresholds.single ? thresholds.lowest : raisedFloor(search, max);
  const hits = new HitList(memory);
  memory.reached = 0;
  rows.eachBlock((count) => {
    hits.collect(count, (from, end) => scanSome(search, { from, count, step: 1, floor, end }));
  });
  const total = memory.reached;
  const found = hits.inOrder(false);
  return floor > thresholds.lowest ? Object.assign(found, { floor, total }) : found;
}

/** What is looked for, and where it lies in the kernels' memory. */
interface Search {
  rows: FactoredRows;
  thresholds: ScanThresholds;
  classes: number;
  /** In the kernels' memory, as is the next. */
  mask: number;
  minimums: number;
  /** Bytes of columns that need no mask. */
  unmasked: number;
}

function searchOf(matrix: ScoreMatrix, thresholds: ScanThresholds): Search {
  const rows = new FactoredRows(matrix, floorOf(thresholds.lowest), true);
  const mask = putByColumn(rows.memory, thresholds, 0);
  const minimums = rows.memory.put(thresholds.values);
  return { rows, thresholds, classes: matrix.classes, mask, minimums, unmasked: 4 * unmaskedColumns(thresholds) };
}

/** Some of the rows that lie there: one of `step`, up to count. @returns how many are done */
function scanSome(
  { rows, thresholds, classes, mask, minimums, unmasked }: Search,
  { from, count, step, floor, end }: { from: number; count: number; step: number; floor: number; end: number },
): number {
  const { together, rowBytes, memory } = rows;
  const { single, lowest } = thresholds;
  const values = together ? rows.values + from * rowBytes : rows.values;
  const joined = Number(together);
  const rowIds = rows.rowIds + 4 * from;
  const factors = rows.factors + 4 * from;
  const left = count - from;
  const { scanProducts: all, bestProducts: best } = memory.kernels;
  return single
    ? best(values, joined, rowIds, factors, left, rowBytes, mask, unmasked, minimums, classes, lowest, end)
    : all(values, joined, rowIds, factors, left, step, rowBytes, mask, unmasked, minimums, classes, lowest, floor, end);
}

/**
 * A product that about `budget` hits reach, estimated from some of the rows; the lowest threshold where there are not many
 * more, or products can't be told apart well.
 */
function raisedFloor(search: Search, budget: number): number {
  const { rows, classes, thresholds } = search;
  const { uniform, columns, lowest } = thresholds;
  const { max } = rows;
  if (!uniform || !(lowest > TINY) || max * columns.length <= SHARE * budget) return lowest;
  const { memory } = rows;
  const step = Math.max(SHARE, Math.ceil((HIT * classes * max) / SAMPLE));
  const room = HIT * classes * Math.ceil(max / step);
  const digits = memory.reserve(DIGITS);
  const start = memory.reserve(room);
  memory.hitsEnd = start;
  rows.eachBlock((count) => scanSome(search, { from: 0, count, step, floor: lowest, end: start + room }));
  const found = (memory.hitsEnd - start) / HIT;
  const wanted = Math.ceil(budget / step);
  if (found <= 2 * wanted) return lowest;
  return Math.max(lowest, memory.kernels.nthHighest(start + 8, HIT, found, wanted, digits));
}

/** Products near the smallest float32 lose their precision, and with it what bounds rely on. */
const TINY = 1e-30;
/** Many times the roundings of two sigmoids and their product. */
const ROUNDING = 2 ** -20;

/** A logit that every score from `score` on has surely reached, its own roundings and those of a product included. */
function floorOf(score: number): number {
  if (!(score > TINY)) return Number.NEGATIVE_INFINITY;
  return float32From(nearLogit(Math.min(score, 1) * (1 - ROUNDING)) - 1e-4);
}
