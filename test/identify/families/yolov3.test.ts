import { expect, test } from 'vitest';
import { identified } from '../../support/identified.js';
import type { OutputGiven } from '../../support/onnx.js';

const inputs = [
  { name: 'input_1', dims: [1, 3, 'height', 'width'] },
  { name: 'image_shape', dims: [1, 2] },
];
const boxes: OutputGiven = { name: 'yolonms_layer_1/ExpandDims_1:0', dims: [1, 5, 4], declared: [1, 'n', 4] };
const scores: OutputGiven = { name: 'yolonms_layer_1/ExpandDims_3:0', dims: [1, 80, 5], declared: [1, 80, 'n'] };
const indices: OutputGiven = {
  name: 'yolonms_layer_1/concat_2:0',
  dims: [2, 3],
  declared: ['k', 3],
  type: 'int32',
  values: [0, 0, 0, 0, 1, 1],
};
const expected = {
  head: {
    family: 'selected',
    boxes: boxes.name,
    scores: scores.name,
    indices: indices.name,
    boxFormat: 'yxyx',
    boxUnit: 'image-pixels',
  },
  input: {
    width: 416,
    height: 416,
    fit: 'letterbox',
    padValue: 128,
    extras: [{ name: 'image_shape', type: 'float32', value: 'image-hw' }],
  },
};

test.each([
  ['as it is', [boxes, scores, indices]],
  [
    'the tiny one: indices of an image of their own',
    [boxes, scores, { ...indices, dims: [1, 2, 3], declared: [1, 'k', 3] }],
  ],
  ['in another order', [indices, scores, boxes]],
  [
    'all dims left open',
    [boxes, scores, indices].map((output) => ({ ...output, declared: output.dims.map(() => 'd') })),
  ],
])('%s', async (_, outputs) => {
  const { spec } = await identified({ inputs, outputs });
  expect(spec).toMatchObject(expected);
  expect(spec.labels).toHaveLength(80);
});

test('a size of its own', async () => {
  const { spec } = await identified({ inputs, outputs: [boxes, scores, indices] }, { size: [320, 256] });
  expect(spec.input).toMatchObject({ width: 320, height: 256 });
});
