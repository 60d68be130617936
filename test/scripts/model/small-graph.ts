import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { TfjsModel } from '../../../scripts/model/convert.js';
import { writeOnnx } from '../../../scripts/model/onnx-writer.js';
import type { TfNode } from '../../../scripts/model/tfjs-graph.js';
import { type GraphCut, tfjsToOnnx } from '../../../scripts/model/tfjs-to-onnx.js';
import { readWeights, type WeightEntry } from '../../../scripts/model/tfjs-weights.js';
import { randomNumbers } from '../../support/random.js';
import { loadTfjs } from './tfjs.js';

/** A TensorFlow graph of a few nodes: image → … → output. */
export class SmallGraph {
  readonly nodes: TfNode[] = [
    { name: 'image', op: 'Placeholder', attr: { dtype: { type: 1 } } as TfNode['attr'] & {} },
  ];
  /** Of the image: [1, height, width, channels] */
  readonly shape: number[];
  readonly #entries: WeightEntry[] = [];
  readonly #values: number[][] = [];
  readonly #random = randomNumbers(7);

  constructor(shape: number[]) {
    this.shape = shape;
  }

  /** @returns the node's name */
  node(op: string, name: string, input: string[], attr: TfNode['attr'] = {}): string {
    this.nodes.push({ name, op, input, attr: { T: { type: 1 }, ...attr } as TfNode['attr'] & {} });
    return name;
  }

  /** A constant of small random numbers, all above `least`. */
  floats(name: string, shape: number[], least = -1): string {
    const length = shape.reduce((product, dim) => product * dim, 1);
    return this.#constant(
      name,
      'float32',
      shape,
      Array.from({ length }, () => least + 2 * this.#random()),
    );
  }

  integers(name: string, values: number | number[]): string {
    return this.#constant(name, 'int32', Array.isArray(values) ? [values.length] : [], [values].flat());
  }

  conv(op: string, name: string, input: string, weights: number[], window: Window = {}): string {
    return this.node(op, name, [input, this.floats(`${name}/weights`, weights)], convAttributes(window));
  }

  /** Ends the graph as detectors do: positions in rows, channels in columns. */
  rows(name: string, input: string, columns: number): string {
    return this.node('Reshape', name, [input, this.integers(`${name}/shape`, [1, -1, columns])]);
  }

  files(): { model: TfjsModel; weights: Buffer[] } {
    const arrays = this.#entries.map(({ dtype }, i) => typed(dtype, this.#values[i]));
    const weights = Buffer.concat(arrays.map(({ buffer }) => Buffer.from(buffer)));
    const group = { paths: ['weights.bin'], weights: this.#entries };
    return { model: { modelTopology: { node: this.nodes }, weightsManifest: [group] }, weights: [weights] };
  }

  cut(...outputs: string[]): GraphCut {
    const input = { tensor: 'image', name: 'images', shape: this.shape };
    return { input, outputs: outputs.map((name) => ({ tensor: name, name })) };
  }

  toOnnx(...outputs: string[]) {
    const { model, weights } = this.files();
    return tfjsToOnnx(this.nodes, readWeights(model.weightsManifest[0], weights[0]), this.cut(...outputs));
  }

  /** One output for a random image, from TensorFlow.js and from the ONNX model. */
  async run(output: string): Promise<{ expected: OutputTensor; actual: OutputTensor }> {
    const [, height, width, channels] = this.shape;
    const pixels = Float32Array.from({ length: height * width * channels }, () => 4 * this.#random() - 2);
    const reference = await loadTfjs(this.files());
    const result = reference.execute({ image: tensor(pixels, [1, height, width, channels]) }, output) as Tensor;
    const planes = pixels.map((_, i) => pixels[(i % (height * width)) * channels + Math.floor(i / (height * width))]);
    const onnx = writeOnnx({ name: 'small', ...this.toOnnx(output), metadata: {} });
    const session = await InferenceSession.create(onnx, { logSeverityLevel: 3 });
    const outputs = await session.run({ images: new OrtTensor('float32', planes, [1, channels, height, width]) });
    const { dims, data } = outputs[output];
    await session.release();
    return {
      expected: { dims: result.shape, data: (await result.data()) as Float32Array },
      actual: { dims, data: data as Float32Array },
    };
  }

  #constant(name: string, dtype: string, shape: number[], values: number[]): string {
    this.nodes.push({ name, op: 'Const', attr: { dtype: { type: dtype === 'int32' ? 3 : 1 } } as TfNode['attr'] & {} });
    this.#entries.push({ name, shape, dtype });
    this.#values.push(values);
    return name;
  }
}

interface OutputTensor {
  dims: readonly number[];
  data: Float32Array;
}

export interface Window {
  stride?: number;
  dilation?: number;
  padding?: string;
  format?: string;
}

function convAttributes({ stride = 1, dilation = 1, padding = 'SAME', format = 'NHWC' }: Window): TfNode['attr'] & {} {
  return {
    strides: { list: { i: [1, stride, stride, 1] } },
    dilations: { list: { i: [1, dilation, dilation, 1] } },
    padding: { s: Buffer.from(padding).toString('base64') },
    data_format: { s: [...Buffer.from(format)] }, // model.json files have both ways of writing bytes
  };
}

function typed(dtype: string, values: number[]) {
  return dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values);
}
