import type { GraphNode, ModelGraph } from '../../../model/onnx/graph.js';

/** How often each activation stands in a graph, most first; those that exporters spell out are put together again. */
export function activations({ nodes, constants }: ModelGraph): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  const add = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  const consumers = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    for (const input of node.inputs) consumers.set(input, [...(consumers.get(input) ?? []), node]);
  }
  const timesItself = ({ inputs, outputs }: GraphNode) =>
    (consumers.get(outputs[0] ?? '') ?? []).some(
      ({ type, inputs: of }) => type === 'Mul' && of.includes(inputs[0] ?? ''),
    );
  for (const node of nodes) {
    const plain = PLAIN[node.type];
    if (plain !== undefined) add(plain);
    else if (node.type === 'Sigmoid') add(timesItself(node) ? 'SiLU' : 'Sigmoid');
    else if (node.type === 'HardSigmoid') add(timesItself(node) ? 'HardSwish' : 'HardSigmoid');
    else if (node.type === 'Softplus') add('Mish');
    else if (node.type === 'Erf') add('GELU');
    else if (isClipToSix(node, constants)) add(movedByThree(node, nodes, constants) ? 'HardSwish' : 'ReLU6');
  }
  const found = [...counts].map(([name, count]) => ({ name, count }));
  return found.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

/** Operators that are an activation, or gates, by themselves. */
const PLAIN: Readonly<Record<string, string>> = {
  Relu: 'ReLU',
  LeakyRelu: 'LeakyReLU',
  PRelu: 'PReLU',
  Elu: 'ELU',
  HardSwish: 'HardSwish',
  Swish: 'SiLU',
  Gelu: 'GELU',
  'com.microsoft::Gelu': 'GELU',
  'com.microsoft::FastGelu': 'GELU',
  'com.microsoft::QuickGelu': 'SiLU',
  Mish: 'Mish',
  Softmax: 'Softmax',
  LSTM: 'LSTM (gates)',
  GRU: 'GRU (gates)',
};

type Constants = ModelGraph['constants'];

function isClipToSix({ type, inputs, attributes }: GraphNode, constants: Constants): boolean {
  if (type !== 'Clip') return false;
  const bound = (name: 'min' | 'max', k: number) => attributes[name] ?? constants.get(inputs[k] ?? '')?.values[0];
  return bound('min', 1) === 0 && bound('max', 2) === 6;
}

/** x · min(max(x + 3, 0), 6) / 6, as exporters write HardSwish. */
function movedByThree({ inputs }: GraphNode, nodes: readonly GraphNode[], constants: Constants): boolean {
  const before = nodes.find(({ outputs }) => outputs[0] === inputs[0]);
  return before?.type === 'Add' && before.inputs.some((name) => constants.get(name)?.values[0] === 3);
}
