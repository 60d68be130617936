import { describe, expect, test } from 'vitest';
import { complaint } from '../../support/complaint.js';
import { expectGolden, goldenOf, outputsOf } from '../../support/golden.js';
import { becauseOf, identified } from '../../support/identified.js';
import type { OutputGiven } from '../../support/onnx.js';
import { randomNumbers } from '../../support/random.js';

const inputs = [{ name: 'image', dims: [1, 3, 128, 128] }];
const SIDES = [16, 8, 4, 2, 1];

function filled(name: string, dims: number[], [low, high]: [number, number]): OutputGiven {
  const random = randomNumbers(dims.length + dims[1]);
  const values = Array.from({ length: dims.reduce((a, b) => a * b) }, () => low + (high - low) * random());
  return { name, dims, values };
}

describe('an output per level', () => {
  test('RetinaNet: probabilities', async () => {
    const golden = goldenOf('retinanet', 'retinanet');
    const model = await identified({ inputs, outputs: outputsOf(golden) });
    expect(model.spec).toMatchObject({ name: 'RetinaNet (2 classes)', input: { fit: 'letterbox-top-left' } });
    expect(becauseOf(model, 'head.activation')).toMatch(
      /^RetinaNet gives probabilities, effdet logits; scores of a run go from 0\./,
    );
    expectGolden(golden, model.spec.head, 2);
  });

  test('RetinaNet whose size is open', async () => {
    const open = [{ name: 'input', dims: ['batch', 3, 'height', 'width'] }];
    const outputs = outputsOf(goldenOf('retinanet', 'retinanet')).map((output) => ({
      ...output,
      declared: ['batch', output.dims[1], 'h', 'w'],
    }));
    const { spec } = await identified({ inputs: open, outputs }, { size: [128, 128] });
    expect(spec.input).toMatchObject({ fit: 'shortest-edge', multipleOf: 128 });
  });

  test('effdet: logits', async () => {
    const golden = goldenOf('efficientdet', 'effdet');
    const model = await identified({ inputs, outputs: outputsOf(golden) });
    expect(model.spec).toMatchObject({ name: 'EfficientDet (2 classes)', input: { fit: 'letterbox-top-left' } });
    expectGolden(golden, model.spec.head, 2);
  });

  test.each([
    ['one class', 1],
    ['four classes, as many channels as boxes', 4],
  ])('%s', async (_, classes) => {
    const outputs = [
      ...SIDES.map((side) => filled(`c${side}`, [1, 9 * classes, side, side], [-4, 4])),
      ...SIDES.map((side) => filled(`b${side}`, [1, 36, side, side], [-1, 1])),
    ];
    const { spec } = await identified({ inputs, outputs });
    expect(spec.head).toMatchObject({ layout: 'maps', scores: SIDES.map((side) => `c${side}`) });
    expect(spec.labels).toHaveLength(classes);
  });

  test('ninety classes are COCO’s ids from 1 on', async () => {
    const outputs = [
      ...SIDES.map((side) => filled(`c${side}`, [1, 810, side, side], [-4, 4])),
      ...SIDES.map((side) => filled(`b${side}`, [1, 36, side, side], [-1, 1])),
    ];
    const { spec } = await identified({ inputs, outputs });
    expect([spec.labels[0], spec.labels[11], spec.labels[89]]).toEqual(['person', null, 'toothbrush']);
  });
});

describe('one output for all levels', () => {
  const rows = 9 * SIDES.reduce((sum, side) => sum + side * side, 0);
  const regression = filled('regression', [1, rows, 4], [-1, 1]);
  const probabilities = (classes: number) => filled('classification', [1, rows, classes], [0, 1]);
  const anchors = filled('anchors', [1, rows, 4], [-20, 148]);
  const head = {
    layout: 'rows',
    scores: ['classification'],
    deltas: ['regression'],
    order: 'yxhw',
    activation: 'none',
  };

  const forms: [string, OutputGiven[], number][] = [
    ['in any order', [regression, probabilities(3)], 3],
    ['one class', [probabilities(1), regression], 1],
    ['beside features and anchors', [filled('p3', [1, 8, 16, 16], [-1, 1]), regression, probabilities(5), anchors], 5],
    ['four classes: the probabilities are the scores', [regression, probabilities(4), anchors], 4],
  ];
  test.each(forms)('%s', async (_, outputs, classes) => {
    const { spec } = await identified({ inputs, outputs });
    expect(spec.head).toMatchObject({ family: 'anchor-deltas', ...head });
    expect(spec.labels).toHaveLength(classes);
  });

  test('nothing tells: the message names what settles it, and it does', async () => {
    const outputs = [regression, filled('classification', [1, rows, 4], [-4, 4])];
    const message = /nothing tells which of outputs .* are scores and boxes\. A spec \{"head":\{"scores":\["…"\],/;
    await expect(identified({ inputs, outputs })).rejects.toThrow(complaint('E_MODEL', message));
    const spec = { head: { scores: ['classification'], deltas: ['regression'] } };
    const found = await identified({ inputs, outputs }, { spec });
    expect(found.spec.head).toMatchObject({ ...head, activation: 'sigmoid' });
  });
});

describe('anchors, by size', () => {
  const rows: [number, number, string, RegExp | null][] = [
    [512, 5, 'efficientdet', null],
    [640, 5, 'efficientdet', /EfficientDet-Lite .* size 640 .*"efficientdet-lite"/],
    [320, 5, 'efficientdet-lite', null],
    [1536, 5, 'efficientdet-d7', null],
    [1536, 6, 'efficientdet', null],
  ];
  test.each(rows)('%d, %d levels: %s', async (side, levels, set, warning) => {
    const sides = Array.from({ length: levels }, (_, level) => Math.ceil(side / 2 ** (3 + level)));
    const outputs = [
      ...sides.map((s) => ({ name: `c${s}`, dims: [1, 9, s, s], values: new Array(9 * s * s).fill(-4) })),
      ...sides.map((s) => ({ name: `b${s}`, dims: [1, 36, s, s] })),
    ];
    const found = await identified({ inputs: [{ name: 'image', dims: [1, 3, side, side] }], outputs });
    expect(found.spec.head).toMatchObject({ family: 'anchor-deltas', anchors: set });
    if (warning === null) expect(found.warnings.join()).not.toMatch(/Lite/);
    else expect(found.warnings[0]).toMatch(warning);
  });
});
