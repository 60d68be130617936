import { type OnnxNode, type OnnxTensor, type OnnxValue, writeOnnx } from '../../scripts/model/onnx-writer.js';

/** Element types, as TensorProto.DataType numbers them. */
export const TYPE = { float32: 1, uint8: 2, int32: 6, int64: 7, string: 8, bool: 9, float16: 10, float64: 11 } as const;

export interface ValueGiven {
  name: string;
  dims: readonly (number | string)[];
  type?: keyof typeof TYPE;
}

export interface OutputGiven extends Omit<ValueGiven, 'dims'> {
  /** What the file declares, if not the dims of its values; null: no shape. */
  declared?: readonly (number | string)[] | null;
  /** Of its values. */
  dims: readonly number[];
  /** Default zeros */
  values?: ArrayLike<number>;
}

export interface ModelGiven {
  /** What wrote the file. */
  producer?: string;
  inputs?: ValueGiven[];
  outputs: OutputGiven[];
  metadata?: Record<string, string>;
  /** More nodes, whose outputs nobody reads. */
  nodes?: OnnxNode[];
  /** What these read beside the picture. */
  constants?: Record<string, number[]>;
}

const IMAGES: ValueGiven = { name: 'images', dims: [1, 3, 64, 64] };

/** A node that reads a value and whose own nobody reads: a family's graph has such an operator. */
export function operator(opType: string, value: string): OnnxNode {
  return { opType, name: `${opType} of ${value}`, inputs: [value], outputs: [`${opType} of ${value}`] };
}

/** An ONNX file whose outputs are always the same, whatever its inputs hold. */
export function onnxModel({
  producer,
  inputs = [IMAGES],
  outputs,
  metadata = {},
  nodes = [],
  constants = {},
}: ModelGiven): Buffer {
  const initializers = outputs.map(({ name, dims, values }): OnnxTensor => {
    const count = dims.reduce((product, dim) => product * dim, 1);
    return {
      name: `${name} values`,
      dims: [...dims],
      data: Float32Array.from({ length: count }, (_, i) => values?.[i] ?? 0),
    };
  });
  for (const [name, values] of Object.entries(constants)) {
    initializers.push({
      name,
      dims: values.length === 1 ? [] : [1, values.length, 1, 1],
      data: Float32Array.from(values),
    });
  }
  const cast = ({ name, type = 'float32' }: OutputGiven): OnnxNode => {
    const attributes = { to: TYPE[type] };
    return { opType: 'Cast', name, inputs: [`${name} values`], outputs: [name], attributes };
  };
  const typed = ({ name, type = 'float32' }: Omit<ValueGiven, 'dims'>, dims: OnnxValue['dims']) => ({
    name,
    dims,
    type: TYPE[type],
  });
  return Buffer.from(
    writeOnnx({
      name: 'test',
      ...(producer === undefined ? {} : { producer }),
      nodes: [...outputs.map(cast), ...nodes],
      initializers,
      inputs: inputs.map((input) => typed(input, input.dims)),
      outputs: outputs.map((output) => typed(output, output.declared === undefined ? output.dims : output.declared)),
      metadata,
    }),
  );
}
