import { describe, expect, test } from 'vitest';
import { complaint } from '../../support/complaint.js';
import { expectGolden, goldenOf, outputsOf, readGolden } from '../../support/golden.js';
import { becauseOf, identified } from '../../support/identified.js';
import type { OutputGiven, ValueGiven } from '../../support/onnx.js';
import { inBetween, independent, logits, noObjectOf } from './detr-outputs.js';

const fixed: ValueGiven = { name: 'pixel_values', dims: [1, 3, 96, 160] };
/** As Optimum exports it: nothing is fixed. */
const open: ValueGiven = { name: 'pixel_values', dims: ['batch', 'channels', 'height', 'width'] };
const config = (modelType: string, names = 5) => {
  const id2label = Object.fromEntries(Array.from({ length: names }, (_, i) => [i, `name ${i}`]));
  return JSON.stringify({ model_type: modelType, id2label });
};
const IMAGENET = { scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
const RGB01 = { scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] };
const edges = { ...IMAGENET, fit: 'shortest-edge', interpolation: 'antialias', width: 1333, height: 800 };
const square = { ...RGB01, fit: 'stretch', width: 640, height: 640 };

describe('as in Hugging Face, by config.json', () => {
  const rows: [string, string, 'softmax' | 'sigmoid', object][] = [
    ['DETR', 'detr', 'softmax', edges],
    ['YOLOS', 'yolos', 'softmax', edges],
    ['Conditional DETR', 'conditional_detr', 'sigmoid', edges],
    ['Deformable DETR', 'deformable_detr', 'sigmoid', edges],
    ['RT-DETR', 'rt_detr', 'sigmoid', square],
    ['RT-DETRv2', 'rt_detr_v2', 'sigmoid', square],
    ['D-FINE', 'd_fine', 'sigmoid', square],
  ];

  test.each(rows)('%s', async (name, modelType, activation, input) => {
    const golden = goldenOf('detr', name);
    const model = { inputs: [open], outputs: outputsOf(golden) };
    const found = await identified(model, {}, { 'config.json': config(modelType) });
    const { spec } = found;
    expect(spec).toMatchObject({ name: `${name} (5 classes)`, head: { activation, suppress: false }, input });
    const noObject = activation === 'softmax';
    expect(spec.labels).toEqual([...[0, 1, 2, 3, 4].map((i) => `name ${i}`), ...(noObject ? [null] : [])]);
    expect(becauseOf(found, 'family')).toBe(`config.json: model_type is "${modelType}"`);
    expectGolden(golden, spec.head, noObject ? 6 : 5, noObject ? 'last' : undefined);
  });

  test('every golden has its row', () => {
    expect(readGolden('detr').map(({ name }) => name)).toEqual(rows.map(([name]) => name));
  });
});

