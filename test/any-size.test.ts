import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type OnnxModel, type OnnxNode, writeOnnx } from '../scripts/model/onnx-writer.js';
import { createDetector } from '../src/detector.js';
import type { DetectorOptions } from '../src/options/detector-options.js';
import type { RawPixels } from '../src/types/pictures.js';
import { TYPE } from './support/onnx.js';
import { temporaryFolder } from './support/temporary-folder.js';

// Models whose input has no size of its own, from the file to the box. Each one's box tells what size came in.

const picture: RawPixels = { data: new Uint8Array(400 * 300 * 3).fill(99), width: 400, height: 300, channels: 3 };

async function detect(model: Pick<OnnxModel, 'nodes' | 'inputs' | 'outputs'>, options: DetectorOptions, config = {}) {
  const folder = await temporaryFolder();
  const file = join(folder, 'model.onnx');
  await writeFile(file, writeOnnx({ name: 'test', initializers: numbers, metadata: {}, ...model }));
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  await using detector = await createDetector({ model: file, workers: 0, ...options });
  const { detections } = await detector.detect(picture);
  return detections.map(({ label, box }) => [label, ...box.map((side) => Math.round(side * 100) / 100)]);
}

const numbers: OnnxModel['initializers'] = [
  { name: 'middle', dims: [2], data: Float32Array.of(0.5, 0.5) },
  { name: 'origin', dims: [2], data: Float32Array.of(0, 0) },
  { name: 'half', dims: [1], data: Float32Array.of(0.5) },
  { name: '1/2000', dims: [1], data: Float32Array.of(1 / 2000) },
  { name: 'width and height', dims: [2], data: BigInt64Array.of(3n, 2n) },
  { name: 'one query', dims: [3], data: BigInt64Array.of(1n, 1n, 4n) },
  { name: 'one', dims: [2], data: BigInt64Array.of(1n, 1n) },
  { name: 'one box', dims: [2], data: BigInt64Array.of(1n, 4n) },
  { name: 'dog for sure', dims: [1, 1, 3], data: Float32Array.of(0, 9, 0) },
  { name: 'score', dims: [1], data: Float32Array.of(0.75) },
  { name: 'scores of two', dims: [1, 2], data: Float32Array.of(0.75, 0.5) },
  { name: 'three', dims: [1], data: Float32Array.of(3) },
  { name: 'three and one', dims: [1, 2], data: Float32Array.of(3, 1) },
  { name: 'yxyx', dims: [1, 2, 4], data: Float32Array.of(0, 0.25, 0.5, 1, 0, 0, 1, 1) },
];

function node(opType: string, inputs: string[], output: string, attributes?: OnnxNode['attributes']): OnnxNode {
  return { opType, name: output, inputs, outputs: [output], ...(attributes === undefined ? {} : { attributes }) };
}

/** [2] float32: width and height of an input. */
const sizeOf = (input: string): OnnxNode[] => [
  node('Shape', [input], 'shape'),
  node('Gather', ['shape', 'width and height'], 'whole size'),
  node('Cast', ['whole size'], 'size', { to: TYPE.float32 }),
];

