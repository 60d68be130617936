import { describe, expect, test } from 'vitest';
import { complaint } from '../../support/complaint.js';
import { becauseOf, identified } from '../../support/identified.js';
import type { OutputGiven } from '../../support/onnx.js';

const metadata = (family: string, more: Record<string, string> = {}) => ({
  libreyolo_version: '1.6.0',
  model_family: family,
  model_size: 't',
  task: 'detect',
  names: '{"0": "cat", "1": "dog"}',
  imgsz: '64',
  ...more,
});
const columns: OutputGiven = { name: 'output', dims: [1, 6, 84] };
const rows: OutputGiven = { name: 'output', dims: [1, 84, 7] };
const boxes: OutputGiven = { name: 'output', dims: [1, 84, 4] };
const scores: OutputGiven = { name: '955', dims: [1, 84, 2] };
const xyxy = { family: 'yolo', layout: 'columns', objectness: false, boxFormat: 'xyxy', boxUnit: 'input-pixels' };
const topLeft = { channels: 'rgb', scale: 1 / 255, fit: 'letterbox-top-left', rounding: 'cut', padValue: 114 };

describe('families', () => {
  const table: [string, OutputGiven[], object, object][] = [
    ['yolo9', [columns], { ...xyxy, suppress: true }, topLeft],
    ['yolo9_p2', [{ name: 'output', dims: [1, 6, 340] }], xyxy, topLeft],
    ['yolo9_e2e', [columns], { ...xyxy, suppress: false }, topLeft],
    ['yolo7', [{ name: 'output', dims: [1, 6, 252] }], xyxy, topLeft],
    ['yolo4', [columns], xyxy, { ...topLeft, padValue: 128 }],
    ['yolo3', [columns], xyxy, { ...topLeft, padValue: 128 }],
    ['yolo2', [columns], xyxy, { ...topLeft, padValue: 128 }],
    ['yolo1', [columns], xyxy, { ...topLeft, fit: 'stretch' }],
    [
      'yolox',
      [rows],
      { family: 'yolo', layout: 'rows', objectness: true, boxFormat: 'cxcywh' },
      { channels: 'bgr', scale: 1, fit: 'letterbox-top-left', interpolation: 'antialias' },
    ],
    [
      'yolonas',
      [boxes, scores],
      { family: 'boxes-scores', boxes: 'output', scores: '955', boxFormat: 'xyxy' },
      { fit: 'letterbox', padValue: 114 },
    ],
  ];

  test.each(table)('%s', async (family, outputs, head, input) => {
    const { spec } = await identified({ outputs, metadata: metadata(family) });
    expect(spec).toMatchObject({ name: `LibreYOLO ${family} (2 classes)`, head, input, labels: ['cat', 'dog'] });
  });

  test('one class', async () => {
    const one = metadata('yolo9', { names: '{"0": "cat"}' });
    const { spec } = await identified({ outputs: [{ name: 'output', dims: [1, 5, 84] }], metadata: one });
    expect(spec).toMatchObject({ head: xyxy, labels: ['cat'] });
  });

  test('suppression in the graph: the raw output behind it', async () => {
    const outputs = [
      { name: 'output', dims: [1, 30, 6] },
      { ...columns, name: 'raw' },
    ];
    expect((await identified({ outputs, metadata: metadata('yolo9') })).spec.head).toMatchObject({
      ...xyxy,
      output: 'raw',
    });
  });
});

describe('how YOLOv9 takes its pictures', () => {
  const table: [string, Record<string, string>, string, RegExp][] = [
    ['stretched until 1.1', { libreyolo_version: '1.1.1' }, 'stretch', /^LibreYOLO 1\.1\.1/],
    ['padded right and below from 1.2 on', { libreyolo_version: '1.2.0' }, 'letterbox-top-left', /^LibreYOLO 1\.2\.0/],
    ['in 1.5', { libreyolo_version: '1.5.0' }, 'letterbox-top-left', /^LibreYOLO 1\.5\.0/],
    ['as metadata says', { letterbox_pad: 'center' }, 'letterbox', /"letterbox_pad" is "center"/],
    ['as metadata says', { letterbox_pad: 'topleft' }, 'letterbox-top-left', /"letterbox_pad" is "topleft"/],
  ];

  test.each(table)('%s', async (_, more, fit, because) => {
    const model = await identified({ outputs: [columns], metadata: metadata('yolo9', more) });
    expect(model.spec.input.fit).toBe(fit);
    expect(becauseOf(model, 'input.fit')).toMatch(because);
  });

  test('a size that is no square, where the file leaves it open', async () => {
    const inputs = [{ name: 'images', dims: ['batch', 3, 'h', 'w'] }];
    const sized = metadata('yolo9', { imgsz: '640', imgsz_w: '640', imgsz_h: '384' });
    const { spec } = await identified({ inputs, outputs: [columns], metadata: sized });
    expect(spec.input).toMatchObject({ width: 640, height: 384 });
  });
});

test.each([
  ['segment', 'masks'],
  ['pose', 'key points'],
  ['obb', 'oriented boxes'],
])('task %s is refused', async (task, what) => {
  const message = new RegExp(`it gives ${what} \\(task "${task}"\\)`);
  await expect(identified({ outputs: [columns], metadata: metadata('yolo9', { task }) })).rejects.toThrow(
    complaint('E_MODEL', message),
  );
});

test.each([
  ['yolonas', [boxes]],
  ['yolo9', [{ name: 'output', dims: [1, 3, 8, 8] }]],
])('%s with other outputs than it has', async (family, outputs) => {
  await expect(identified({ outputs, metadata: metadata(family) })).rejects.toThrow(
    complaint('E_MODEL', /are not those of LibreYOLO's .*\. A whole spec settles it\.$/),
  );
});
