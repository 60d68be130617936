import { type KernelMemory, kernelMemory } from './memory.js';

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

/** Bytes of four boxes, and of a table of digits. */
const GROUP = 64;
const TABLE = 4 * 2048;

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
  const most = Math.min(n, options.maxDetections, options.maxCandidates);
  const lists = 1 + buckets.reduce((highest, bucket) => Math.max(highest, bucket), 0);
  const memory = kernelMemory();
  const arrays = [scores, classIds, boxes, buckets, iouThresholds].map((array) => memory.put(array));
  const tables = [4 * n, 8 * n, 8 * n, TABLE, TABLE].map((bytes) => memory.reserve(bytes));
  const zeros = [lists, lists, buckets.length].map((length) => memory.put(new Uint32Array(length)));
  const groups = memory.reserve(GROUP * (Math.ceil(n / 4) + Math.min(lists, n)));
  const kept = memory.reserve(4 * most);
  const chains = putChains(memory, boxes, options);
  const given = memory.put(Uint32Array.of(...arrays, ...tables, ...zeros, groups, ...chains));
  const [candidates, perClass] = [Math.min(n, options.maxCandidates), Math.min(n, options.maxPerClass)];
  const count = memory.kernels.suppress(given, n, candidates, most, perClass, lists, kept);
  return memory.u32(kept, count).slice();
}

/** Candidates from which on kept boxes are looked up by their places as well. */
const MANY = 1000;

/** @returns address and mask of the table of chains, address of the chains' links, address of the cells per unit */
function putChains(memory: KernelMemory, boxes: Float32Array, { iouThresholds }: GreedyOptions): number[] {
  const n = boxes.length / 4;
  if (n < MANY) return [0, 0, 0, 0];
  const length = 2 ** Math.ceil(Math.log2(n / 8));
  const table = memory.reserve(4 * length);
  memory.u32(table, length).fill(0);
  // A cell is as wide as the usual box reaches, so that a few cells hold all that may be the same as one.
  const lowest = iouThresholds.reduce((low, threshold) => Math.min(low, threshold), 1);
  const cell = 2 * Math.max(0.1, 1 - lowest) * meanSide(boxes);
  const links = memory.reserve(4 * n);
  return [table, length - 1, links, memory.put(Float64Array.of(1 / cell))];
}

/** Of a sample; boxes that are none do not count. */
function meanSide(boxes: Float32Array): number {
  const step = 4 * Math.ceil(boxes.length / 4096);
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
export function orderByScore(scores: Float32Array): Uint32Array {
  const n = scores.length;
  const memory = kernelMemory();
  const given = memory.put(scores);
  const [keys, scratch, digits, order] = [8 * n, 8 * n, TABLE, 4 * n].map((bytes) => memory.reserve(bytes)) as [
    number,
    number,
    number,
    number,
  ];
  memory.kernels.orderByScore(given, n, keys, scratch, digits, order);
  return memory.u32(order, n).slice();
}
