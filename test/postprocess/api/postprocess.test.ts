import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createDetector } from '../../../src/detector.js';
import type { ModelSpec } from '../../../src/identify/spec/model-spec.js';
import { type PostprocessCall, postprocess, type RuntimeTensor } from '../../../src/postprocess/index.js';
import type { PostprocessOptions } from '../../../src/postprocess/options/postprocess-options.js';
import type { RawPixels } from '../../../src/types/pictures.js';
import { complaint } from '../../support/complaint.js';
import { inputSpec } from '../../support/input-spec.js';
import { onnxModel } from '../../support/onnx.js';
import { randomNumbers } from '../../support/random.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const picture: RawPixels = { data: new Uint8Array(96 * 48 * 3).fill(99), width: 96, height: 48, channels: 3 };
const image = { width: 96, height: 48 };
const spec: ModelSpec = {
  name: 'test',
  input: inputSpec({ width: 64, height: 64, fit: 'letterbox' }),
  head: {
    family: 'yolo',
    output: 'out',
    layout: 'rows',
    objectness: false,
    activation: 'sigmoid',
    boxFormat: 'cxcywh',
    boxUnit: 'input-pixels',
    suppress: true,
  },
  labels: ['car', 'truck', null, 'cat'],
};
const random = randomNumbers(7);
const values = Array.from({ length: 200 }, () => [
  ...[64 * random(), 16 + 32 * random(), 8 + 12 * random(), 8 + 12 * random()],
  ...Array.from({ length: 4 }, () => 6 * random() - 4),
]).flat();
const out: RuntimeTensor = { dims: [1, 200, 8], data: Float32Array.from(values) };

describe('as the detector', () => {
  const rows: [string, PostprocessOptions][] = [
    ['by default', {}],
    ['for evaluation', { preset: 'evaluation' }],
    ['one label per box', { labels: 'single', exclude: ['cat'] }],
    ['thresholds of labels', { labelThresholds: { car: 0.5 }, labelIouThresholds: { truck: 0.2 } }],
    ['groups', { scope: [['car', 'truck']], measure: 'ios' }],
    ['limits', { maxCandidates: 50, maxDetections: 20, maxPerClass: 8, minSide: 12, maxArea: 400 }],
    ...(['soft-gaussian', 'matrix-linear', 'wbf', 'nmw', 'none'] as const).map(
      (suppression): [string, PostprocessOptions] => [suppression, { suppression, regionIou: 0.6 }],
    ),
  ];

  test.each(rows)('%s', async (_, options) => {
    const file = join(await temporaryFolder(), 'model.onnx');
    await writeFile(file, onnxModel({ outputs: [{ name: 'out', dims: [1, 200, 8], values }] }));
    await using detector = await createDetector({ model: file, spec, workers: 0 });
    const { image: _none, ...expected } = await detector.detect(picture, options);
    expect(postprocess({ out }, spec, { image, ...options })).toEqual(expected);
    expect(expected.detections.length).toBeGreaterThan(2);
  });
});

test('of a spec, the head, the labels and how the image was fitted are enough; of that, a geometry', () => {
  const expected = postprocess({ out }, spec, { image });
  const { head, labels, input } = spec;
  expect(postprocess({ out, unused: out }, { head, labels, input }, { image })).toEqual(expected);
  const geometry = {
    ...{ imageWidth: 96, imageHeight: 48, fittedWidth: 64, fittedHeight: 32, offsetX: 0, offsetY: 16 },
    ...{ inputWidth: 64, inputHeight: 64 },
  };
  expect(postprocess({ out }, { head, labels }, { geometry })).toEqual(expected);
});

test("takes outputs as onnxruntime's types tell them", () => {
  const outputs: InferenceSession.OnnxValueMapType = { out: new Tensor(out.data as Float32Array, out.dims) };
  expect(postprocess(outputs, spec, { image })).toEqual(postprocess({ out }, spec, { image }));
});

test('says what maxCandidates cut', () => {
  const { notes } = postprocess({ out }, spec, { image, scoreThreshold: 0, maxCandidates: 100 });
  expect(notes).toEqual([
    'maxCandidates: 500 of 600 candidates were cut; the 100 with the highest scores were looked at.',
  ]);
  expect(postprocess({ out }, spec, { image, scoreThreshold: 0, maxCandidates: 600 })).not.toHaveProperty('notes');
});

