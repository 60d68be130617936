/**
 * Writes ONNX models: the few protobuf messages that a converted detector needs, and no library for them.
 *
 * Source: onnx.proto (field numbers are its), Protocol Buffers encoding (varint, length-delimited).
 */

export interface OnnxNode {
  opType: string;
  /** Default: ONNX's own */
  domain?: string;
  name: string;
  inputs: string[];
  outputs: string[];
  attributes?: Record<string, number | number[]>;
}

export interface OnnxTensor {
  name: string;
  dims: number[];
  data: Float32Array | BigInt64Array;
}

export interface OnnxValue {
  name: string;
  /** A text: a dim of any size. null: nothing is said of the shape. */
  dims: readonly (number | string)[] | null;
  /** TensorProto.DataType. Default 1, float32 */
  type?: number;
}

export interface OnnxModel {
  name: string;
  /** What writes the file. Default sigbox */
  producer?: string;
  nodes: OnnxNode[];
  initializers: OnnxTensor[];
  inputs: OnnxValue[];
  outputs: OnnxValue[];
  metadata: Record<string, string>;
}

// The pair of ONNX 1.8 (2020): old enough for onnxruntime 1.6 and later, new enough for Clip with tensor bounds.
const IR_VERSION = 7;
const OPSET_VERSION = 13;

const TENSOR_FLOAT = 1;
const TENSOR_INT64 = 7;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

/**
 * The model as the bytes of an .onnx file; the same model always gives the same bytes.
 *
 * @param model  nodes in an order in which every input comes before its use. Not changed.
 */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const message = new Message();
  message.int(1, IR_VERSION);
  message.text(2, model.producer ?? 'sigbox');
  message.child(7, (graph) => writeGraph(graph, model));
  message.child(8, (opset) => {
    opset.text(1, '');
    opset.int(2, OPSET_VERSION);
  });
  for (const [key, value] of Object.entries(model.metadata)) {
    message.child(14, (entry) => {
      entry.text(1, key);
      entry.text(2, value);
    });
  }
  return message.bytes();
}

function writeGraph(graph: Message, model: OnnxModel): void {
  for (const node of model.nodes) graph.child(1, (message) => writeNode(message, node));
  graph.text(2, model.name);
  for (const tensor of model.initializers) graph.child(5, (message) => writeTensor(message, tensor));
  for (const input of model.inputs) graph.child(11, (message) => writeValue(message, input));
  for (const output of model.outputs) graph.child(12, (message) => writeValue(message, output));
}

function writeNode(message: Message, node: OnnxNode): void {
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  message.text(3, node.name);
  message.text(4, node.opType);
  if (node.domain !== undefined) message.text(7, node.domain);
  for (const [name, value] of Object.entries(node.attributes ?? {})) {
    message.child(5, (attribute) => {
      attribute.text(1, name);
      if (typeof value === 'number') attribute.int(3, value);
      else for (const item of value) attribute.int(8, item);
      attribute.int(20, typeof value === 'number' ? ATTRIBUTE_INT : ATTRIBUTE_INTS);
    });
  }
}

function writeTensor(message: Message, { name, dims, data }: OnnxTensor): void {
  for (const dim of dims) message.int(1, dim);
  message.int(2, data instanceof Float32Array ? TENSOR_FLOAT : TENSOR_INT64);
  message.text(8, name);
  message.block(9, littleEndian(data));
}

function writeValue(message: Message, { name, dims, type: elementType = TENSOR_FLOAT }: OnnxValue): void {
  message.text(1, name);
  message.child(2, (type) => {
    type.child(1, (tensor) => {
      tensor.int(1, elementType);
      if (dims === null) return;
      tensor.child(2, (shape) => {
        for (const dim of dims) {
          shape.child(1, (dimension) => (typeof dim === 'number' ? dimension.int(1, dim) : dimension.text(2, dim)));
        }
      });
    });
  });
}

/** ONNX stores numbers little-endian, whatever the machine that writes them does. */
function littleEndian(data: Float32Array | BigInt64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(data.byteLength));
  if (data instanceof Float32Array) {
    for (let i = 0; i < data.length; i++) view.setFloat32(4 * i, data[i], true);
  } else {
    for (let i = 0; i < data.length; i++) view.setBigInt64(8 * i, data[i], true);
  }
  return new Uint8Array(view.buffer);
}

/** One protobuf message that grows field by field. */
class Message {
  readonly #parts: Uint8Array[] = [];

  int(field: number, value: number): void {
    this.#varint(field << 3);
    this.#varint(value);
  }

  block(field: number, bytes: Uint8Array): void {
    this.#varint((field << 3) | 2);
    this.#varint(bytes.length);
    this.#parts.push(bytes);
  }

  text(field: number, value: string): void {
    this.block(field, Buffer.from(value, 'utf8'));
  }

  child(field: number, write: (message: Message) => void): void {
    const message = new Message();
    write(message);
    this.block(field, message.bytes());
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }

  /** Seven bits per byte, lowest first; division, because shifts would cut the number to 32 bits. */
  #varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no unsigned whole number`);
    const bytes: number[] = [];
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
    bytes.push(rest);
    this.#parts.push(Uint8Array.from(bytes));
  }
}
