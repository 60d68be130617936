import { complain } from '../../src/errors.js';
import { LOWERINGS } from './lowerings.js';
import { OnnxBuilder } from './onnx-builder.js';
import type { OnnxModel } from './onnx-writer.js';
import type { TfNode } from './tfjs-graph.js';
import type { Constant, Value } from './values.js';

/** The part of a TensorFlow graph that becomes the ONNX model. Tensors are named as in TensorFlow. */
export interface GraphCut {
  /** An image [n, h, w, c]; becomes [n, c, h, w]. What lies before it is left out. */
  input: { tensor: string; name: string; shape: number[] };
  /** What lies behind them is left out. */
  outputs: { tensor: string; name: string }[];
}

/**
 * Translates a TensorFlow.js graph model.
 *
 * @param nodes    of the graph. Not changed.
 * @param weights  values of its Const nodes by name. Not changed.
 * @throws SigboxError E_MODEL  an operation or a form of one that is not supported; the message names the node.
 */
export function tfjsToOnnx(
  nodes: readonly TfNode[],
  weights: ReadonlyMap<string, Constant>,
  { input, outputs }: GraphCut,
): Pick<OnnxModel, 'nodes' | 'initializers' | 'inputs' | 'outputs'> {
  const builder = new OnnxBuilder();
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const outputNames = new Map(outputs.map(({ tensor, name }) => [tensor, name]));
  const values = new Map<string, Value>();
  const [images, height, width, channels] = input.shape;
  builder.inputs.push({ name: input.name, dims: [images, channels, height, width] });
  values.set(input.tensor, { kind: 'computed', name: input.name, shape: input.shape, layout: 'nchw' });

  const valueAt = (reference: string): Value => {
    const name = reference.replace(/:0$/, '');
    const value = values.get(name) ?? translate(name);
    values.set(name, value);
    return value;
  };
  const translate = (name: string): Value => {
    const node = byName.get(name);
    const value = weights.get(name);
    if (node?.op === 'Const' && value) return value;
    const lower = node && LOWERINGS[node.op];
    if (!node || !lower) throw untranslatable(name, node);
    return lower({ node, name: outputNames.get(name) ?? name, inputs: (node.input ?? []).map(valueAt), builder });
  };

  const dims = outputs.map(({ tensor, name }) => {
    const output = builder.computed(valueAt(tensor), name);
    if (output.name === name && output.layout === 'same') return { name, dims: output.shape };
    throw complain('E_MODEL', { where: `output ${tensor}`, expected: 'no image', received: output.shape });
  });
  const { initializers, inputs } = builder;
  return { nodes: builder.nodes, initializers, inputs, outputs: dims };
}

function untranslatable(name: string, node: TfNode | undefined) {
  if (!node) return complain('E_MODEL', { where: 'graph', expected: `a node ${name}`, received: undefined });
  return complain('E_MODEL', {
    where: `node ${name}`,
    expected: `an operation of ${Object.keys(LOWERINGS).join(', ')}, or a Const with weights`,
    received: node.op,
    mend: 'Add it to scripts/model/lowerings.ts.',
  });
}
