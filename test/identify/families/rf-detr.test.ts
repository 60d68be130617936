import { describe, expect, test } from 'vitest';
import { complaint } from '../../support/complaint.js';
import { expectGolden, goldenOf, outputsOf } from '../../support/golden.js';
import { becauseOf, identified } from '../../support/identified.js';
import type { OutputGiven } from '../../support/onnx.js';

const inputs = [{ name: 'input', dims: [1, 3, 96, 96] }];
const five = goldenOf('rf-detr', 'five columns');
const ninetyOne = goldenOf('rf-detr', "COCO's ids");

test('four classes and a column more', async () => {
  const model = await identified({ inputs, outputs: outputsOf(five), metadata: { names: "['a', 'b', 'c', 'd']" } });
  expect(model.spec).toMatchObject({
    name: 'RF-DETR (4 classes)',
    input: {
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
      fit: 'stretch',
      interpolation: 'bilinear',
      width: 96,
      height: 96,
    },
    head: { activation: 'sigmoid', boxFormat: 'cxcywh', boxUnit: 'input-fractions', suppress: false },
    labels: ['a', 'b', 'c', 'd', null],
  });
  expect(becauseOf(model, 'family')).toMatch(/^outputs "dets" \[1, n, 4\] and "labels"/);
  expectGolden(five, model.spec.head, 5);
});

test('COCO: a column per id', async () => {
  const { spec, warnings } = await identified({ inputs, outputs: outputsOf(ninetyOne) });
  expect([spec.labels[0], spec.labels[1], spec.labels[90], spec.labels.length]).toEqual([
    null,
    'person',
    'toothbrush',
    91,
  ]);
  expect(warnings).toEqual([]);
  expectGolden(ninetyOne, spec.head, 91);
});

describe('columns', () => {
  test('as many names as columns: all are classes', async () => {
    const spec = { labels: ['a', 'b', 'c', 'd', 'e'] };
    const found = await identified({ inputs, outputs: outputsOf(five) }, { spec });
    expect(found.spec.labels).toEqual(spec.labels);
  });

  test('one class', async () => {
    const outputs: OutputGiven[] = [
      { name: 'dets', dims: [1, 3, 4] },
      { name: 'labels', dims: [1, 3, 2], values: [-1, -2, -3, -1, -2, -3] },
    ];
    const { spec } = await identified({
      inputs,
      outputs,
      metadata: { model_family: 'rfdetr', names: '{"0": "face"}' },
    });
    expect(spec.labels).toEqual(['face', null]);
  });

  test('left open by the file: counted in a run', async () => {
    const outputs = outputsOf(five, { labels: { declared: ['b', 'q', 'c'] } });
    const { spec } = await identified({ inputs, outputs });
    expect(spec.labels).toEqual(['class_0', 'class_1', 'class_2', 'class_3', null]);
  });
});

describe('refused', () => {
  test.each([['angles', { name: 'angles', dims: [1, 24, 1] }, { task: 'obb' }, /gives oriented boxes \(task "obb"\)/]])(
    '%s',
    async (_, output, metadata, message) => {
      const model = { inputs, outputs: [...outputsOf(five), output], metadata };
      await expect(identified(model)).rejects.toThrow(complaint('E_MODEL', message));
    },
  );
});

test.each([
  ['masks', { name: 'masks', dims: [1, 24, 24, 24] }],
  ['key points', { name: 'keypoints', dims: [1, 24, 51] }],
])('%s: left out, with a note', async (what, output) => {
  const { warnings } = await identified({ inputs, outputs: [...outputsOf(five), output] });
  expect(warnings).toContainEqual(
    expect.stringMatching(new RegExp(`gives ${what} as well \\(output "${output.name}"`)),
  );
});

test('not RTMDet’s, whose labels are whole numbers', async () => {
  const outputs: OutputGiven[] = [
    { name: 'dets', dims: [1, 3, 5] },
    { name: 'labels', type: 'int64', dims: [1, 3] },
  ];
  const { spec } = await identified({ inputs, outputs, metadata: { names: "['a']" } });
  expect(spec.head.family).toBe('parts');
});
