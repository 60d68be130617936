import { kernelMemory } from '../memory.js';

/** Bytes of the table of digits that the kernel needs. */
export const DIGITS = 4 * 2048;

/** The n-th highest of some numbers; null where there are no more than n. NaN not allowed. */
export function nthHighest(values: Float32Array, n: number): number | null {
  if (values.length <= n) return null;
  const memory = kernelMemory();
  return memory.kernels.nthHighest(memory.put(values), 4, values.length, n, memory.reserve(DIGITS));
}
