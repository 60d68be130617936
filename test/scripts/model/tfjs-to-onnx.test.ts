import { describe, expect, test } from 'vitest';
import { SigboxError } from '../../../src/errors.js';
import { expectClose } from '../../support/close.js';
import { SmallGraph, type Window } from './small-graph.js';

/** Sums of at most 75 products of numbers below 2: float32 rounding is far below this. */
const TOLERANCE = 1e-5;

describe('padding SAME, as TensorFlow.js and by hand', () => {
  /** `pads`: top, left, bottom, right. */
  const rows: [string, { size: number[]; kernel: number[]; window?: Window; pads: number[] }][] = [
    ['stride 1: the same on both sides', { size: [5, 6], kernel: [3, 3], pads: [1, 1, 1, 1] }],
    [
      'stride 2, even size: the odd pixel at the end',
      { size: [6, 8], kernel: [3, 3], window: { stride: 2 }, pads: [0, 0, 1, 1] },
    ],
    [
      'stride 2, odd size: the same on both sides',
      { size: [7, 5], kernel: [3, 3], window: { stride: 2 }, pads: [1, 1, 1, 1] },
    ],
    ['one axis even, the other odd', { size: [6, 7], kernel: [3, 3], window: { stride: 2 }, pads: [0, 1, 1, 1] }],
    ['kernel of two sizes', { size: [6, 7], kernel: [2, 5], pads: [0, 2, 1, 2] }],
    ['stride 3 past a large kernel', { size: [10, 11], kernel: [5, 5], window: { stride: 3 }, pads: [2, 1, 2, 2] }],
    [
      'stride larger than the kernel: none',
      { size: [6, 6], kernel: [1, 1], window: { stride: 2 }, pads: [0, 0, 0, 0] },
    ],
    ['dilation widens the kernel', { size: [6, 7], kernel: [3, 3], window: { dilation: 2 }, pads: [2, 2, 2, 2] }],
    ['image smaller than the kernel', { size: [1, 2], kernel: [3, 3], pads: [1, 1, 1, 1] }],
  ];

  test.each(rows)('%s', async (_, { size, kernel, window, pads }) => {
    const graph = new SmallGraph([1, ...size, 3]);
    const output = graph.rows('rows', graph.conv('Conv2D', 'conv', 'image', [...kernel, 3, 2], window), 2);
    expect(graph.toOnnx(output).nodes[0]).toMatchObject({ opType: 'Conv', attributes: { pads } });
    await expectSame(graph, output);
  });
});

describe('operations, as TensorFlow.js', () => {
  const rows: [string, (graph: SmallGraph) => string][] = [
    [
      'depthwise convolution',
      (graph) => graph.conv('DepthwiseConv2dNative', 'conv', 'image', [3, 3, 4, 1], { stride: 2 }),
    ],
    [
      'depthwise convolution, two outputs per channel',
      (graph) => graph.conv('DepthwiseConv2dNative', 'conv', 'image', [3, 3, 4, 2]),
    ],
    ['FusedBatchNorm', fusedBatchNorm],
    [
      'Mul and Add behind a convolution',
      (graph) => graph.node('Add', 'add', [multiplied(graph), graph.floats('shift', [4])]),
    ],
    [
      'Mul and Add with the constant first',
      (graph) => graph.node('Add', 'add', [graph.floats('shift', [4]), multiplied(graph, true)]),
    ],
    [
      'BiasAdd',
      (graph) => graph.node('BiasAdd', 'bias', [pointwise(graph, 'conv'), graph.floats('biases', [4])], nhwc),
    ],
    [
      'Relu6 between convolutions',
      (graph) => pointwise(graph, 'second', graph.node('Relu6', 'relu', [pointwise(graph, 'first')])),
    ],
    [
      'AddN around a convolution, Add behind it',
      (graph) => graph.node('Add', 'add', [residual(graph), graph.floats('shift', [4])]),
    ],
    ['AddN with the shortcut first', (graph) => residual(graph, true)],
    ['AddN of the image', (graph) => graph.node('AddN', 'sum', ['image', pointwise(graph, 'conv')], { N: { i: '2' } })],
  ];

  test.each(rows)('%s', async (_, draw) => {
    const graph = new SmallGraph([1, 5, 6, 4]);
    await expectSame(graph, graph.rows('rows', draw(graph), 4));
  });

  test('ConcatV2 of rows, with sizes that Shape, StridedSlice and Pack compute', async () => {
    const graph = new SmallGraph([1, 5, 6, 4]);
    const one = graph.integers('one', 1);
    const columns = graph.integers('columns', 4);
    const rest = graph.integers('rest', -1);
    const [from, to] = [graph.integers('from', [0]), graph.integers('to', [1])];
    const parts = ['first', 'second'].map((name, i) => {
      const conv = graph.conv('Conv2D', name, 'image', [3, 3, 4, 4], { stride: 1 + i });
      const dims = graph.node('Shape', `${name}/dims`, [conv], { out_type: { type: 3 } as never });
      const images = graph.node('StridedSlice', `${name}/images`, [dims, from, to, to], {
        shrink_axis_mask: { i: '1' },
      });
      const shape = graph.node('Pack', `${name}/shape`, [images, rest, one, columns], { axis: { i: '0' } });
      return graph.node('Reshape', `${name}/rows`, [conv, shape]);
    });
    await expectSame(graph, graph.node('ConcatV2', 'all', [...parts, one], { N: { i: '2' } }));
  });

  test('a constant as an output', async () => {
    const graph = new SmallGraph([1, 2, 2, 3]);
    graph.floats('anchors', [1, 3, 4]);
    expect(graph.toOnnx('anchors').outputs).toEqual([{ name: 'anchors', dims: [1, 3, 4] }]);
    const { actual, expected } = await graph.run('anchors');
    expectClose(actual.data, expected.data, 0, 'anchors');
  });

  test.each([false, true])('a convolution that two nodes use is computed once, shortcut first: %s', (shortcutFirst) => {
    const graph = new SmallGraph([1, 5, 6, 4]);
    const { nodes } = graph.toOnnx(graph.rows('rows', residual(graph, shortcutFirst), 4));
    expect(nodes.filter(({ opType }) => opType === 'Conv')).toHaveLength(2);
  });
});

