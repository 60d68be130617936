import { describe, expect, test } from 'vitest';
import { expectGolden, goldenOf, outputsOf } from '../../support/golden.js';
import { becauseOf, identified } from '../../support/identified.js';
import type { OutputGiven, ValueGiven } from '../../support/onnx.js';

const inputs: ValueGiven[] = [
  { name: 'images', dims: ['N', 3, 640, 640] },
  { name: 'orig_target_sizes', type: 'int64', dims: ['N', 2] },
];
const int64 = { labels: { type: 'int64' } } as const;
const names = { names: "['a', 'b', 'c', 'd', 'e']" };

describe.each(['with a batch', 'without a batch'])('as RT-DETR, D-FINE and DEIM export themselves, %s', (form) => {
  test('boxes in pixels of the picture, whose size it is told', async () => {
    const golden = goldenOf('rt-detr', form);
    const model = await identified({ inputs, outputs: outputsOf(golden, int64), metadata: names });
    expect(model.spec).toMatchObject({
      input: {
        ...{ channels: 'rgb', scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] },
        ...{ fit: 'stretch', interpolation: 'antialias', width: 640, height: 640 },
        extras: [{ name: 'orig_target_sizes', type: 'int64', value: 'image-wh' }],
      },
      head: { family: 'parts', boxes: 'boxes', scores: 'scores', classes: 'labels', boxUnit: 'image-pixels' },
      labels: ['a', 'b', 'c', 'd', 'e'],
    });
    expect(becauseOf(model, 'family')).toMatch(/^input "orig_target_sizes"/);
    expect(model.warnings).toEqual([]);
    expectGolden(golden, model.spec.head, 5);
  });
});

describe('names, where the model has none', () => {
  const upTo = (highest: number): OutputGiven[] => [
    { name: 'labels', type: 'int64', dims: [1, 3], values: [0, highest, 7] },
    { name: 'boxes', dims: [1, 3, 4] },
    { name: 'scores', dims: [1, 3], values: [0.9, 0.8, 0.7] },
  ];

  test('class numbers up to 79 in a run: COCO’s, with a warning', async () => {
    const { spec, warnings } = await identified({ inputs, outputs: upTo(79) });
    expect([spec.labels[0], spec.labels[79], spec.labels.length]).toEqual(['person', 'toothbrush', 80]);
    expect(warnings).toEqual([expect.stringMatching(/in a run their numbers go up to 79, .*--labels-file/)]);
  });

  test.each([3, 59, 80, 364])('up to %i: nobody’s', async (highest) => {
    const { spec, warnings } = await identified({ inputs, outputs: upTo(highest) });
    expect(spec.labels[0]).toBe('class_0');
    expect(warnings).toEqual([expect.stringMatching(/does not name its classes/)]);
  });
});

test('masks: left out', async () => {
  const outputs = [...outputsOf(goldenOf('rt-detr', 'with a batch'), int64), { name: 'masks', dims: [1, 24, 16, 16] }];
  const { warnings } = await identified({ inputs, outputs });
  expect(warnings).toContainEqual(expect.stringMatching(/gives masks as well \(output "masks"/));
});
