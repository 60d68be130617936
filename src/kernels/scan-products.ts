import { nearLogit } from './activation.js';
import { type Gates, makeGates } from './gates.js';
import { kernelMemory } from './memory.js';
import { rowsFrom } from './rows-from.js';
import type { Hits, ScanOptions, ScoreMatrix } from './scan.js';
import { scanSomeRows } from './scan-by-row.js';
import { sigmoidAll } from './sigmoid-all.js';

/** Of which rows one is looked at to learn how high the scores are. */
const SHARE = 16;

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
  const { thresholds, columns, single, enough = Number.POSITIVE_INFINITY } = options;
  const { data, objectness, rowStep } = matrix;
  const wanted = columns.filter((column) => !Number.isNaN(thresholds[column]!));
  const lowest = wanted.reduce((low, column) => Math.min(low, thresholds[column]!), Number.POSITIVE_INFINITY);
  const rows = rowsFrom(matrix, floorOf(lowest));
  const factors = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) factors[i] = data[objectness!.start + rows[i]! * rowStep]!;
  sigmoidAll(factors);
  const competing = single ? columns : wanted;
  const gates = makeGates(new Float64Array(thresholds.length).fill(Number.NEGATIVE_INFINITY), competing, NOTHING_MORE);
  const factored: Factored = { matrix, gates, rows, factors, lowest };
  const isOne = wanted.every((column) => thresholds[column] === lowest);
  if (!single && isOne && lowest > TINY && rows.length * wanted.length > SHARE * enough) {
    const floor = raisedFloor(factored, enough);
    if (floor > lowest) return bestProducts(factored, floor);
  }
  return pick(single && lowest > TINY ? bestOfRows(factored) : allProducts(factored), thresholds, single);
}

const NOTHING_MORE = { single: false, activates: false };

/** Rows that may have hits, with the sigmoid of their objectness. */
interface Factored {
  matrix: ScoreMatrix;
  gates: Gates;
  rows: Uint32Array;
  factors: Float32Array;
  /** The lowest threshold. */
  lowest: number;
}

/** Every product that may reach the lowest threshold. */
function allProducts({ matrix, gates, rows, factors, lowest }: Factored): Hits {
  const hits = scanSomeRows(matrix, gates, { rows, bounds: boundsOf(factors, { low: lowest }) });
  multiply(hits, rows, factors);
  return hits;
}

/** Of each row, the products that may be its best one. */
function bestOfRows({ matrix, gates, rows, factors, lowest }: Factored): Hits {
  const hits = scanSomeRows(matrix, gates, { rows, bounds: boundsOf(factors, { low: lowest }), highest: true });
  multiply(hits, rows, factors);
  return hits;
}

/** A product from which on there are about enough, by what some of the rows have; 0 where there are not many more. */
function raisedFloor({ rows, factors, ...rest }: Factored, enough: number): number {
  const some = { rows: new Uint32Array(Math.ceil(rows.length / SHARE)), factors: new Float32Array(0) };
  some.factors = new Float32Array(some.rows.length);
  for (let i = 0; i < some.rows.length; i++) {
    some.rows[i] = rows[i * SHARE]!;
    some.factors[i] = factors[i * SHARE]!;
  }
  const sample = allProducts({ ...rest, ...some }).values.sort();
  const wanted = Math.ceil(enough / SHARE);
  return sample.length > 2 * wanted ? sample[sample.length - wanted]! : 0;
}

/** The products of at least `floor`, and how many reach the threshold, which is the lowest for all. */
function bestProducts({ matrix, gates, rows, factors, lowest }: Factored, floor: number): Hits {
  const bounds = boundsOf(factors, { low: lowest, sure: lowest, raised: floor });
  const { certain = 0, ...hits } = scanSomeRows(matrix, gates, { rows, bounds });
  const logits = hits.values.slice();
  const factorOf = multiply(hits, rows, factors);
  let total = certain;
  for (let i = 0; i < logits.length; i++) {
    if (logits[i]! < bounds[3 * factorOf[i]! + 1]! && hits.values[i]! >= lowest) total++;
  }
  return { ...pick(hits, new Float64Array(gates.thresholds.length).fill(floor), false), floor, total };
}

/**
 * @param scores  `low` and, where not all from there on is wanted, `sure` and `raised`
 * @returns [factors, 3] logits, as `scanSomeRows` takes them
 */
function boundsOf(
  factors: Float32Array,
  {
    low,
    sure = Number.POSITIVE_INFINITY,
    raised = Number.POSITIVE_INFINITY,
  }: { low: number; sure?: number; raised?: number },
): Float32Array {
  const memory = kernelMemory();
  const given = memory.put(factors);
  const bounds = memory.reserve(12 * factors.length + 36);
  memory.kernels.factorBounds(given, factors.length, low, sure, raised, bounds);
  return memory.copyF32(bounds, 3 * factors.length);
}

/** Turns the logits of hits into scores. @returns the number of each hit's factor */
function multiply({ rows, values }: Hits, factorRows: Uint32Array, factors: Float32Array): Uint32Array {
  sigmoidAll(values);
  const factorOf = new Uint32Array(rows.length); // [hits]
  for (let i = 0, k = 0; i < values.length; i++) {
    while (factorRows[k] !== rows[i]) k++;
    values[i]! *= factors[k]!;
    factorOf[i] = k;
  }
  return factorOf;
}

/** Products near the smallest float32 lose their precision, and with it what bounds rely on. */
const TINY = 1e-30;
/** Many times the roundings of two sigmoids and their product. */
const ROUNDING = 2 ** -20;

/** A logit that every score from `score` on has surely reached, its own roundings and those of a product included. */
function floorOf(score: number): number {
  if (!(score > TINY)) return Number.NEGATIVE_INFINITY;
  return nearLogit(Math.min(score, 1) * (1 - ROUNDING)) - 1e-4;
}

/** The hits over their thresholds; with `single` only the best of each row competes (ties: lower column). */
function pick({ rows, classIds, values }: Hits, thresholds: Float64Array, single: boolean): Hits {
  let count = 0;
  for (let i = 0, next = 0; i < rows.length; i = next) {
    let best = i;
    for (next = i + 1; single && next < rows.length && rows[next] === rows[i]; next++) {
      if (values[next]! > values[best]!) best = next;
    }
    if (!(values[best]! >= thresholds[classIds[best]!]!)) continue;
    rows[count] = rows[best]!;
    classIds[count] = classIds[best]!;
    values[count++] = values[best]!;
  }
  return { rows: rows.slice(0, count), classIds: classIds.slice(0, count), values: values.slice(0, count) };
}