describe('tensors of any number type', () => {
  const rows: RuntimeTensor['data'][] = [
    Float64Array.of(10, 20, 30, 40, 0.5, 1),
    [10, 20, 30, 40, 0.5, 1],
    Uint16Array.of(0x4900, 0x4d00, 0x4f80, 0x5100, 0x3800, 0x3c00),
  ];
  const finished = {
    head: {
      family: 'rows' as const,
      output: 'out',
      count: 'count',
      columns: { all: 6, box: 0, score: 4, class: 5 },
      boxFormat: 'xyxy' as const,
      boxUnit: 'image-pixels' as const,
    },
    labels: ['cat', 'dog'],
    input: spec.input,
  };

  test.each(rows)('%#', (data) => {
    const type = data instanceof Uint16Array ? 'float16' : 'whatever';
    const outputs = { out: { dims: [1, 1, 6], data, type }, count: { dims: [1], data: BigInt64Array.of(1n) } };
    const dog = { label: 'dog', classId: 1, score: 0.5 };
    const { detections } = postprocess(outputs, finished, { image });
    expect(detections).toEqual([{ box: [10, 20, 30, 40], ...dog, labels: [dog] }]);
  });
});

describe('what it refuses', () => {
  const rows: [string, unknown, unknown, unknown, RegExp][] = [
    ['no size', { out }, spec, {}, /expected options\.image to be \{ width, height \} .*, received undefined\.$/],
    [
      'half a pixel',
      { out },
      spec,
      { image: { width: 9.5, height: 9 } },
      /expected options\.image\.width to be a positive integer, received 9\.5/,
    ],
    ['an unknown option', { out }, spec, { image, score: 1 }, /^postprocess: expected one of .*, received "score"\./],
    ['a percentage', { out }, spec, { image, iouThreshold: 45 }, /Percent was given\? Use 0\.45\.$/],
    [
      'no head',
      { out },
      { ...spec, head: {} },
      { image },
      /expected spec\.head\.family to be 'ssd', .*, received undefined/,
    ],
    [
      'an unknown head',
      { out },
      { ...spec, head: { family: 'yolo9' } },
      { image },
      /received "yolo9"\. sigbox inspect/,
    ],
    ['no spec', { out }, undefined, { image }, /expected spec to be an object, received undefined\. sigbox inspect/],
    [
      'labels that are none',
      { out },
      { ...spec, labels: ['a', 1] },
      { image },
      /expected spec\.labels\.1 to be a string, or null, received 1/,
    ],
    ['no labels at all', { out }, { ...spec, labels: undefined }, { image }, /expected spec\.labels .* undefined\./],
    [
      'no labels',
      { out },
      { ...spec, labels: [] },
      { image },
      /expected spec\.labels to be one or more labels, with null/,
    ],
    [
      'no input',
      { out },
      { ...spec, input: undefined },
      { image },
      /expected spec\.input to be .* or options\.geometry/,
    ],
    ['no call', { out }, spec, undefined, /expected options\.image to be .*, received undefined\.$/],
    ['a call that is null', { out }, spec, null, /expected options\.image to be .*, received undefined\.$/],
    ['no outputs', undefined, spec, { image }, /^postprocess: expected outputs to be an object .*, received undefined/],
    ['an output that is null', { out: null }, spec, { image }, /^output "out": expected a tensor .*, received null\.$/],
    [
      'dims of BigInts',
      { out: { ...out, dims: [1n, 200n, 8n] } },
      spec,
      { image },
      /^output "out": expected dims .*, received "\[1n, 200n, 8n\]"\.$/,
    ],
    ['dims below 0', { out: { ...out, dims: [1, -200, -8] } }, spec, { image }, /received "\[1, -200, -8\]"\.$/],
    ['texts', { out: { dims: [1], data: ['a'] } }, spec, { image }, /^output "out": expected data to be numbers/],
    [
      'dims of something else',
      { out: { dims: [1, 9], data: [1, 2] } },
      spec,
      { image },
      /^output "out": expected dims whose product is the 2 numbers of data, received "\[1, 9\]"\.$/,
    ],
    ['no dims', { out: { data: [1, 2] } }, spec, { image }, /^output "out": expected dims .*, received undefined\.$/],
  ];

  test.each<[string, unknown, RegExp]>([
    [
      'activation',
      'sigmoyd',
      /^postprocess: expected spec\.head\.activation to be 'sigmoid', .*, received "sigmoyd"\. sigbox/,
    ],
    ['boxFormat', 'xywhh', /expected spec\.head\.boxFormat to be 'xyxy', .* or 'xywh', received "xywhh"\. sigbox/],
    ['boxUnit', undefined, /expected spec\.head\.boxUnit to be 'input-pixels', .*, received undefined\. sigbox/],
    ['objectness', undefined, /expected spec\.head\.objectness to be true or false, received undefined\. sigbox/],
    ['suppress', undefined, /expected spec\.head\.suppress to be true or false, received undefined\. sigbox/],
    ['output', 1, /expected spec\.head\.output to be a string, received 1\. sigbox/],
  ])('a head whose %s is %s, at every call', (name, value, message) => {
    const given = { ...spec, head: { ...spec.head, [name]: value } } as ModelSpec;
    const call = () => postprocess({ out }, given, { image });
    expect(call).toThrow(complaint('E_ARGUMENT', message));
    expect(call).toThrow(complaint('E_ARGUMENT', message));
  });

  const parent = { label: 'vehicle', below: ['car', 'truck'], score: 'maximum' };
  test.each<[string, unknown, RegExp]>([
    ['a text', 'x', /^postprocess: expected spec\.parents to be an array of parent labels, received "x"\. sigbox/],
    ['null', null, /expected spec\.parents to be an array of parent labels, received null\. sigbox/],
    ['null within', [parent, null], /expected spec\.parents\.1 to be an object, received null\. sigbox/],
    [
      'nothing below',
      [{ label: 'p' }],
      /spec\.parents\.0\.below to be an array of labels, received undefined\. sigbox/,
    ],
    [
      'an unknown score',
      [{ ...parent, score: 'mean' }],
      /\.score to be 'maximum' or 'noisy-or', received "mean"\. sigbox/,
    ],
  ])('parents: %s', (_, parents, message) => {
    postprocess({ out }, { ...spec, parents: [parent] } as ModelSpec, { image });
    const given = { ...spec, parents } as ModelSpec;
    expect(() => postprocess({ out }, given, { image })).toThrow(complaint('E_ARGUMENT', message));
  });

  test('more labels than there are class numbers', () => {
    const labels = new Array<null>(65537).fill(null);
    const message = /^labels: expected at most 65536, one per class column, received 65537\.$/;
    expect(() => postprocess({ out }, { ...spec, labels }, { image })).toThrow(complaint('E_ARGUMENT', message));
  });

  test.each<[string, unknown, RegExp]>([
    ['fit', 'crop', /^postprocess: expected spec\.input\.fit to be 'stretch', .* or .*, received "crop"\. sigbox/],
    ['width', 0, /expected spec\.input\.width to be a positive integer, received 0\. sigbox/],
    ['rounding', 'up', /expected spec\.input\.rounding to be 'nearest', 'down' or 'cut', received "up"\. sigbox/],
    ['multipleOf', 0, /expected spec\.input\.multipleOf to be a positive integer, received 0\. sigbox/],
    ['interpolation', 'cubic', /expected spec\.input\.interpolation to be .*, received "cubic"\. sigbox/],
  ])('an input whose %s is %s', (name, value, message) => {
    const given = { ...spec, input: { ...spec.input, [name]: value } };
    expect(() => postprocess({ out }, given, { image })).toThrow(complaint('E_ARGUMENT', message));
  });

  const whole = { imageWidth: 96, imageHeight: 48, inputWidth: 64, inputHeight: 64 };
  const geometry = { ...whole, fittedWidth: 64, fittedHeight: 32, offsetX: 0, offsetY: 16 };
  const boxes = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 };
  test.each<[string, unknown, RegExp]>([
    ['empty', {}, /^postprocess: expected options\.geometry\.imageWidth to be a positive integer, received undefined/],
    ['null', null, /expected options\.geometry to be an object, received null\.$/],
    [
      'without width',
      { ...geometry, fittedWidth: 0 },
      /expected options\.geometry\.fittedWidth to be a positive number/,
    ],
    ['off by NaN', { ...geometry, offsetX: Number.NaN }, /\.offsetX to be a finite number, received NaN\.$/],
    ['of an endless input', { ...geometry, inputHeight: Infinity }, /\.inputHeight to be .*, received Infinity\.$/],
    [
      'with boxes scaled by 0',
      { ...geometry, boxes: { ...boxes, scaleX: 0 } },
      /options\.geometry\.boxes\.scaleX to be a positive number, received 0\.$/,
    ],
  ])('a geometry that is %s', (_, wrong, message) => {
    const call = { geometry: wrong } as PostprocessCall;
    expect(() => postprocess({ out }, spec, call)).toThrow(complaint('E_ARGUMENT', message));
    expect(() => postprocess({ out }, spec, { geometry: { ...geometry, boxes } })).not.toThrow();
  });

  test.each(rows)('%s', (_, outputs, given, options, message) => {
    const call = () =>
      postprocess(outputs as Record<string, RuntimeTensor>, given as ModelSpec, options as PostprocessCall);
    expect(call).toThrow(complaint('E_ARGUMENT', message));
  });

  test('outputs of another model', () => {
    const call = (outputs: Record<string, RuntimeTensor>) => () => postprocess(outputs, spec, { image });
    expect(call({})).toThrow(complaint('E_MODEL', /out/));
    expect(call({ out: { dims: [1, 200, 4], data: new Float32Array(800) } })).toThrow(
      complaint('E_MODEL', /\[1, n, 8\]/),
    );
  });
});