describe('DETR, with a mask', () => {
  /** Its box has as many 2000ths of the picture's width and height as the input has pixels. */
  const model: Parameters<typeof detect>[0] = {
    inputs: [
      { name: 'pixel_values', dims: ['b', 3, 'h', 'w'] },
      { name: 'pixel_mask', dims: ['b', 'h', 'w'], type: TYPE.int64 },
    ],
    nodes: [
      ...sizeOf('pixel_values'),
      node('Mul', ['size', '1/2000'], 'fractions'),
      node('Concat', ['middle', 'fractions'], 'box', { axis: 0 }),
      node('Reshape', ['box', 'one query'], 'pred_boxes'),
      node('Cast', ['pixel_mask'], 'mask', { to: TYPE.float32 }),
      node('Mul', ['pixel_values', 'mask'], 'masked'), // fails unless they have the same size
      node('Sub', ['masked', 'pixel_values'], 'cut away'),
      node('ReduceSum', ['cut away'], 'sum', { keepdims: 0 }),
      node('Add', ['dog for sure', 'sum'], 'logits'), // all alike when something is cut away: no shift of softmax
    ],
    outputs: [
      { name: 'logits', dims: ['b', 'q', 3] },
      { name: 'pred_boxes', dims: ['b', 'q', 4] },
    ],
  };
  const config = { model_type: 'detr', id2label: { 0: 'cat', 1: 'dog' } };
  const centred = (width: number, height: number) => [
    200 - width / 2,
    150 - height / 2,
    200 + width / 2,
    150 + height / 2,
  ];

  test('the shorter side to 800: 1067 × 800', async () => {
    const box = centred((400 * 1067) / 2000, (300 * 800) / 2000);
    expect(await detect(model, {}, config)).toEqual([['dog', ...box.map((side) => Math.round(side * 100) / 100)]]);
  });

  test('size sets other bounds: 200 × 150', async () => {
    expect(await detect(model, { size: [200, 160] }, config)).toEqual([['dog', ...centred(40, 22.5)]]);
  });
});

test('torchvision: boxes in pixels of the input', async () => {
  const model = {
    inputs: [{ name: 'images', dims: [1, 3, 'h', 'w'] }],
    nodes: [
      ...sizeOf('images'),
      node('Mul', ['size', 'half'], 'middle of it'),
      node('Concat', ['origin', 'middle of it'], 'box', { axis: 0 }),
      node('Reshape', ['box', 'one box'], 'boxes'),
      node('Identity', ['score'], 'scores'),
      node('Cast', ['three'], 'labels', { to: TYPE.int64 }),
    ],
    outputs: [
      { name: 'boxes', dims: ['k', 4] },
      { name: 'scores', dims: ['k'] },
      { name: 'labels', dims: ['k'], type: TYPE.int64 },
    ],
  };
  expect(await detect(model, {})).toEqual([['car', 0, 0, 200, 150]]);
});

test('RT-DETR’s own export: boxes in pixels of the size it is told', async () => {
  const model = {
    inputs: [
      { name: 'images', dims: ['b', 3, 'h', 'w'] },
      { name: 'orig_target_sizes', dims: ['b', 2], type: TYPE.int64 },
    ],
    nodes: [
      node('Cast', ['orig_target_sizes'], 'sizes', { to: TYPE.float32 }),
      node('Mul', ['sizes', 'half'], 'lower right'),
      node('Sub', ['lower right', 'lower right'], 'upper left'),
      node('Concat', ['upper left', 'lower right'], 'box', { axis: 1 }),
      node('Reshape', ['box', 'one query'], 'boxes'),
      node('Reshape', ['score', 'one'], 'scores'),
      node('Cast', ['three'], 'class', { to: TYPE.int64 }),
      node('Reshape', ['class', 'one'], 'labels'),
    ],
    outputs: [
      { name: 'labels', dims: ['b', 1], type: TYPE.int64 },
      { name: 'boxes', dims: ['b', 1, 4] },
      { name: 'scores', dims: ['b', 1] },
    ],
  };

  expect(await detect(model, {})).toEqual([['class_3', 0, 0, 200, 150]]);
});

test('TensorFlow: bytes, boxes in fractions', async () => {
  const model = {
    inputs: [{ name: 'input_tensor', dims: [1, 'h', 'w', 3], type: TYPE.uint8 }],
    nodes: [
      node('Identity', ['yxyx'], 'detection_boxes'),
      node('Identity', ['scores of two'], 'detection_scores'),
      node('Identity', ['three and one'], 'detection_classes'),
    ],
    outputs: [
      { name: 'detection_boxes', dims: [1, 'k', 4] },
      { name: 'detection_scores', dims: [1, 'k'] },
      { name: 'detection_classes', dims: [1, 'k'] },
    ],
  };
  expect(await detect(model, {})).toEqual([
    ['car', 100, 0, 400, 150],
    ['person', 0, 0, 400, 300],
  ]);
});
