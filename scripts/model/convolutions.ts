import { complain } from '../../src/errors.js';
import { numbersAttribute, requireForm, type TfNode, textAttribute } from './tfjs-graph.js';
import { type Computed, type Constant, type Convolution, transpose } from './values.js';

/** Conv2D; `weights` as TensorFlow has them: [height, width, input channels, output channels]. */
export function conv2d(node: TfNode, input: Computed, weights: Constant): Convolution {
  return convolution(node, input, transpose(weights, [3, 2, 0, 1]), 1);
}

/** DepthwiseConv2dNative; `weights` [height, width, channels, outputs per channel]: one group per channel. */
export function depthwiseConv2d(node: TfNode, input: Computed, weights: Constant): Convolution {
  const [height, width, channels, multiplier] = weights.shape;
  const { data } = transpose(weights, [2, 3, 0, 1]);
  const grouped: Constant = { kind: 'constant', shape: [channels * multiplier, 1, height, width], data };
  return convolution(node, input, grouped, channels);
}

function convolution(node: TfNode, input: Computed, weights: Constant, group: number): Convolution {
  const format = textAttribute(node, 'data_format');
  requireForm(node, 'data_format NHWC', format === 'NHWC', format);
  requireForm(node, 'an image as input', input.layout === 'nchw', input.shape);
  const [channels, , ...kernel] = weights.shape;
  const [, ...strides] = numbersAttribute(node, 'strides').slice(0, 3);
  const [, ...dilations] = numbersAttribute(node, 'dilations').slice(0, 3);
  const padding = textAttribute(node, 'padding');
  requireForm(node, 'padding SAME', padding === 'SAME', padding);
  const [top, left] = [0, 1].map((axis) => {
    const size = input.shape[1 + axis];
    return samePadding({ size, kernel: kernel[axis], stride: strides[axis], dilation: dilations[axis] });
  });
  const [images, height, width] = input.shape;
  return {
    kind: 'convolution',
    name: node.name,
    shape: [images, Math.ceil(height / strides[0]), Math.ceil(width / strides[1]), channels],
    input,
    weights,
    scale: new Float64Array(channels).fill(1),
    shift: new Float64Array(channels),
    attributes: {
      kernel_shape: kernel,
      strides,
      dilations,
      pads: [top.before, left.before, top.after, left.after],
      group,
    },
  };
}

/**
 * TensorFlow's padding SAME along one axis: as many outputs as strides fit, an odd pixel goes to the end.
 *
 * Source: tensorflow/core/framework/common_shape_fns.cc, GetWindowedOutputSize.
 */
function samePadding(axis: { size: number; kernel: number; stride: number; dilation: number }) {
  const outputs = Math.ceil(axis.size / axis.stride);
  const covered = (outputs - 1) * axis.stride + (axis.kernel - 1) * axis.dilation + 1;
  const total = Math.max(0, covered - axis.size);
  const before = Math.floor(total / 2);
  return { before, after: total - before };
}

/** The convolution with every output channel multiplied by `scale` [channels]; not changed itself. */
export function scaleChannels(node: TfNode, convolution: Convolution, scale: ArrayLike<number>): Convolution {
  requireForm(node, 'no addition between convolution and factor', !convolution.residual, convolution.residual?.name);
  requireChannels(node, convolution, scale);
  return {
    ...convolution,
    name: node.name,
    scale: convolution.scale.map((value, channel) => value * scale[channel]),
    shift: convolution.shift.map((value, channel) => value * scale[channel]),
  };
}

/** The convolution with `shift` [channels] added to its output channels; not changed itself. */
export function shiftChannels(node: TfNode, convolution: Convolution, shift: ArrayLike<number>): Convolution {
  requireChannels(node, convolution, shift);
  return {
    ...convolution,
    name: node.name,
    shift: convolution.shift.map((value, channel) => value + shift[channel]),
  };
}

/** The convolution with another tensor of its shape added. */
export function addResidual(node: TfNode, convolution: Convolution, residual: Computed): Convolution {
  requireForm(node, 'one addition at most', !convolution.residual, convolution.residual?.name);
  requireForm(node, 'two tensors of one shape', String(convolution.shape) === String(residual.shape), residual.shape);
  return { ...convolution, name: node.name, residual };
}

function requireChannels(node: TfNode, { shift }: Convolution, constant: ArrayLike<number>): void {
  if (constant.length === shift.length) return;
  const where = `${node.op} ${node.name}`;
  throw complain('E_MODEL', { where, expected: `${shift.length} numbers, one per channel`, received: constant.length });
}
