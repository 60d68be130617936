import type { ScanThresholds } from '../../types/plan.js';
import type { KernelMemory } from '../memory.js';

/** The kernels read so many columns at once. */
const STRIDE = 16;

export interface ScanThresholdOptions {
  /** [classes] a value v is a hit when v ≥ threshold; NaN: never. In the same space as the values (logits: logits). */
  thresholds: ArrayLike<number>;
  /** Ascending columns that take part. With `single`, the ones that compete for a row. */
  columns: Uint16Array;
  single: boolean;
  /** Whether values are logits, and hits are to have their sigmoids. Default false */
  activates?: boolean;
}

/** Thresholds as scans take them: in float32, with what a scan has to know of them. */
export function scanThresholds(options: ScanThresholdOptions): ScanThresholds {
  const { thresholds, columns, single, activates = false } = options;
  const values = new Float32Array(STRIDE * Math.ceil(thresholds.length / STRIDE)).fill(Number.NaN);
  let [lowest, highest, wanted] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  let [threshold, value] = [Number.NaN, Number.NaN]; // mostly those of the column before
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i]!;
    const own = thresholds[column]!;
    if (Number.isNaN(own)) continue;
    if (own !== threshold) [threshold, value] = [own, float32From(own)];
    values[column] = value;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    wanted++;
  }
  const isWanted = (column: number) => !Number.isNaN(values[column]!);
  const read = single || wanted === columns.length ? columns : columns.filter(isWanted);
  const uniform = lowest === highest && wanted === read.length;
  const neighbours = read.length > 0 && read.at(-1)! - read[0]! === read.length - 1;
  if (wanted === 0) lowest = Number.NaN;
  return { values, lowest, columns: read, single, activates, uniform, even: neighbours && uniform };
}

/** The lowest float32 that is not below a number: v ≥ number and v ≥ float32From(number) say the same of any float32 v. */
export function float32From(number: number): number {
  const nearest = Math.fround(number);
  return nearest < number ? float32Above(nearest) : nearest;
}

/** The highest float32 below a number above −∞. */
export function float32Below(float32: number): number {
  return -float32Above(-float32);
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

function float32Above(float32: number): number {
  if (float32 === 0) return 2 ** -149;
  float[0] = float32;
  bits[0]! += float32 > 0 ? 1 : -1;
  return float[0]!;
}

/** Thresholds that are nowhere below a floor; NaN stays. */
export function raisedTo(floor: number, thresholds: Float32Array): Float32Array {
  const raised = thresholds.slice();
  for (let i = 0; i < raised.length; i++) raised[i] = Math.max(raised[i]!, floor);
  return raised;
}

/** Lays down an array by column, as long as the thresholds: a value for columns that are read, NaN for the others. */
export function putByColumn(memory: KernelMemory, { columns, values }: ScanThresholds, value: number): number {
  const start = memory.reserve(4 * values.length);
  const laid = memory.f32(start, values.length);
  laid.fill(Number.NaN);
  for (let i = 0; i < columns.length; i++) laid[columns[i]!] = value;
  return start;
}

/** How many columns from the first one on are all read, as a multiple of 16: for them kernels need no mask. */
export function unmaskedColumns({ columns }: ScanThresholds): number {
  let first = 0;
  while (first < columns.length && columns[first] === first) first++;
  return first - (first % STRIDE);
}
