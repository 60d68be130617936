import { expect, test } from 'vitest';
import { activations } from '../../../../src/identify/evidence/graph/activations.js';
import type { ModelGraph } from '../../../../src/model/onnx/graph.js';

const node = (type: string, inputs: string[], output: string, attributes = {}) => ({
  type,
  inputs,
  outputs: [output],
  attributes,
});
const graph = (nodes: ModelGraph['nodes'], constants: Record<string, number> = {}): ModelGraph => ({
  nodes,
  constants: new Map(Object.entries(constants).map(([name, value]) => [name, { dims: [], values: [value] }])),
});
const six = { zero: 0, six: 6, three: 3 };

const rows: [string, ModelGraph, [string, number][]][] = [
  ['none', graph([node('Conv', ['x', 'w'], 'y')]), []],
  [
    'x times its sigmoid: SiLU',
    graph([node('Sigmoid', ['x'], 's'), node('Mul', ['x', 's'], 'y'), node('Sigmoid', ['y'], 'scores')]),
    [
      ['SiLU', 1],
      ['Sigmoid', 1],
    ],
  ],
  [
    'the most first',
    graph([node('Sigmoid', ['a'], 'b'), node('Relu', ['x'], 'y'), node('Relu', ['y'], 'z'), node('LSTM', ['z'], 'l')]),
    [
      ['ReLU', 2],
      ['LSTM (gates)', 1],
      ['Sigmoid', 1],
    ],
  ],
  [
    'HardSwish by itself, by HardSigmoid, and spelt out',
    graph(
      [
        node('HardSwish', ['x'], 'a'),
        node('HardSigmoid', ['a'], 'b'),
        node('Mul', ['a', 'b'], 'c'),
        node('Add', ['c', 'three'], 'd'),
        node('Clip', ['d', 'zero', 'six'], 'e'),
        node('Mul', ['c', 'e'], 'f'),
      ],
      six,
    ),
    [['HardSwish', 3]],
  ],
  ['a clip alone: ReLU6', graph([node('Clip', ['x'], 'y', { min: 0, max: 6 })]), [['ReLU6', 1]]],
  ['another clip', graph([node('Clip', ['x', 'zero', 'three'], 'y')], six), []],
  ['GELU', graph([node('Erf', ['x'], 'y'), node('Gelu', ['y'], 'z')]), [['GELU', 2]]],
];

test.each(rows)('%s', (_, given, expected) => {
  expect(activations(given)).toEqual(expected.map(([name, count]) => ({ name, count })));
});
