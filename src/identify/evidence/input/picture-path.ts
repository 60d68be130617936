import type { Constant, GraphNode, ModelGraph } from '../../../model/onnx/graph.js';
import type { PictureInput } from './image-input.js';

/** What a graph does to the picture before its first convolution: value = pixel · slope + offset per channel. */
export interface PicturePath {
  /** Whether the path was followed to a convolution; where it was not, the other fields say what was seen until then. */
  reached: boolean;
  /** Type of the operator at which it ends. */
  end: string;
  slope: Triple;
  offset: Triple;
  /** The graph turns the order of channels round. */
  reversed: boolean;
  /** An integer input stands for (value − zero) · step. */
  quantised: { step: number; zero: number } | null;
}

type Triple = [number, number, number];

/** Follows the picture through a graph as far as operators change one value at a time, or move values about. */
export function picturePath(
  { nodes, constants }: ModelGraph,
  image: Pick<PictureInput, 'name' | 'layout'>,
): PicturePath {
  const path: PicturePath = {
    reached: false,
    end: 'nothing',
    slope: [1, 1, 1],
    offset: [0, 0, 0],
    reversed: false,
    quantised: null,
  };
  const consumers = consumersOf(nodes);
  let axis = image.layout === 'nchw' ? 1 : 3;
  for (let value = image.name; ; ) {
    const readers = (consumers.get(value) ?? []).filter(({ type }) => type !== 'Shape');
    const [node] = readers;
    if (node === undefined) return path;
    path.end = node.type;
    if (FIRST_LAYERS.has(node.type) || isFocus(readers)) return { ...path, reached: true };
    if (readers.length > 1 || node.outputs.length === 0) return path;
    const next = step(path, node, { value, axis, constants });
    if (next === null) return path;
    axis = next;
    value = node.outputs[0]!;
  }
}

const FIRST_LAYERS = new Set([
  ...['Conv', 'ConvInteger', 'QLinearConv', 'FusedConv', 'MatMul', 'Gemm', 'DynamicQuantizeLinear', 'SpaceToDepth'],
  ...['com.microsoft::FusedConv', 'com.microsoft::NhwcConv', 'com.microsoft::QLinearConv'],
]);

/** Leave values as they are. */
const PASSING = new Set([
  ...['Cast', 'Identity', 'Resize', 'Upsample', 'Pad', 'QuantizeLinear', 'Unsqueeze', 'Squeeze', 'Dropout', 'Reshape'],
  ...['CastLike', 'Transpose', 'DequantizeLinear', 'Gather', 'BatchNormalization', 'Mul', 'Div', 'Add', 'Sub'],
]);

/** Four slices of every other pixel: a convolution in another form. */
function isFocus(readers: readonly GraphNode[]): boolean {
  return readers.length >= 2 && readers.every(({ type }) => type === 'Slice' || type === 'StridedSlice');
}

function consumersOf(nodes: readonly GraphNode[]): Map<string, GraphNode[]> {
  const consumers = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    for (const name of new Set(node.inputs)) {
      const list = consumers.get(name);
      if (list === undefined) consumers.set(name, [node]);
      else list.push(node);
    }
  }
  return consumers;
}

interface Place {
  /** Name of the picture's value. */
  value: string;
  /** The dim of its channels. */
  axis: number;
  constants: ReadonlyMap<string, Constant>;
}

/** Takes one operator into account. @returns the dim of the channels behind it; null where its effect is not known */
function step(path: PicturePath, node: GraphNode, place: Place): number | null {
  if (!PASSING.has(node.type)) return null;
  const numbers = (k: number) => place.constants.get(node.inputs[k] ?? '')?.values;
  switch (node.type) {
    case 'Transpose': {
      const order = node.attributes.perm;
      return Array.isArray(order) ? order.indexOf(place.axis) : null;
    }
    case 'Unsqueeze':
      return place.axis + 1;
    case 'Squeeze':
      return place.axis - 1;
    case 'Gather':
      if (numbers(1)?.join() !== '2,1,0' || (node.attributes.axis ?? 0) !== place.axis) return null;
      path.reversed = !path.reversed;
      path.slope.reverse();
      path.offset.reverse();
      return place.axis;
    case 'DequantizeLinear':
      return dequantise(path, numbers(1), numbers(2)) ? place.axis : null;
    case 'BatchNormalization':
      return normalise(path, [1, 2, 3, 4].map(numbers), node) ? place.axis : null;
    case 'Mul':
    case 'Div':
    case 'Add':
    case 'Sub':
      return arithmetic(path, node, place) ? place.axis : null;
    default:
      return place.axis;
  }
}

function dequantise(path: PicturePath, step?: readonly number[], zero: readonly number[] = [0]): boolean {
  if (step?.length !== 1 || zero.length !== 1) return false;
  path.quantised ??= { step: step[0]!, zero: zero[0]! };
  return true;
}

function normalise(path: PicturePath, parts: (readonly number[] | undefined)[], { attributes }: GraphNode): boolean {
  const [scale, shift, mean, variance] = parts.map(triple);
  if (!scale || !shift || !mean || !variance) return false;
  const epsilon = typeof attributes.epsilon === 'number' ? attributes.epsilon : 1e-5;
  for (let c = 0; c < 3; c++) {
    const factor = scale[c]! / Math.sqrt(variance[c]! + epsilon);
    path.slope[c]! *= factor;
    path.offset[c] = (path.offset[c]! - mean[c]!) * factor + shift[c]!;
  }
  return true;
}

function arithmetic(path: PicturePath, { type, inputs }: GraphNode, { value, constants }: Place): boolean {
  const isFirst = inputs[0] === value;
  const other = triple(constants.get(inputs[isFirst ? 1 : 0] ?? '')?.values);
  if (other === null || (!isFirst && (type === 'Div' || type === 'Sub'))) return false;
  for (let c = 0; c < 3; c++) {
    const operand = other[c]!;
    if (type === 'Add') path.offset[c]! += operand;
    else if (type === 'Sub') path.offset[c]! -= operand;
    else {
      const factor = type === 'Mul' ? operand : 1 / operand;
      path.slope[c]! *= factor;
      path.offset[c]! *= factor;
    }
  }
  return true;
}

/** One number for all channels, or one for each. */
function triple(values: readonly number[] | undefined): Triple | null {
  if (values?.length === 1) return [values[0]!, values[0]!, values[0]!];
  return values?.length === 3 ? ([...values] as Triple) : null;
}
