import { complain } from '../../errors.js';
import { asFloat32 } from '../../kernels/maths/as-float32.js';
import type { Tensor, Tensors } from '../../types/model.js';

/** A tensor as its runtime gives it: any number type; `dims` is what tfjs calls its shape. */
export interface RuntimeTensor {
  dims: readonly number[];
  /** Texts, which tensors of onnxruntime may be, are refused. */
  data: ArrayBufferView | readonly number[] | readonly string[];
  /** 'float16' where `data` is a Uint16Array with the bits of halves. */
  type?: string;
}

/**
 * The outputs that a head reads, as float32; the head says which is missing.
 *
 * @throws SigboxError E_ARGUMENT  one that is no tensor of numbers
 */
export function floatTensors(outputs: Readonly<Record<string, RuntimeTensor>>, names: readonly string[]): Tensors {
  if (typeof outputs !== 'object' || outputs === null) {
    const expected = 'outputs to be an object of tensors by name';
    throw complain('E_ARGUMENT', { where: 'postprocess', expected, received: outputs });
  }
  const present = names.filter((name) => outputs[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, floatTensor(name, outputs[name]!)]));
}

function floatTensor(name: string, tensor: RuntimeTensor): Tensor {
  const where = `output "${name}"`;
  if (typeof tensor !== 'object' || tensor === null) {
    throw complain('E_ARGUMENT', { where, expected: 'a tensor { dims, data }', received: tensor });
  }
  const { dims, data, type } = tensor;
  const numbers = asFloat32(data, type);
  if (numbers === null) throw complain('E_ARGUMENT', { where, expected: 'data to be numbers', received: data });
  if (!isDims(dims) || numbers.length !== dims.reduce((product, dim) => product * dim, 1)) {
    const expected = `dims whose product is the ${numbers.length} numbers of data`;
    throw complain('E_ARGUMENT', { where, expected, received: Array.isArray(dims) ? listed(dims) : dims });
  }
  return { dims, data: numbers };
}

function isDims(dims: unknown): dims is readonly number[] {
  return Array.isArray(dims) && dims.every((dim) => Number.isInteger(dim) && dim >= 0);
}

function listed(dims: readonly unknown[]): string {
  return `[${dims.map((dim) => (typeof dim === 'bigint' ? `${dim}n` : String(dim))).join(', ')}]`;
}
