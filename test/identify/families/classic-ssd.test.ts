import { describe, expect, test } from 'vitest';
import { expectGolden, goldenOf, outputsOf } from '../../support/golden.js';
import { becauseOf, identified } from '../../support/identified.js';
import type { OutputGiven } from '../../support/onnx.js';

describe('the ONNX model zoo’s', () => {
  const inputs = [{ name: 'image', dims: [1, 3, 1200, 1200] }];
  const outputs = (box: number[]): OutputGiven[] => [
    { name: 'bboxes', dims: [1, 1, 4], declared: [1, 'nbox', 4], values: box },
    { name: 'labels', dims: [1, 1], declared: [1, 'nbox'], type: 'int64', values: [1] },
    { name: 'scores', dims: [1, 1], declared: [1, 'nbox'], values: [0.9] },
  ];

  test('boxes as fractions, labels from 1', async () => {
    const { spec } = await identified({ inputs, outputs: outputs([0.1, 0.2, 0.3, 0.4]) });
    expect(spec).toMatchObject({
      head: { family: 'parts', boxes: 'bboxes', scores: 'scores', classes: 'labels', boxUnit: 'input-fractions' },
      input: { channels: 'rgb', mean: [0.485, 0.456, 0.406], fit: 'stretch', interpolation: 'antialias', width: 1200 },
    });
    expect(spec.labels.slice(0, 2)).toEqual([null, 'person']);
    expect(spec.labels).toHaveLength(81);
  });

  test('boxes in pixels are another family’s', async () => {
    const found = await identified({ inputs, outputs: outputs([10, 20, 30, 40]) }).catch(() => null);
    expect(found?.spec.name ?? '').not.toMatch(/^SSD/);
  });
});

describe('pytorch-ssd and UltraFace', () => {
  const golden = goldenOf('ultraface', 'ultraface');
  const inputs = [{ name: 'input', dims: [1, 3, 240, 320] }];

  test('scores after their softmax', async () => {
    const model = await identified({ inputs, outputs: outputsOf(golden) });
    expect(model.spec).toMatchObject({
      input: {
        channels: 'rgb',
        scale: 1,
        mean: [127, 127, 127],
        std: [128, 128, 128],
        fit: 'stretch',
        interpolation: 'bilinear',
      },
      labels: [null, 'class_0'],
    });
    expect(becauseOf(model, 'family')).toBe('in a run the 2 scores of each of 400 rows add up to 1');
    expectGolden(golden, model.spec.head, 2, 'first');
  });

  test('outputs in another order, dims left open', async () => {
    const outputs = outputsOf(golden)
      .reverse()
      .map((output) => ({ ...output, declared: [1, 'n', output.dims[2]] }));
    const { spec } = await identified({ inputs, outputs });
    expectGolden(golden, spec.head, 2, 'first');
  });

  test('four columns: those that add up to 1 are the scores', async () => {
    const { data } = golden.outputs.scores;
    const scores = { dims: [1, 400, 4], values: data.flatMap((value) => [value / 2, value / 2]) };
    const outputs = outputsOf(golden, { scores });
    const { spec } = await identified({ inputs, outputs });
    expect(spec.head).toMatchObject({ family: 'boxes-scores', scores: 'scores', boxes: 'boxes', activation: 'none' });
    expect(spec.labels).toHaveLength(4);
  });

  test('the rows of VGG: its mean', async () => {
    const outputs = [
      { name: 'scores', dims: [1, 8732, 2], values: new Array(2 * 8732).fill(0.5) },
      { name: 'boxes', dims: [1, 8732, 4], values: new Array(4 * 8732).fill(0.5) },
    ];
    const { spec } = await identified({ inputs: [{ name: 'input_0', dims: [1, 3, 300, 300] }], outputs });
    expect(spec.input).toMatchObject({ mean: [123, 117, 104], std: [1, 1, 1] });
  });

  test('scores that do not add up to 1 are another family’s', async () => {
    const { data } = golden.outputs.scores;
    const outputs = outputsOf(golden, { scores: { values: data.map((value) => value / 2) } });
    const found = await identified({ inputs, outputs }).catch(() => null);
    expect(found?.spec.name ?? '').not.toMatch(/^SSD/);
  });
});
