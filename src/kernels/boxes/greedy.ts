import { type KernelMemory, kernelMemory } from '../memory.js';

export interface GreedyOptions {
  /** [classes] of two boxes, the one with the lower score goes when their IoU > threshold of its class. In [0, 1]. */
  iouThresholds: Float64Array;
  /** [classes] only boxes of one bucket are compared. */
  buckets: Uint16Array;
  /** Only so many, the ones with the highest scores, are looked at. */
  maxCandidates: number;
  maxDetections: number;
  maxPerClass: number;
}

/** Bytes of four boxes, of a table of digits, and of a number for each bucket that there may be. */
const GROUP = 64;
const TABLE = 4 * 2048;
const BUCKETS = 4 * 65536;
/** As in assembly/near.ts and assembly/suppress.ts. */
const ENTRY = 32;
const STAGED = 128;

/**
 * Greedy suppression within buckets, in double precision.
 *
 * @param scores    [n] NaN not allowed. Not changed.
 * @param classIds  [n]
 * @param boxes     [n, 4] xyxy. Boxes that do not overlap, or are empty, inverted or NaN, are never the same.
 * @returns kept candidate numbers, highest score first; equal scores: lower number first.
 *
 * Candidates are sorted in portions as they are needed; kept boxes of a bucket are compared four at a time, and only the
 * ones that overlap are measured. Of many kept boxes, only those nearby are looked at: O(n log n) for boxes that lie apart.
 */
export function greedy(
  scores: Float32Array,
  classIds: Uint16Array,
  boxes: Float32Array,
  options: GreedyOptions,
): Uint32Array {
  const n = scores.length;
  const { iouThresholds, buckets } = options;
  const max = Math.min(n, options.maxDetections, options.maxCandidates);
  const classes = buckets.length;
  const memory = kernelMemory();
  const addresses = Uint32Array.of(
    memory.put(scores),
    memory.put(classIds),
    memory.put(boxes),
    memory.put(buckets),
    memory.put(iouThresholds),
    memory.reserve(4 * n),
    memory.reserve(8 * n),
    memory.reserve(8 * n),
    memory.reserve(TABLE),
    memory.reserve(TABLE),
    memory.reserve(BUCKETS),
    memory.reserve(BUCKETS),
    memory.reserve(4 * classes),
    memory.reserve(GROUP * (Math.ceil(n / 4) + Math.min(classes, n))),
    ...putChains(memory, boxes, options),
    memory.reserve(ENTRY * STAGED),
  );
  const keep = memory.reserve(4 * max);
  const table = memory.put(addresses);
  const [candidates, perClass] = [Math.min(n, options.maxCandidates), Math.min(n, options.maxPerClass)];
  const count = memory.kernels.suppress(table, n, candidates, max, perClass, classes, keep);
  return memory.copyU32(keep, count);
}

/** Candidates from which on kept boxes are looked up by their places as well. */
const MANY = 1000;

/** @returns address and mask of the table of chains, address of the chains' entries, address of the cells per unit */
function putChains(memory: KernelMemory, boxes: Float32Array, { iouThresholds }: GreedyOptions): number[] {
  const n = boxes.length / 4;
  if (n < MANY) return [0, 0, 0, 0];
  const length = 2 ** Math.ceil(Math.log2(n / 2));
  const table = memory.reserve(4 * length);
  memory.u32(table, length).fill(0);
  // A cell is as wide as the usual box reaches, so that a few cells hold all that may be the same as one.
  const lowest = iouThresholds.reduce((low, threshold) => Math.min(low, threshold), 1);
  const cell = 2 * Math.max(0.1, 1 - lowest) * meanSide(boxes);
  const entries = memory.reserve(ENTRY * (n + 1));
  memory.u32(entries, 1)[0] = 0;
  return [table, length - 1, entries, memory.put(Float64Array.of(1 / cell))];
}

const SAMPLE = 256;

/** Of a sample; boxes that are none do not count. */
function meanSide(boxes: Float32Array): number {
  const step = 4 * Math.ceil(boxes.length / 4 / SAMPLE);
  let [sum, count] = [0, 0];
  for (let i = 0; i < boxes.length; i += step) {
    const area = (boxes[i + 2]! - boxes[i]!) * (boxes[i + 3]! - boxes[i + 1]!);
    if (!(area > 0 && area < Number.POSITIVE_INFINITY)) continue;
    sum += Math.sqrt(area);
    count++;
  }
  return count === 0 ? 1 : sum / count;
}

/** @returns candidate numbers, highest score first; equal scores: lower number first. NaN not allowed. */
export function scoreOrder(scores: Float32Array): Uint32Array {
  const n = scores.length;
  const memory = kernelMemory();
  const start = memory.put(scores);
  const [keys, scratch, digits, order] = [8 * n, 8 * n, TABLE, 4 * n].map((bytes) => memory.reserve(bytes)) as [
    number,
    number,
    number,
    number,
  ];
  memory.kernels.orderByScore(start, n, keys, scratch, digits, order);
  return memory.copyU32(order, n);
}