describe('what it refuses', () => {
  const conv = (window: Window) => (graph: SmallGraph) => graph.conv('Conv2D', 'stem', 'image', [3, 3, 3, 4], window);
  const rows: [string, (graph: SmallGraph) => string, RegExp][] = [
    [
      'unknown operation',
      (graph) => graph.node('Elu', 'act', ['image']),
      /^node act: expected an operation of Conv2D, .*received "Elu"\. Add it to scripts\/model\/lowerings\.ts\.$/,
    ],
    [
      'node that is missing',
      (graph) => graph.node('Relu6', 'act', ['nowhere']),
      /^graph: expected a node nowhere, received undefined\.$/,
    ],
    ['padding VALID', conv({ padding: 'VALID' }), /^Conv2D stem: expected padding SAME, received "VALID"\.$/],
    ['layout NCHW', conv({ format: 'NCHW' }), /^Conv2D stem: expected data_format NHWC, received "NCHW"\.$/],
    [
      'attribute that is missing',
      (graph) => graph.node('Conv2D', 'stem', ['image', graph.floats('w', [1, 1, 3, 4])]),
      /^Conv2D stem: expected attribute data_format, received undefined\.$/,
    ],
    [
      'factors per pixel',
      (graph) => graph.node('Mul', 'scale', [pointwise(graph, 'conv', 'image', 3), graph.floats('factors', [5])]),
      /^Mul scale: expected 3 numbers, one per channel, received 5\.$/,
    ],
    [
      'addition without a convolution',
      (graph) => graph.node('Add', 'add', ['image', graph.floats('shift', [3])]),
      /^Add add: expected a convolution as input, received "computed and constant"\.$/,
    ],
    [
      'multiplication behind a residual',
      (graph) => graph.node('Mul', 'scale', [residual(graph, false, 3), graph.floats('factors', [3])]),
      /^Mul scale: expected no addition between convolution and factor/,
    ],
    [
      'image as an output',
      (graph) => pointwise(graph, 'conv', 'image', 3),
      /^output conv: expected no image, received Array of length 4\.$/,
    ],
  ];

  test.each(rows)('%s', (_, draw, message) => {
    const graph = new SmallGraph([1, 5, 6, 3]);
    const output = draw(graph);
    const error = thrownBy(() => graph.toOnnx(output));
    expect(error).toBeInstanceOf(SigboxError);
    expect(error).toMatchObject({ code: 'E_MODEL', message: expect.stringMatching(message) });
  });
});

const nhwc = { data_format: { s: [...Buffer.from('NHWC')] } };

async function expectSame(graph: SmallGraph, output: string): Promise<void> {
  const { actual, expected } = await graph.run(output);
  expect(actual.dims).toEqual(expected.dims);
  expect(graph.toOnnx(output).outputs[0].dims).toEqual(expected.dims);
  expectClose(actual.data, expected.data, TOLERANCE, output);
}

function pointwise(graph: SmallGraph, name: string, input = 'image', channels = 4): string {
  return graph.conv('Conv2D', name, input, [1, 1, channels, channels]);
}

function multiplied(graph: SmallGraph, constantFirst = false): string {
  const inputs = [pointwise(graph, 'conv'), graph.floats('factors', [4])];
  return graph.node('Mul', 'mul', constantFirst ? inputs.reverse() : inputs);
}

function fusedBatchNorm(graph: SmallGraph): string {
  const constants = ['gamma', 'beta', 'mean'].map((name) => graph.floats(name, [4]));
  const inputs = [pointwise(graph, 'conv'), ...constants, graph.floats('variance', [4], 0.1)];
  return graph.node('FusedBatchNorm', 'norm', inputs, { ...nhwc, epsilon: { f: 0.25 } }); // large, so that it shows
}

/** first → second, and first + second. */
function residual(graph: SmallGraph, shortcutFirst = false, channels = 4): string {
  const first = pointwise(graph, 'first', 'image', channels);
  const second = pointwise(graph, 'second', graph.node('Relu6', 'relu', [first]), channels);
  return graph.node('AddN', 'sum', shortcutFirst ? [first, second] : [second, first], { N: { i: '2' } });
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