describe('preprocessor_config.json', () => {
  const rows: [string, object, object][] = [
    [
      'edges',
      { size: { shortest_edge: 512, longest_edge: 864 } },
      { fit: 'shortest-edge', width: 864, height: 512, ...IMAGENET },
    ],
    ['one number', { size: 800, max_size: 1333 }, edges],
    ['one number without a bound', { size: 300 }, { fit: 'shortest-edge', width: 3000, height: 300 }],
    ['sides', { size: { height: 480, width: 640 } }, { fit: 'stretch', width: 640, height: 480 }],
    [
      'sides to stay within',
      { size: { max_height: 480, max_width: 640 } },
      { fit: 'letterbox-top-left', width: 640, height: 480 },
    ],
    ['no size', {}, edges],
    ['no resizing', { do_resize: false, size: 300 }, edges],
    ['no mean', { do_normalize: false, image_mean: [0.5, 0.5, 0.5] }, { ...RGB01, fit: 'shortest-edge' }],
    [
      'a mean of its own',
      { image_mean: [0.5, 0.5, 0.5], image_std: [0.25, 0.25, 0.25] },
      { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
    ],
    ['pixels as they are', { do_rescale: false, do_normalize: false }, { ...RGB01, scale: 1 }],
    ['a factor of its own', { rescale_factor: 0.5, do_normalize: false }, { ...RGB01, scale: 0.5 }],
  ];

  test.each(rows)('%s', async (_, preprocessor, input) => {
    const files = { 'config.json': config('detr'), 'preprocessor_config.json': JSON.stringify(preprocessor) };
    const model = await identified({ inputs: [open], outputs: outputsOf(goldenOf('detr', 'DETR')) }, {}, files);
    expect(model.spec.input).toMatchObject(input);
    expect(becauseOf(model, 'input.fit')).toBe('preprocessor_config.json');
  });

  test('edges, where the file fixes the size: padded right and below', async () => {
    const model = { inputs: [fixed], outputs: outputsOf(goldenOf('detr', 'DETR')) };
    const found = await identified(model, {}, { 'config.json': config('detr') });
    expect(found.spec.input).toMatchObject({ ...IMAGENET, fit: 'letterbox-top-left', width: 160, height: 96 });
    expect(becauseOf(found, 'input.fit')).toBe('usual for DETR, into the size that the file fixes');
  });

  test.each([
    ['DetrImageProcessor', 'DETR', 'DETR'],
    ['YolosFeatureExtractor', 'YOLOS', 'YOLOS'],
    ['DeformableDetrImageProcessor', 'Deformable DETR', 'DETR with sigmoid'],
    ['RTDetrImageProcessor', 'RT-DETR', 'RT-DETR'],
  ])('%s tells the kind where config.json is missing', async (processor, golden, family) => {
    const files = { 'preprocessor_config.json': JSON.stringify({ image_processor_type: processor }) };
    const { spec } = await identified({ inputs: [open], outputs: outputsOf(goldenOf('detr', golden)) }, {}, files);
    expect(spec.name).toBe(`${family} (5 classes)`);
    expectGolden(
      goldenOf('detr', golden),
      spec.head,
      spec.labels.length,
      spec.labels.length === 6 ? 'last' : undefined,
    );
  });
});

describe('pixel_mask', () => {
  const outputs = outputsOf(goldenOf('detr', 'DETR'));
  test.each([
    ['as large as the picture', ['batch', 'height', 'width'], {}],
    ['of a fixed size', ['batch', 64, 64], { maskSize: [64, 64] }],
  ])('%s', async (_, dims, more) => {
    const inputs = [open, { name: 'pixel_mask', type: 'int64', dims } as const];
    const { spec } = await identified({ inputs, outputs }, {}, { 'config.json': config('detr') });
    expect(spec.input.extras).toEqual([{ name: 'pixel_mask', type: 'int64', value: 'mask', ...more }]);
  });
});

describe('softmax or sigmoid, where nothing names the kind', () => {
  const names = (count: number) => `[${Array.from({ length: count }, (_, i) => `'n${i}'`).join(', ')}]`;
  const sided = { name: 'pixel_values', dims: [1, 3, 64, 64] };
  const rows: [string, OutputGiven[], Record<string, string>, string, RegExp][] = [
    ['as many names as columns', inBetween(3), { names: names(3) }, 'sigmoid', /^3 names for as many columns$/],
    ['one column more', inBetween(3), { names: names(2) }, 'softmax', /^2 names, and a column more for "no object"$/],
    ['one column', inBetween(1), {}, 'sigmoid', /^one column leaves none/],
    ['a run: "no object" wins', noObjectOf(4), {}, 'softmax', /^of 20 queries in a run, 20 have their highest/],
    ['a run: one class and "no object"', noObjectOf(2), {}, 'softmax', /^of 20 queries in a run, 20 have/],
    [
      'a run: hardly a logit above 0',
      independent(6),
      {},
      'sigmoid',
      /^of 20 queries in a run, 4 have .* 0 one above 0$/,
    ],
  ];

  test.each(rows)('%s', async (_, outputs, metadata, activation, because) => {
    const found = await identified({ inputs: [sided], outputs, metadata });
    expect(found.spec.head).toMatchObject({ activation });
    expect(becauseOf(found, 'head.activation')).toMatch(because);
    expect(found.spec.labels.at(-1) === null).toBe(activation === 'softmax');
  });

  test('undecidable: says what settles it', async () => {
    const message =
      /its 3 columns may be 3 classes, or 2 and "no object": of 20 .*--labels-file, or a spec \{"head":\{"activation":"sigmoid"\}\} or .* settles it\.$/;
    await expect(identified({ inputs: [sided], outputs: inBetween(3) })).rejects.toThrow(complaint('E_MODEL', message));
  });

  test.each(['sigmoid', 'softmax'])('undecidable: a spec settles it, %s', async (activation) => {
    const given = { spec: { head: { activation } } };
    const { spec } = await identified({ inputs: [sided], outputs: inBetween(3) }, given);
    expect(spec.head).toMatchObject({ activation });
    expect(spec.labels).toHaveLength(3);
  });

  test('columns that the file leaves open are counted in a run', async () => {
    const [scores, boxes] = noObjectOf(4);
    const outputs = [{ ...scores, declared: ['b', 'q', 'c'] }, boxes];
    const { spec } = await identified({ inputs: [open], outputs });
    expect(spec.labels).toEqual(['class_0', 'class_1', 'class_2', null]);
    expect(spec.input).toMatchObject(edges);
  });
});

describe('how pictures are prepared, where nothing names the kind', () => {
  test('sigmoid with any size: says what settles it', async () => {
    const message = /nothing says how pictures are prepared for it\. config\.json .* settles it\.$/;
    await expect(identified({ inputs: [open], outputs: independent(6) })).rejects.toThrow(
      complaint('E_MODEL', message),
    );
  });

  test.each([
    ['stretch', square],
    ['shortest-edge', edges],
  ])('a spec settles it: %s', async (fit, input) => {
    const { spec } = await identified({ inputs: [open], outputs: independent(6) }, { spec: { input: { fit } } });
    expect(spec.input).toMatchObject(input);
  });

  test('a square input is stretched into', async () => {
    const inputs = [{ name: 'pixel_values', dims: [1, 3, 320, 320] }];
    const { spec } = await identified({ inputs, outputs: independent(6) });
    expect(spec.input).toMatchObject({ ...RGB01, fit: 'stretch', width: 320, height: 320 });
  });

  test('pred_logits are RT-DETR’s, D-FINE’s and DEIM’s', async () => {
    const [scores, boxes] = independent(6);
    const outputs = [{ ...scores, name: 'pred_logits' }, boxes];
    const { spec } = await identified({ inputs: [{ ...open, name: 'images' }], outputs });
    expect(spec).toMatchObject({ input: square, head: { scores: 'pred_logits', boxes: 'pred_boxes' } });
  });
});

describe('LibreYOLO, by metadata', () => {
  const rows: [string, string, object][] = [
    ['rtdetr', 's', RGB01],
    ['rtdetrv4', 's', RGB01],
    ['dfine', 'n', RGB01],
    ['deim', 'n', RGB01],
    ['deimv2', 'pico', RGB01],
    ['deimv2', 'x', IMAGENET],
    ['deformable_detr', 'r50', IMAGENET],
    ['lwdetr', 't', IMAGENET],
    ['ec', 's', IMAGENET],
  ];
  const images = [{ name: 'images', dims: [1, 3, 64, 64] }];

  test.each(rows)('%s %s', async (family, size, input) => {
    const [scores, boxes] = inBetween(2);
    const metadata = { model_family: family, model_size: size, task: 'detect', names: '{"0": "cat", "1": "dog"}' };
    const { spec } = await identified({
      inputs: images,
      outputs: [{ ...scores, name: 'pred_logits' }, boxes],
      metadata,
    });
    expect(spec).toMatchObject({ input: { ...input, fit: 'stretch' }, labels: ['cat', 'dog'] });
    expect(spec.head).toMatchObject({ activation: 'sigmoid', boxFormat: 'cxcywh', boxUnit: 'input-fractions' });
  });

  test('DETR: COCO’s ids, 80 names, and "no object" last', async () => {
    const names = JSON.stringify(Object.fromEntries(Array.from({ length: 80 }, (_, i) => [i, `n${i}`])));
    const [scores, boxes] = inBetween(92);
    const metadata = { model_family: 'detr', names };
    const { spec } = await identified({
      inputs: images,
      outputs: [{ ...scores, name: 'pred_logits' }, boxes],
      metadata,
    });
    expect(spec.head).toMatchObject({ activation: 'softmax' });
    expect([spec.labels[0], spec.labels[1], spec.labels[90], spec.labels[91], spec.labels.length]).toEqual([
      ...[null, 'n0', 'n79', null, 92],
    ]);
  });
});

describe('COCO’s ids', () => {
  const ends = (labels: readonly (string | null)[]) => [labels[0], labels[1], labels[90], labels.length];
  const sided = [{ name: 'pixel_values', dims: [1, 3, 64, 64] }];

  test('92 columns, "no object" among them', async () => {
    const { spec } = await identified({ inputs: sided, outputs: noObjectOf(92) });
    expect(ends(spec.labels)).toEqual([null, 'person', 'toothbrush', 92]);
  });

  test('91 columns of sigmoid', async () => {
    const { spec } = await identified({
      inputs: sided,
      outputs: logits(91, (column, query) => -9 - ((column + query) % 5)),
    });
    expect(ends(spec.labels)).toEqual([null, 'person', 'toothbrush', 91]);
  });
});

describe('refused', () => {
  const images = { name: 'images', dims: [1, 3, 64, 64] };
  const two = inBetween(3);
  const rows: [string, ValueGiven[], OutputGiven[], Record<string, string>, RegExp][] = [
    ['oriented boxes', [images], two, { model_family: 'rtdetrv2', task: 'obb' }, /gives oriented boxes \(task "obb"\)/],
    [
      'five numbers a box',
      [images],
      [two[0], { name: 'pred_boxes', dims: [1, 20, 5] }],
      {},
      /gives oriented boxes \(output "pred_boxes" \[1, 20, 5\]\)/,
    ],
    [
      'text to look for',
      [images, { name: 'input_ids', type: 'int64', dims: [1, 16] }],
      two,
      {},
      /gives what a second input asks for \(input "input_ids"\)/,
    ],
  ];

  test.each(rows)('%s', async (_, inputs, outputs, metadata, message) => {
    await expect(identified({ inputs, outputs, metadata })).rejects.toThrow(complaint('E_MODEL', message));
  });
});

test.each([
  ['masks', { name: 'pred_masks', dims: [1, 20, 16, 16] }],
  ['key points', { name: 'pred_keypoints', dims: [1, 20, 34] }],
])('%s: left out, with a note', async (what, output) => {
  const inputs = [{ name: 'images', dims: [1, 3, 64, 64] }];
  const { warnings } = await identified(
    { inputs, outputs: [...inBetween(3), output] },
    { spec: { head: { activation: 'sigmoid' } } },
  );
  expect(warnings).toContainEqual(
    expect.stringMatching(new RegExp(`gives ${what} as well \\(output "${output.name}"`)),
  );
});
