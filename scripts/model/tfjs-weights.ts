import { complain } from '../../src/errors.js';
import { halfToFloat } from '../../src/kernels/maths/float16.js';
import type { Constant } from './values.js';

/** A group of weights in a TensorFlow.js model.json, packed one after the other into its files. */
export interface WeightGroup {
  paths: string[];
  weights: WeightEntry[];
}

export interface WeightEntry {
  name: string;
  shape: number[];
  dtype: string;
  /** value = stored · scale + min for whole numbers; float16 has neither. */
  quantization?: { dtype: string; scale?: number; min?: number };
}

type ReadNumber = (view: DataView, offset: number) => number;

const STORED: Record<string, { bytes: number; read: ReadNumber }> = {
  float32: { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) },
  int32: { bytes: 4, read: (view, offset) => view.getInt32(offset, true) },
  float16: { bytes: 2, read: (view, offset) => halfToFloat(view.getUint16(offset, true)) },
  uint16: { bytes: 2, read: (view, offset) => view.getUint16(offset, true) },
  uint8: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
};

/**
 * The weights of one group by name, with quantised ones restored.
 *
 * @param group  as in model.json. Not changed.
 * @param bytes  its files, joined in the order of `paths`
 * @throws SigboxError E_MODEL  an unknown number format, or a length that disagrees with the entries.
 */
export function readWeights(group: WeightGroup, bytes: Uint8Array): Map<string, Constant> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const weights = new Map<string, Constant>();
  let offset = 0;
  for (const entry of group.weights) {
    const format = entry.quantization?.dtype ?? entry.dtype;
    const length = entry.shape.reduce((product, dim) => product * dim, 1);
    const end = offset + length * (STORED[format]?.bytes ?? Number.NaN);
    if (!(end <= bytes.length)) throw unreadable(entry, format, bytes.length - offset);
    weights.set(entry.name, { kind: 'constant', shape: entry.shape, data: readEntry(entry, view, offset, length) });
    offset = end;
  }
  if (offset !== bytes.length) {
    throw complain('E_MODEL', { where: 'weights', expected: `${offset} bytes`, received: bytes.length });
  }
  return weights;
}

function readEntry({ name, dtype, quantization }: WeightEntry, view: DataView, offset: number, length: number) {
  const { bytes, read } = STORED[quantization?.dtype ?? dtype];
  const { scale, min } = quantization?.dtype.startsWith('uint') ? quantization : { scale: 1, min: 0 };
  if (scale === undefined || min === undefined) {
    throw complain('E_MODEL', { where: `weight ${name}`, expected: 'a scale and a min', received: undefined });
  }
  const data = dtype === 'int32' ? new Int32Array(length) : new Float32Array(length);
  const restore = dtype === 'int32' ? Math.round : (value: number) => value;
  for (let i = 0; i < length; i++) data[i] = restore(read(view, offset + i * bytes) * scale + min);
  return data;
}

function unreadable({ name }: WeightEntry, format: string, left: number) {
  const known = Object.keys(STORED);
  return known.includes(format)
    ? complain('E_MODEL', { where: `weight ${name}`, expected: 'more bytes in the weight files', received: left })
    : complain('E_MODEL', { where: `weight ${name}`, expected: `one of ${known.join(', ')}`, received: format });
}
