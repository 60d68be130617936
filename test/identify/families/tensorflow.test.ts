import { describe, expect, test } from 'vitest';
import { geometryOf } from '../../support/geometry.js';
import { candidatesOf, tensor } from '../../support/head.js';
import { becauseOf, identified } from '../../support/identified.js';
import type { OutputGiven, ValueGiven } from '../../support/onnx.js';

// No package runs these graphs in Python without TensorFlow itself: the contract of exporter_lib_v2.py, by hand.

const open: ValueGiven[] = [{ name: 'input_tensor', type: 'uint8', dims: [1, 'height', 'width', 3] }];
const fixed: ValueGiven[] = [{ name: 'image_tensor:0', type: 'uint8', dims: [1, 300, 300, 3] }];

/** Two objects of three rows: y1, x1, y2, x2 in fractions. */
const outputs = (suffix = ''): OutputGiven[] =>
  (
    [
      ['detection_boxes', [1, 3, 4], [0.1, 0.2, 0.3, 0.4, 0, 0, 1, 1, 0.5, 0.5, 0.6, 0.6]],
      ['detection_classes', [1, 3], [3, 1, 2]],
      ['detection_scores', [1, 3], [0.75, 0.5, 0.9]],
      ['num_detections', [1], [2]],
    ] as const
  ).map(([name, dims, values]) => ({ name: name + suffix, dims, values }));

describe('Object Detection API', () => {
  test.each(['', ':0'])('names that end with "%s"', async (suffix) => {
    const { spec, warnings } = await identified({ inputs: open, outputs: outputs(suffix) });
    expect(spec).toMatchObject({
      input: {
        ...{ type: 'uint8', layout: 'nhwc', channels: 'rgb', scale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
        ...{ fit: 'shortest-edge', width: 1333, height: 800 },
      },
      head: { boxes: `detection_boxes${suffix}`, boxFormat: 'yxyx', boxUnit: 'input-fractions' },
    });
    expect([spec.labels[0], spec.labels[1], spec.labels[90]]).toEqual([null, 'person', 'toothbrush']);
    expect(warnings).toEqual([expect.stringMatching(/taken for COCO’s ids/)]);
  });

  test('what it finds: as many rows as num_detections says', async () => {
    const { spec } = await identified({ inputs: open, outputs: outputs() });
    const tensors = Object.fromEntries(outputs().map(({ name, dims, values }) => [name, tensor([...dims], values!)]));
    const selection = {
      scoreThresholds: new Float64Array(91).fill(0.5),
      labelled: Uint16Array.from({ length: 90 }, (_, i) => i + 1),
      single: false,
    };
    const found = candidatesOf(spec.head, tensors, selection, geometryOf(200, 100));
    const rounded = found.map((row) => row.map((value) => Math.round(value * 1000) / 1000));
    expect(rounded).toEqual([
      [0, 3, 0.75, 40, 10, 80, 30],
      [1, 1, 0.5, 0, 0, 200, 100],
    ]);
  });

  test('a fixed size is stretched into', async () => {
    const { spec } = await identified({ inputs: fixed, outputs: outputs(':0') });
    expect(spec.input).toMatchObject({ name: 'image_tensor:0', fit: 'stretch', width: 300, height: 300 });
  });

  test('boxes in pixels, by a run', async () => {
    const [boxes, ...others] = outputs();
    const pixels = { ...boxes, values: [10, 20, 300, 400, 0, 0, 1, 1, 0, 0, 0, 0] };
    const model = await identified({ inputs: open, outputs: [pixels, ...others] });
    expect(model.spec.head).toMatchObject({ boxUnit: 'input-pixels' });
    expect(becauseOf(model, 'head.boxUnit')).toBe('the largest coordinate of a run is 400.0');
  });

  test('without num_detections', async () => {
    const { spec } = await identified({ inputs: open, outputs: outputs().slice(0, 3) });
    expect(spec.head).toMatchObject({ count: null });
  });
});

describe('classes', () => {
  test('names count from 1', async () => {
    const { spec, warnings } = await identified({
      inputs: open,
      outputs: outputs(),
      metadata: { names: "['a', 'b', 'c']" },
    });
    expect(spec.labels).toEqual([null, 'a', 'b', 'c']);
    expect(warnings).toEqual([]);
  });

  test('the columns of detection_multiclass_scores tell how many there are', async () => {
    const more = { name: 'detection_multiclass_scores', dims: [1, 3, 4] };
    const { spec } = await identified({ inputs: open, outputs: [...outputs(), more] });
    expect(spec.labels).toEqual([null, 'class_0', 'class_1', 'class_2']);
  });
});

test.each([
  ['masks', 'detection_masks', [1, 3, 33, 33]],
  ['key points', 'detection_keypoints', [1, 3, 17, 2]],
])('%s: left out', async (what, name, dims) => {
  const model = { inputs: open, outputs: [...outputs(), { name, dims }] };
  const { warnings } = await identified(model);
  expect(warnings).toContainEqual(expect.stringMatching(new RegExp(`gives ${what} as well \\(output "${name}"`)));
});
