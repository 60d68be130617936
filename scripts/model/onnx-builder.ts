import type { OnnxNode, OnnxTensor, OnnxValue } from './onnx-writer.js';
import { type Computed, type Constant, type Convolution, sizeOf, type Value } from './values.js';

/** The ONNX graph while it grows; every node has one output, which carries the node's name. */
export class OnnxBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  readonly inputs: OnnxValue[] = [];
  readonly #written = new Map<Convolution, Computed>();
  readonly #shared = new Map<number, string>();

  node(opType: string, name: string, inputs: string[], attributes: OnnxNode['attributes'] = {}): string {
    this.nodes.push({ opType, name, inputs, outputs: [name], attributes });
    return name;
  }

  floats(name: string, { shape, data }: Constant): string {
    this.initializers.push({ name, dims: shape, data: Float32Array.from(data) });
    return name;
  }

  integers(name: string, values: number[]): string {
    this.initializers.push({ name, dims: [values.length], data: BigInt64Array.from(values, BigInt) });
    return name;
  }

  /** A scalar, stored once however often it is used. */
  scalar(value: number): string {
    const name = this.#shared.get(value) ?? this.floats(`scalar/${value}`, constant([], Float32Array.of(value)));
    this.#shared.set(value, name);
    return name;
  }

  /** The value as something that the graph computes: a convolution that still waits is written now. */
  computed(value: Value, name: string): Computed {
    if (value.kind === 'computed') return value;
    if (value.kind === 'convolution') {
      const done = this.#written.get(value) ?? this.#convolution(value);
      this.#written.set(value, done);
      return done;
    }
    this.node('Identity', name, [this.floats(`${name}/value`, value)]);
    return { kind: 'computed', name, shape: value.shape, layout: 'same' };
  }

  /** Whether something uses the convolution already as it is. */
  hasWritten(convolution: Convolution): boolean {
    return this.#written.has(convolution);
  }

  /** Name of the value in TensorFlow's order of axes. */
  inTensorFlowOrder({ name, layout }: Computed): string {
    return layout === 'same' ? name : this.node('Transpose', `${name}/nhwc`, [name], { perm: [0, 2, 3, 1] });
  }

  #convolution(convolution: Convolution): Computed {
    const { name, shape, input, residual, attributes } = convolution;
    const convolved = residual ? `${name}/conv` : name;
    const weights = this.floats(`${convolved}/weights`, scaledWeights(convolution));
    const bias = this.floats(`${convolved}/bias`, constant([convolution.shift.length], convolution.shift));
    this.node('Conv', convolved, [input.name, weights, bias], attributes);
    if (residual) this.node('Add', name, [convolved, residual.name]);
    return { kind: 'computed', name, shape, layout: 'nchw' };
  }
}

function scaledWeights({ weights, scale }: Convolution): Constant {
  const perChannel = sizeOf(weights.shape) / scale.length;
  const data = Float32Array.from(weights.data, (weight, i) => weight * scale[Math.floor(i / perChannel)]);
  return { kind: 'constant', shape: weights.shape, data };
}

function constant(shape: number[], data: Float32Array | Float64Array): Constant {
  return { kind: 'constant', shape, data: Float32Array.from(data) };
}
