import { complain } from '../errors.js';
import type { Tensor, Tensors } from '../types/model.js';

/**
 * The output a spec names, after a check of its dims.
 *
 * @param dims  −1: any number
 * @throws SigboxError E_MODEL  no such output, or other dims
 */
export function outputOf(outputs: Tensors, name: string, dims: readonly number[]): Tensor {
  const tensor = present(outputs, name);
  const fits = tensor.dims.length === dims.length && dims.every((d, i) => d === -1 || d === tensor.dims[i]);
  if (!fits) throw wrongDims(name, dims, tensor);
  return tensor;
}

/**
 * An output as a matrix of rows. Dims of 1 before or between do not count: [1, n, 1, 4] and [n, 4] are both n rows of 4.
 *
 * @param columns  −1: as many as there are
 * @throws SigboxError E_MODEL  no such output, more than one image, or another number of columns
 */
export function outputRows(
  outputs: Tensors,
  name: string,
  columns: number,
): { data: Float32Array; rows: number; columns: number } {
  const { data, dims } = present(outputs, name);
  const found = dims.at(-1) ?? 1;
  const rows = found === 0 ? 0 : data.length / found;
  const longest = Math.max(1, ...dims.slice(0, -1));
  const others = dims.slice(0, -1).reduce((product, d) => product * d, 1);
  if ((columns !== -1 && found !== columns) || (rows > 0 && others !== longest)) {
    throw wrongDims(name, [1, -1, columns], { data, dims });
  }
  return { data, rows, columns: found };
}

/** An output of one number per row, [1, n], [n] or [1, n, 1]. */
export function outputValues(outputs: Tensors, name: string, count: number): Float32Array {
  const { data, dims } = present(outputs, name);
  if (data.length !== count) throw wrongDims(name, [1, count], { data, dims });
  return data;
}

function present(outputs: Tensors, name: string): Tensor {
  const tensor = outputs[name];
  if (tensor !== undefined) return tensor;
  throw complain('E_MODEL', {
    where: `output "${name}"`,
    expected: 'an output of the model',
    received: Object.keys(outputs).join(', '),
    mend: 'Correct the head in the spec.',
  });
}

function wrongDims(name: string, dims: readonly number[], tensor: Tensor) {
  return complain('E_MODEL', {
    where: `output "${name}"`,
    expected: `dims [${dims.map((d) => (d === -1 ? 'n' : d)).join(', ')}]`,
    received: `[${tensor.dims.join(', ')}]`,
    mend: 'The spec (labels, head) must belong to this model.',
  });
}
