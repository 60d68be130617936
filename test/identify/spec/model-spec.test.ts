import { describe, expect, test } from 'vitest';
import { isHead, isSpec, readSpec } from '../../../src/identify/spec/model-spec.js';
import { complaint } from '../../support/complaint.js';

const spec = {
  name: 'small',
  input: {
    name: 'images',
    type: 'uint8',
    width: 4,
    height: 2,
    layout: 'nhwc',
    batched: false,
    channels: 'bgr',
    scale: 0.5,
    mean: [1, 2, 3],
    std: [1, 1, -1],
    fit: 'letterbox-top-left',
    rounding: 'cut',
    interpolation: 'bilinear',
    padValue: 114,
    multipleOf: 2,
    extras: [{ name: 'sizes', type: 'int64', value: 'image-wh' }],
  },
  head: {
    family: 'ssd',
    scores: 'scores',
    boxes: 'boxes',
    anchors: 'anchors',
    activation: 'softmax',
    boxScales: [10, 10, 5, 5],
  },
  labels: [null, 'cat', ''],
};

describe('readSpec', () => {
  test('a spec as it is', () => {
    expect(readSpec(structuredClone(spec), 'spec')).toEqual(spec);
  });

  test('what an older spec does not say', () => {
    const { type: _t, batched: _b, rounding: _r, interpolation: _i, multipleOf: _m, extras: _e, ...input } = spec.input;
    const resized = { rounding: 'nearest', interpolation: 'antialias' };
    const usual = { type: 'float32', batched: true, ...resized, multipleOf: 1, extras: [] };
    expect(readSpec({ ...spec, input }, 'spec').input).toEqual({ ...input, ...usual });
  });

  test.each([
    ['half precision', { type: 'float16' }],
    ['bytes', { type: 'uint8', scale: 1 }],
    ['one picture, no batch', { batched: false }],
    ['any size', { fit: 'shortest-edge', multipleOf: 32 }],
    ['a size besides', { extras: [{ name: 'size', type: 'int64', value: 'image-wh' }] }],
    ['a mask of its own size', { extras: [{ name: 'mask', type: 'int64', value: 'mask', maskSize: [64, 64] }] }],
  ])('%s', (_, input) => {
    expect(readSpec({ ...spec, input: { ...spec.input, ...input } }, 'spec').input).toMatchObject(input);
  });

  test.each([0, 255])('padValue %i', (padValue) => {
    const changed = { ...spec, input: { ...spec.input, padValue } };
    expect(readSpec(changed, 'spec').input.padValue).toBe(padValue);
  });

  const { name: _, ...nameless } = spec;
  const { width: __, ...narrow } = spec.input;

  const rows: [string, unknown, string, string][] = [
    ['nothing', undefined, 'an object', 'undefined'],
    ['a text', 'small', 'an object', '"small"'],
    ['no name', nameless, 'name to be a string', 'undefined'],
    ['no input width', { ...spec, input: narrow }, 'input.width to be a positive integer', 'undefined'],
    [
      'a field too many',
      { ...spec, input: { ...spec.input, stride: 32 } },
      'one of the fields of input: name, .*, extras',
      '"stride"',
    ],
    [
      'no labels',
      { ...spec, labels: [] },
      'labels to be one or more labels, with null for a class without one',
      'Array of length 0',
    ],
    ['a number as a label', { ...spec, labels: ['cat', 3] }, 'labels.1 to be a string, or null', '3'],
    ['a text as input', { ...spec, input: 'images' }, 'input to be an object', '"images"'],
    ['width 0', { ...spec, input: { ...spec.input, width: 0 } }, 'input.width to be a positive integer', '0'],
    [
      'half a pixel',
      { ...spec, input: { ...spec.input, height: 1.5 } },
      'input.height to be a positive integer',
      '1.5',
    ],
    [
      'two means',
      { ...spec, input: { ...spec.input, mean: [1, 2] } },
      'input.mean to be three numbers',
      'Array of length 2',
    ],
    [
      'a deviation of 0',
      { ...spec, input: { ...spec.input, std: [1, 0, 1] } },
      'input.std.1 to be a number other than 0',
      '0',
    ],
    [
      'padding below black',
      { ...spec, input: { ...spec.input, padValue: -1 } },
      'input.padValue to be a number from 0 to 255',
      '-1',
    ],
    [
      'padding above white',
      { ...spec, input: { ...spec.input, padValue: 256 } },
      'input.padValue to be a number from 0 to 255',
      '256',
    ],
    [
      'an unknown fit',
      { ...spec, input: { ...spec.input, fit: 'crop' } },
      "input.fit to be 'stretch', .* or 'shortest-edge'",
      '"crop"',
    ],
    [
      'an unknown family',
      { ...spec, head: { ...spec.head, family: 'sdd' } },
      "head.family to be 'ssd', .* or 'anchor-deltas'",
      '"sdd"',
    ],
    ['no family', { ...spec, head: {} }, "head.family to be 'ssd', .*", 'undefined'],
    ['no head', { ...spec, head: null }, 'head to be an object', 'null'],
    ['an unknown type', { ...spec, input: { ...spec.input, type: 'int16' } }, 'input.type to be .*', '"int16"'],
    [
      'an unknown value for an input',
      { ...spec, input: { ...spec.input, extras: [{ name: 'a', type: 'int64', value: 'size' }] } },
      "input.extras.0.value to be 'image-wh', .* or 'mask'",
      '"size"',
    ],
    [
      'an unknown activation',
      { ...spec, head: { ...spec.head, activation: 'relu' } },
      "head.activation to be 'sigmoid', 'softmax' or 'none'",
      '"relu"',
    ],
    [
      'a box scale of 0',
      { ...spec, head: { ...spec.head, boxScales: [10, 10, 5, 0] } },
      'head.boxScales.3 to be a number other than 0',
      '0',
    ],
  ];

  test.each(rows)('%s', (_, value, expected, received) => {
    const message = `^a\\.json: expected ${expected}, received ${received}\\. sigbox inspect --save FILE writes the spec`;
    expect(() => readSpec(value, 'a.json')).toThrow(complaint('E_MODEL', new RegExp(message)));
  });
});

test('isSpec and isHead: nothing is left out', () => {
  expect(isSpec(spec)).toBe(true);
  expect(isSpec({ ...spec, labels: undefined })).toBe(false);
  expect(isHead(spec.head)).toBe(true);
  expect(isHead({ ...spec.head, boxScales: undefined })).toBe(false);
  expect(isHead({ family: 'sdd' })).toBe(false);
  expect(isHead(undefined)).toBe(false);
});
