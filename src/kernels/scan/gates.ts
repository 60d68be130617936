import type { ScanOptions } from './scan.js';

/** What a scan looks for, in float32. */
export interface Gates {
  /** [classes] by column: the lowest float32 that is a hit; NaN: never */
  thresholds: Float32Array;
  /** The lowest of them; NaN when there is none. */
  lowest: number;
  /** Ascending columns to be read. */
  columns: Uint16Array;
  /** For scans by row: `lowest`, 0 and thresholds by column, up to a multiple of 16, NaN for columns that are not read. */
  padded: { open: Float32Array; mask: Float32Array; thresholds: Float32Array };
  /** So many columns are read from the first one on, as a multiple of 16: for them no mask is needed. */
  unmasked: number;
  /** Whether all columns that are read have one threshold. */
  uniform: boolean;
  /** Whether they are neighbours besides. */
  even: boolean;
  single: boolean;
  /** Whether values are logits, and their sigmoids are wanted. */
  activates: boolean;
}

/** Of thresholds, what was last asked with them: images of one run ask for the same. */
const known = new WeakMap<Float64Array, { columns: Uint16Array; gates: Gates }>();

/** The options of a scan in the kernels' terms. */
export function gatesOf({ thresholds, columns, single, activates = false }: ScanOptions): Gates {
  const last = known.get(thresholds);
  if (last?.columns === columns && last.gates.single === single && last.gates.activates === activates)
    return last.gates;
  const gates = makeGates(thresholds, columns, { single, activates });
  known.set(thresholds, { columns, gates });
  return gates;
}

function makeGates(
  thresholds: Float64Array,
  columns: Uint16Array,
  { single, activates }: Pick<Gates, 'single' | 'activates'>,
): Gates {
  const rounded = Float32Array.from(thresholds, float32From); // [classes]
  const wanted = columns.filter((column) => !Number.isNaN(rounded[column]!));
  const lowest = wanted.reduce((low, column) => Math.min(low, rounded[column]!), Number.POSITIVE_INFINITY);
  const read = single ? columns : wanted;
  const uniform = read.every((column) => rounded[column] === lowest);
  const neighbours = read.length > 0 && read.at(-1)! - read[0]! === read.length - 1;
  const padded = paddedGates(rounded, read, lowest);
  const closed = padded.mask.findIndex(Number.isNaN);
  return {
    thresholds: rounded,
    lowest: wanted.length === 0 ? Number.NaN : lowest,
    columns: read,
    padded,
    unmasked: closed < 0 ? padded.mask.length : closed - (closed % STRIDE),
    uniform,
    even: neighbours && uniform,
    single,
    activates,
  };
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

/** The kernels read so many columns at once. */
const STRIDE = 16;

/** As they stand in Gates. @param thresholds  [classes] */
function paddedGates(thresholds: Float32Array, columns: Uint16Array, lowest: number): Gates['padded'] {
  const length = Math.ceil(thresholds.length / STRIDE) * STRIDE;
  const padded = {
    open: new Float32Array(length).fill(Number.NaN),
    mask: new Float32Array(length).fill(Number.NaN),
    thresholds: new Float32Array(length).fill(Number.NaN),
  };
  for (const column of columns) {
    padded.open[column] = lowest;
    padded.mask[column] = 0;
    padded.thresholds[column] = thresholds[column]!;
  }
  return padded;
}
