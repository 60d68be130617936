import { writeOnnx } from '../../scripts/model/onnx-writer.js';
import { TYPE } from '../support/onnx.js';

const IMAGE = [1, 3, 2, 4];

/** An ONNX file of one input `images` [1, 3, 2, 4], and two outputs: `same`, the input, and `dims`, its shape as int64. */
export function smallModel(metadata: Record<string, string> = {}): Buffer {
  const node = (opType: string, output: string) => ({ opType, name: output, inputs: ['images'], outputs: [output] });
  const onnx = writeOnnx({
    name: 'small',
    nodes: [node('Identity', 'same'), node('Shape', 'dims')],
    initializers: [],
    inputs: [{ name: 'images', dims: IMAGE }],
    outputs: [
      { name: 'same', dims: IMAGE },
      { name: 'dims', dims: [4], type: TYPE.int64 },
    ],
    metadata,
  });
  return Buffer.from(onnx);
}

type Type = keyof typeof TYPE;

/** An ONNX file of one input `images` of a type, and one output: `same`, the input in another type. */
export function castModel(from: Type, to: Type, dims: (number | string)[] = IMAGE): Buffer {
  const cast = { opType: 'Cast', name: 'cast', inputs: ['images'], outputs: ['same'], attributes: { to: TYPE[to] } };
  const onnx = writeOnnx({
    name: 'cast',
    nodes: [cast],
    initializers: [],
    inputs: [{ name: 'images', dims, type: TYPE[from] }],
    outputs: [{ name: 'same', dims, type: TYPE[to] }],
    metadata: {},
  });
  return Buffer.from(onnx);
}
