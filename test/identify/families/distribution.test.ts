import { describe, expect, test } from 'vitest';
import { complaint } from '../../support/complaint.js';
import { expectGolden, goldenOf, outputsOf } from '../../support/golden.js';
import { becauseOf, identified } from '../../support/identified.js';
import type { OutputGiven } from '../../support/onnx.js';
import { randomNumbers } from '../../support/random.js';

const BGR = {
  channels: 'bgr',
  mean: [103.53, 116.28, 123.675],
  std: [57.375, 57.12, 58.395],
  interpolation: 'bilinear-warp',
};
const inputs = [{ name: 'data', dims: [1, 3, 64, 64] }];

/** Scores, or logits, of some rows. */
function output(name: string, rows: number, columns: number, kind: 'scores' | 'logits'): OutputGiven {
  const random = randomNumbers(rows * columns);
  const values = Array.from({ length: rows * columns }, () => (kind === 'scores' ? random() : 8 * random() - 4));
  return { name, dims: [1, rows, columns], values };
}

function levels(classes: number, { rows = [64, 16, 4], width = 32, scores = 'scores' as 'scores' | 'logits' } = {}) {
  return rows.flatMap((count) => [
    output(`a${count}`, count, width, 'logits'),
    output(`b${count}`, count, classes, scores),
  ]);
}

test('NanoDet: names lie, dims and values tell', async () => {
  const golden = goldenOf('nanodet', 'nanodet');
  const model = await identified({ inputs, outputs: outputsOf(golden) });
  expect(model.spec).toMatchObject({ name: 'NanoDet (3 classes)', input: { ...BGR, fit: 'letterbox' } });
  expect(becauseOf(model, 'family')).toBe('pairs of outputs with 64, 16, 4 rows: cells of strides 8, 16, 32');
  expectGolden(golden, model.spec.head, 3);
});

test('NanoDet without a batch: outputs of two dims', async () => {
  const flat = levels(3).map((given) => ({ ...given, dims: given.dims.slice(1) }));
  const { spec } = await identified({ inputs, outputs: flat });
  expect(spec).toMatchObject({ name: 'NanoDet (3 classes)', head: { family: 'dfl', scores: ['b64', 'b16', 'b4'] } });
});

test('PicoDet: a level more, RGB', async () => {
  const golden = goldenOf('paddle', 'picodet');
  const model = await identified({ inputs: [{ name: 'image', dims: [1, 3, 64, 64] }], outputs: outputsOf(golden) });
  expect(model.spec).toMatchObject({
    name: 'PicoDet (5 classes)',
    input: { channels: 'rgb', fit: 'stretch', interpolation: 'bicubic' },
  });
  expectGolden(golden, model.spec.head, 5);
});

test('NanoDet-Plus: one output, centres at the corner', async () => {
  const golden = goldenOf('nanodet', 'nanodet-plus');
  const model = await identified({ inputs, outputs: outputsOf(golden) });
  expect(model.spec).toMatchObject({ name: 'NanoDet-Plus (3 classes)', input: { ...BGR, fit: 'stretch' } });
  expect(becauseOf(model, 'head.centre')).toBe('NanoDet-Plus counts from the corner of a cell');
  expectGolden(golden, model.spec.head, 3);
});

test('NanoDet of 2021: one output of three levels, centres in the middle', async () => {
  const { dims, data } = goldenOf('nanodet', 'nanodet-plus').outputs.output;
  const outputs = [{ name: 'output', dims: [1, 84, dims[2]], values: data.slice(0, 84 * dims[2]) }];
  const { spec } = await identified({ inputs, outputs });
  expect(spec).toMatchObject({ name: 'NanoDet (3 classes)', head: { strides: [8, 16, 32], centre: 0.5, bins: 8 } });
});

describe('which output is which', () => {
  const sorted = { scores: ['b64', 'b16', 'b4'], distances: ['a64', 'a16', 'a4'] };
  const rows: [string, OutputGiven[], Record<string, unknown>][] = [
    ['one class', levels(1), { ...sorted, bins: 8, activation: 'none' }],
    ['as many classes as distances', levels(32), { ...sorted, bins: 8 }],
    ['sixteen bins', levels(3, { width: 64 }), { ...sorted, bins: 16 }],
    ['scores as logits, by width', levels(80, { scores: 'logits' }), { ...sorted, bins: 8, activation: 'sigmoid' }],
    ['in any order', levels(3).reverse(), { ...sorted, bins: 8 }],
  ];
  test.each(rows)('%s', async (_, outputs, head) => {
    const { spec } = await identified({ inputs, outputs });
    expect(spec.head).toMatchObject({ family: 'dfl', ...head });
  });

  test('dims that the file leaves open', async () => {
    const outputs = levels(3).map((given) => ({ ...given, declared: ['n', 'cells', 'columns'] }));
    const { spec } = await identified({ inputs, outputs });
    expect(spec.head).toMatchObject({ family: 'dfl', ...sorted });
  });

  test('nothing tells: the message names what settles it, and it does', async () => {
    const outputs = levels(32, { scores: 'logits' });
    const message =
      /nothing tells which of outputs "a64" and "b64" holds the scores\. A spec \{"head":\{"scores":\[…\],/;
    await expect(identified({ inputs, outputs })).rejects.toThrow(complaint('E_MODEL', message));
    const { spec } = await identified({ inputs, outputs }, { spec: { head: sorted } });
    expect(spec.head).toMatchObject({ family: 'dfl', ...sorted, activation: 'sigmoid' });
  });
});

describe('one output: columns of scores, then of distributions', () => {
  const joined = (classes: number, width: number) => {
    const [scores, distances] = [output('s', 85, classes, 'scores'), output('d', 85, width, 'logits')];
    const values = Array.from({ length: 85 }, (_, row) => [
      ...Array.from(scores.values!).slice(row * classes, (row + 1) * classes),
      ...Array.from(distances.values!).slice(row * width, (row + 1) * width),
    ]);
    return [{ name: 'output', dims: [1, 85, classes + width], values: values.flat() }];
  };

  test.each([
    ['one class', 1, 32, 8],
    ['eighty', 80, 32, 8],
    ['sixteen bins', 5, 64, 16],
  ])('%s', async (_, classes, width, bins) => {
    const { spec } = await identified({ inputs, outputs: joined(classes, width) });
    expect(spec.head).toMatchObject({ family: 'dfl', bins });
    expect(spec.labels).toHaveLength(classes);
  });

  test('rows of YOLO have as many: their first columns are no scores', async () => {
    // Boxes in pixels, objectness and classes: YOLOv6-P6.
    const random = randomNumbers(1);
    const row = () => [64 * random(), 64 * random(), 9 + random(), 9 + random(), ...Array.from({ length: 38 }, random)];
    const outputs = [{ name: 'outputs', dims: [1, 85, 42], values: Array.from({ length: 85 }, row).flat() }];
    const found = await identified({ inputs, outputs }).catch(() => null);
    expect(found?.spec.head.family).not.toBe('dfl');
  });
});
