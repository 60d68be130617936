/** What a TensorFlow tensor becomes on its way to ONNX. `shape` is always TensorFlow's. */
export type Value = Constant | Computed | Convolution;

/** Known while converting; in TensorFlow's order. */
export interface Constant {
  kind: 'constant';
  shape: number[];
  data: Float32Array | Int32Array;
}

/** Computed by the ONNX graph under `name`. */
export interface Computed {
  kind: 'computed';
  name: string;
  shape: number[];
  /** TensorFlow keeps images as [n, h, w, c], ONNX wants [n, c, h, w]; 'same' is any tensor in TensorFlow's order. */
  layout: 'nchw' | 'same';
}

/**
 * Not yet in the ONNX graph: conv(input) · scale + shift [+ residual]. It waits for the multiplications and additions
 * behind it, which then cost nothing: they go into its weights and its bias, in double precision.
 */
export interface Convolution {
  kind: 'convolution';
  /** Of the last TensorFlow node that went into it. */
  name: string;
  shape: number[];
  input: Computed;
  /** [output channels, input channels of a group, height, width] */
  weights: Constant;
  /** [output channels] */
  scale: Float64Array;
  /** [output channels] */
  shift: Float64Array;
  residual?: Computed;
  attributes: Record<string, number | number[]>;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/**
 * The constant with its axes in another order.
 *
 * @param order  axis i of the result is axis order[i] of `constant`
 */
export function transpose({ shape, data }: Constant, order: readonly number[]): Constant {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const newShape = order.map((axis) => shape[axis]);
  const newStrides = order.map((axis) => strides[axis]);
  const position = newShape.map(() => 0);
  const result = data.slice();
  let source = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] = data[source];
    // Step the position like an odometer: the last axis first, a full axis goes back to 0 and carries over.
    for (let axis = newShape.length - 1; axis >= 0; axis--) {
      source += newStrides[axis];
      if (++position[axis] < newShape[axis]) break;
      source -= newStrides[axis] * newShape[axis];
      position[axis] = 0;
    }
  }
  return { kind: 'constant', shape: newShape, data: result };
}
