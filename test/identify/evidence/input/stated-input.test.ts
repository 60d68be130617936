import { describe, expect, test } from 'vitest';
import type { PictureInput } from '../../../../src/identify/evidence/input/image-input.js';
import { picturePath } from '../../../../src/identify/evidence/input/picture-path.js';
import { statedInput } from '../../../../src/identify/evidence/input/stated-input.js';
import { IMAGENET, RGB01 } from '../../../../src/identify/recognition.js';
import type { GraphNode, ModelGraph } from '../../../../src/model/onnx/graph.js';
import { modelFacts } from '../../../support/facts.js';

const image: PictureInput = { name: 'images', type: 'float32', layout: 'nchw', batched: true, width: 64, height: 64 };
const place = { fit: 'letterbox', interpolation: 'bilinear', padValue: 114 } as const;
const usual = { ...RGB01, ...place };

/** Operators behind the picture, one after the other, with their constants; then a convolution. */
function graphOf(...steps: [type: string, constants?: number[][], attributes?: GraphNode['attributes']][]): ModelGraph {
  const constants = new Map<string, { dims: number[]; values: number[] }>();
  let value = 'images';
  const nodes = [...steps, ['Conv', []] as const].map(([type, given = [], attributes = {}], i): GraphNode => {
    const names = given.map((values, k) => {
      constants.set(`c${i} ${k}`, { dims: [values.length], values });
      return `c${i} ${k}`;
    });
    const node = { type, inputs: [value, ...names], outputs: [`v${i}`], attributes };
    value = `v${i}`;
    return node;
  });
  return { nodes, constants };
}

const said = (graph: ModelGraph, changes: Partial<PictureInput> = {}, family = usual, properties = {}) => {
  const facts = modelFacts({ graph, metadata: { irVersion: 8, producer: '', opset: 13, properties } });
  return statedInput(facts, { ...image, ...changes }).apply(family);
};

describe('what the graph says', () => {
  const mean = [0.485, 0.456, 0.406];
  const bytes = { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] };
  const rows: [string, ModelGraph, object][] = [
    ['nothing', graphOf(), usual],
    ['a division by 255: bytes', graphOf(['Cast'], ['Div', [[255]]]), bytes],
    ['a product with 1/255: bytes', graphOf(['Mul', [[1 / 255]]]), bytes],
    ['a mean of bytes: bytes', graphOf(['Sub', [[104, 117, 123]]]), bytes],
    ['mean and deviation of bytes', graphOf(['Sub', [[123.675, 116.28, 103.53]]], ['Div', [[58, 57, 57]]]), bytes],
    [
      'ImageNet’s mean of fractions',
      graphOf(['Sub', [mean]], ['Div', [[0.229, 0.224, 0.225]]]),
      { ...bytes, scale: 1 / 255 },
    ],
    ['from −1 to 1: fractions', graphOf(['Mul', [[2]]], ['Add', [[-1]]]), { ...bytes, scale: 1 / 255 }],
    ['channels turned round', graphOf(['Gather', [[2, 1, 0]], { axis: 1 }]), { ...usual, channels: 'bgr' }],
    ['both', graphOf(['Gather', [[2, 1, 0]], { axis: 1 }], ['Div', [[255]]]), { ...bytes, channels: 'bgr' }],
    ['channels last, transposed', graphOf(['Transpose', [], { perm: [0, 3, 1, 2] }], ['Div', [[255]]]), bytes],
  ];
  test.each(rows)('%s', (_, graph, expected) => {
    const layout = graph.nodes.some(({ type }) => type === 'Transpose') ? 'nhwc' : 'nchw';
    expect(said(graph, { layout })).toMatchObject(expected);
  });

  test('what follows a normalisation does not leave the range open', () => {
    const facts = modelFacts({ graph: graphOf(['Sub', [mean]], ['Div', [[0.229, 0.224, 0.225]]], ['Concat']) });
    expect(statedInput(facts, image).lost).toBeNull();
    expect(statedInput(modelFacts({ graph: graphOf(['Concat']) }), image).lost).toBe('Concat');
  });

  test('a batch normalisation of the picture', () => {
    const graph = graphOf([
      'BatchNormalization',
      [
        [1, 1, 1],
        [0, 0, 0],
        [123, 116, 103],
        [3400, 3300, 3300],
      ],
      { epsilon: 0 },
    ]);
    expect(said(graph)).toMatchObject(bytes);
  });

  test('slices of every other pixel are a first layer; what is not known is no evidence', () => {
    const slices = [0, 1].map((i) => ({ type: 'Slice', inputs: ['images'], outputs: [`s${i}`], attributes: {} }));
    expect(picturePath({ nodes: slices, constants: new Map() }, image)).toMatchObject({ reached: true });
    const odd = graphOf(['ReduceMean']);
    expect(statedInput(modelFacts({ graph: odd }), image)).toMatchObject({ certain: false, lost: 'ReduceMean' });
  });
});

describe('integer inputs', () => {
  const dequantised = (step: number, zero: number) => graphOf(['DequantizeLinear', [[step], [zero]]]);
  const rows: [string, PictureInput['type'], ModelGraph, object][] = [
    [
      'uint8: bytes as they are, whatever the family',
      'uint8',
      graphOf(['Cast'], ['Div', [[255]]]),
      { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
    ],
    ['uint8 with a step of 1/255', 'uint8', dequantised(1 / 255, 0), { scale: 1, mean: [0, 0, 0] }],
    [
      'int8 less its zero point',
      'int8',
      dequantised(1 / 255, -128),
      { scale: 1, mean: [128, 128, 128], std: [1, 1, 1] },
    ],
    ['int8 of a model that says nothing', 'int8', graphOf(), { scale: 1, mean: [128, 128, 128] }],
  ];
  test.each(rows)('%s', (_, type, graph, expected) => {
    expect(said(graph, { type }, { ...IMAGENET, ...place })).toMatchObject(expected);
  });

  test('a step over normalised values: the family’s own preparation, in steps', () => {
    const { scale, mean, std } = said(dequantised(0.02, 114), { type: 'uint8' }, { ...IMAGENET, ...place });
    const value = (pixel: number) => Math.round((pixel * scale - mean[0]) / std[0]);
    const normalised = (pixel: number) => (pixel / 255 - IMAGENET.mean[0]) / IMAGENET.std[0];
    for (const pixel of [0, 100, 255])
      expect(Math.abs(value(pixel) - (normalised(pixel) / 0.02 + 114))).toBeLessThanOrEqual(0.5);
  });
});

test.each([
  ['Bgr8', 'NominalRange_0_255', { channels: 'bgr', scale: 1 }],
  ['Rgb8', 'Normalized_0_1', { channels: 'rgb', scale: 1 / 255 }],
  ['Rgb8', 'Normalized_1_1', { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }],
])('ONNX’s metadata of images: %s, %s', (format, range, expected) => {
  const properties = { 'Image.BitmapPixelFormat': format, 'Image.NominalPixelRange': range };
  expect(said(graphOf(), {}, usual, properties)).toMatchObject(expected);
});
