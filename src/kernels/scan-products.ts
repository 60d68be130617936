import { nearLogit } from './activation.js';
import type { Gates } from './gates.js';
import { rowsFrom } from './rows-from.js';
import type { Hits, ScanOptions, ScoreMatrix } from './scan.js';
import { scanSomeRows } from './scan-by-row.js';
import { sigmoidAll } from './sigmoid-all.js';

/**
 * Finds the scores sigmoid(objectness) · sigmoid(class) that reach their class's threshold, in a matrix of logits with
 * objectness. The same as `scan` of a matrix whose every number went through sigmoid before, without most of that: logits
 * are compared first, against bounds that let pass a little too much.
 *
 * @param options.thresholds  [classes] scores
 * @returns hits by row, then by column; values are scores, products of float32
 */
export function scanProducts(matrix: ScoreMatrix, { thresholds, columns, single }: ScanOptions): Hits {
  const { data, objectness, rowStep } = matrix;
  const wanted = columns.filter((column) => !Number.isNaN(thresholds[column]!));
  const lowest = wanted.reduce((low, column) => Math.min(low, thresholds[column]!), Number.POSITIVE_INFINITY);
  const rows = rowsFrom(matrix, floorOf(lowest));
  const factors = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) factors[i] = data[objectness!.start + rows[i]! * rowStep]!;
  sigmoidAll(factors);
  const gates: Gates = {
    thresholds: new Float32Array(thresholds.length).fill(Number.NEGATIVE_INFINITY),
    lowest: Number.NEGATIVE_INFINITY,
    columns: single ? columns : wanted,
    single: false,
  };
  const hits = scanSomeRows(matrix, gates, { rows, floors: factors.map((factor) => floorOf(lowest / factor)) });
  multiply(hits, rows, factors);
  return pick(hits, thresholds, single);
}

/** Turns the logits of hits into scores. */
function multiply({ rows, values }: Hits, factorRows: Uint32Array, factors: Float32Array): void {
  sigmoidAll(values);
  for (let i = 0, k = 0; i < values.length; i++) {
    while (factorRows[k] !== rows[i]) k++;
    values[i]! *= factors[k]!;
  }
}

/** A logit that every score from `score` on has surely reached, its own roundings and those of a product included. */
function floorOf(score: number): number {
  if (!(score > 1e-30)) return Number.NEGATIVE_INFINITY; // products near the smallest float32 lose their precision
  return nearLogit(Math.min(score, 1) * (1 - 2 ** -20)) - 1e-4;
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
