import { addResidual, conv2d, depthwiseConv2d, scaleChannels, shiftChannels } from './convolutions.js';
import type { OnnxBuilder } from './onnx-builder.js';
import { numberAttribute, requireForm, type TfNode } from './tfjs-graph.js';
import { type Computed, type Constant, type Convolution, sizeOf, type Value } from './values.js';

/** One TensorFlow node with everything that its translation needs. */
export interface Lowering {
  node: TfNode;
  /** The name its output gets in the ONNX graph. */
  name: string;
  inputs: Value[];
  builder: OnnxBuilder;
}

/** How each TensorFlow operation becomes ONNX. Only what the shipped models need; a new model may need more rows. */
export const LOWERINGS: Readonly<Record<string, (lowering: Lowering) => Value>> = {
  Conv2D: (at) => conv2d(at.node, computed(at, 0), constant(at, 1)),
  DepthwiseConv2dNative: (at) => depthwiseConv2d(at.node, computed(at, 0), constant(at, 1)),
  FusedBatchNorm: batchNorm,
  Mul: (at) => scaleChannels(at.node, convolution(at), factor(at).data),
  Add: (at) => shiftChannels(at.node, convolution(at), factor(at).data),
  BiasAdd: (at) => shiftChannels(at.node, convolution(at), constant(at, 1).data),
  AddN: sum,
  Relu6: relu6,
  Reshape: reshape,
  ConcatV2: concat,
  Shape: ({ inputs }) => integers(inputs[0].shape, [inputs[0].shape.length]),
  StridedSlice: element,
  Pack: (at) =>
    integers(
      at.inputs.map((_, i) => constant(at, i).data[0]),
      [at.inputs.length],
    ),
};

/** Inference only: (x − mean) / √(variance + ε) · γ + β, which is one factor and one summand per channel. */
function batchNorm(at: Lowering): Value {
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((i) => constant(at, i).data);
  const epsilon = numberAttribute(at.node, 'epsilon');
  const scale = Float64Array.from(gamma, (value, i) => value / Math.sqrt(variance[i] + epsilon));
  const shift = Float64Array.from(beta, (value, i) => value - mean[i] * scale[i]);
  return shiftChannels(at.node, scaleChannels(at.node, convolution(at), scale), shift);
}

/** A residual connection: the convolution that only it uses, and the shortcut around that one. */
function sum(at: Lowering): Value {
  requireForm(at.node, '2 inputs', at.inputs.length === 2, at.inputs.length);
  const isSecond = at.inputs[0].kind !== 'convolution' || at.builder.hasWritten(at.inputs[0]);
  const inputs = isSecond ? at.inputs.toReversed() : at.inputs;
  return addResidual(at.node, convolution({ ...at, inputs }), computed({ ...at, inputs }, 1));
}

function relu6(at: Lowering): Value {
  const input = computed(at, 0);
  at.builder.node('Clip', at.name, [input.name, at.builder.scalar(0), at.builder.scalar(6)]);
  return { ...input, name: at.name };
}

function reshape(at: Lowering): Value {
  const input = computed(at, 0);
  const wanted = [...constant(at, 1).data];
  const known = wanted.reduce((product, dim) => (dim < 0 ? product : product * dim), 1);
  const shape = wanted.map((dim) => (dim < 0 ? sizeOf(input.shape) / known : dim));
  const dims = at.builder.integers(`${at.name}/shape`, shape);
  at.builder.node('Reshape', at.name, [at.builder.inTensorFlowOrder(input), dims]);
  return { kind: 'computed', name: at.name, shape, layout: 'same' };
}

function concat(at: Lowering): Value {
  const parts = at.inputs.slice(0, -1).map((_, i) => computed(at, i));
  const axis = constant(at, parts.length).data[0];
  requireForm(at.node, 'an axis counted from the front', axis >= 0, axis);
  const shape = parts[0].shape.map((dim, i) =>
    i === axis ? parts.reduce((total, part) => total + part.shape[axis], 0) : dim,
  );
  const names = parts.map((part) => at.builder.inTensorFlowOrder(part));
  at.builder.node('Concat', at.name, names, { axis });
  return { kind: 'computed', name: at.name, shape, layout: 'same' };
}

/** x[i] of a vector, the only slice that shape arithmetic needs. */
function element(at: Lowering): Value {
  const vector = constant(at, 0);
  const isElement = vector.shape.length === 1 && numberAttribute(at.node, 'shrink_axis_mask') === 1;
  requireForm(at.node, 'one element of a vector', isElement, vector.shape);
  const i = constant(at, 1).data[0];
  requireForm(at.node, `an index below ${vector.data.length}`, i >= 0 && i < vector.data.length, i);
  return integers([vector.data[i]], []);
}

function integers(data: number[], shape: number[]): Constant {
  return { kind: 'constant', shape, data: Int32Array.from(data) };
}

function computed({ node, inputs, builder }: Lowering, i: number): Computed {
  return builder.computed(inputs[i], `${node.name}/input${i}`);
}

function constant({ node, inputs }: Lowering, i: number): Constant {
  const input = inputs[i];
  requireForm(node, `a constant as input ${i}`, input?.kind === 'constant', input?.kind);
  return input as Constant;
}

/** The first input that is a convolution without anything in between. */
function convolution({ node, inputs }: Lowering): Convolution {
  const found = inputs.find((input) => input.kind === 'convolution');
  requireForm(node, 'a convolution as input', found !== undefined, inputs.map(({ kind }) => kind).join(' and '));
  return found as Convolution;
}

/** The constant beside the convolution: TensorFlow writes it on either side. */
function factor(at: Lowering): Constant {
  return constant(at, at.inputs[0].kind === 'constant' ? 0 : 1);
}
