import { nearLogit } from '../maths/activation.js';
import { FactoredRows } from './factored-rows.js';
import { float32From, type Gates, gatesOf } from './gates.js';
import { HIT, HitList } from './hit-list.js';
import { DIGITS } from './nth-highest.js';
import { type Hits, noHits, type ScanOptions, type ScoreMatrix } from './scan.js';

/** Of which rows one is looked at to learn how high the scores are, or of more where its hits would take more bytes. */
const SHARE = 16;
const SAMPLE = 1024 * 1024;

/**
 * Finds the scores sigmoid(objectness) · sigmoid(class) that reach their class's threshold, in a matrix of logits with
 * objectness. The same as `scan` of a matrix whose every number went through sigmoid before, without most of that: logits
 * are compared first, against bounds that let pass a little too much.
 *
 * @param options.thresholds  [classes] scores
 * @param options.enough      as of `scan`; has an effect on multi-label scans with one threshold for all classes
 * @returns hits by row, then by column; values are scores, products of float32
 */
export function scanProducts(matrix: ScoreMatrix, options: ScanOptions): Hits {
  const gates = gatesOf(options);
  if (Number.isNaN(gates.lowest)) return noHits();
  const search = searchOf(matrix, gates);
  const { rows } = search;
  const { memory } = rows;
  const floor = gates.single ? gates.lowest : raisedFloor(search, options.enough ?? Number.POSITIVE_INFINITY);
  const hits = new HitList(memory);
  memory.reached = 0;
  rows.eachBlock((count) => {
    hits.collect(count, (from, end) => scanSome(search, { from, count, step: 1, floor, end }));
  });
  const total = memory.reached;
  const found = hits.inOrder(false);
  return floor > gates.lowest ? Object.assign(found, { floor, total }) : found;
}

/** What is looked for, and where it lies in the kernels' memory. */
interface Search {
  rows: FactoredRows;
  gates: Gates;
  classes: number;
  mask: number;
  thresholds: number;
}

function searchOf(matrix: ScoreMatrix, gates: Gates): Search {
  const rows = new FactoredRows(matrix, floorOf(gates.lowest), true);
  const mask = rows.memory.put(gates.padded.mask);
  const thresholds = rows.memory.put(gates.padded.thresholds);
  return { rows, gates, classes: matrix.classes, mask, thresholds };
}

/** Some of the rows that lie there: one of `step`, up to count. @returns how many are done */
function scanSome(
  { rows, gates, classes, mask, thresholds }: Search,
  { from, count, step, floor, end }: { from: number; count: number; step: number; floor: number; end: number },
): number {
  const { together, rowBytes, memory } = rows;
  const { single, lowest } = gates;
  const values = together ? rows.values + from * rowBytes : rows.values;
  const joined = Number(together);
  const names = rows.names + 4 * from;
  const factors = rows.factors + 4 * from;
  const left = count - from;
  const open = 4 * gates.unmasked;
  const { scanProducts: all, bestProducts: best } = memory.kernels;
  return single
    ? best(values, joined, names, factors, left, rowBytes, mask, open, thresholds, classes, lowest, end)
    : all(values, joined, names, factors, left, step, rowBytes, mask, open, thresholds, classes, lowest, floor, end);
}

/**
 * A product from which on there are about enough, by what some of the rows have; the lowest threshold where there are not many
 * more, or products can't be told apart well.
 */
function raisedFloor(search: Search, enough: number): number {
  const { rows, classes, gates } = search;
  const { uniform, columns, lowest } = gates;
  const most = rows.atMost;
  if (!uniform || !(lowest > TINY) || most * columns.length <= SHARE * enough) return lowest;
  const { memory } = rows;
  const step = Math.max(SHARE, Math.ceil((HIT * classes * most) / SAMPLE));
  const room = HIT * classes * Math.ceil(most / step);
  const digits = memory.reserve(DIGITS);
  const start = memory.reserve(room);
  memory.hitsEnd = start;
  rows.eachBlock((count) => scanSome(search, { from: 0, count, step, floor: lowest, end: start + room }));
  const found = (memory.hitsEnd - start) / HIT;
  const wanted = Math.ceil(enough / step);
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
