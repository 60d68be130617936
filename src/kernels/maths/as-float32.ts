import { fromFloat16 } from './float16.js';

/**
 * The numbers of a tensor as float32, whatever type they have: class numbers and counts are far below 2^24.
 *
 * @param data  not changed; given back as it is where it is float32 already
 * @param type  'float16' where a Uint16Array holds the bits of halves, as older runtimes give them
 * @returns null for what holds no numbers
 */
export function asFloat32(data: unknown, type?: string): Float32Array | null {
  if (data instanceof Float32Array) return data;
  if (type === 'float16' && data instanceof Uint16Array) return fromFloat16(data);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float32Array.from(data, Number);
  if (Array.isArray(data)) return data.every((value) => typeof value === 'number') ? Float32Array.from(data) : null;
  const numbers = ArrayBuffer.isView(data) && !(data instanceof DataView);
  return numbers ? Float32Array.from(data as Float64Array) : null;
}
