import { describe, expect, test } from 'vitest';
import type { ModelGiven as UserGiven } from '../../../src/identify/identify.js';
import { complaint } from '../../support/complaint.js';
import { becauseOf, identified } from '../../support/identified.js';
import type { OutputGiven, ValueGiven } from '../../support/onnx.js';

const rowsOutput = (rows: number[][], changes: Partial<OutputGiven> = {}): OutputGiven => ({
  name: 'output0',
  dims: [1, rows.length, rows[0].length],
  values: rows.flat(),
  ...changes,
});
const flat = (rows: number[][], changes: Partial<OutputGiven> = {}): OutputGiven => ({
  name: 'output',
  dims: [rows.length, 7],
  declared: ['k', 7],
  values: rows.flat(),
  ...changes,
});
const identifiedBy = (outputs: OutputGiven[], user: UserGiven = {}, inputs?: ValueGiven[]) =>
  identified(inputs === undefined ? { outputs } : { inputs, outputs }, user);
const bytes: ValueGiven[] = [{ name: 'input', type: 'uint8', dims: [1, 3, 64, 64] }];

describe('six columns', () => {
  const pixels = [
    [10, 20, 30, 40, 0.75, 2],
    [-1, 2, 65, 4, 0.5, 0],
  ];
  const fractions = [
    [0.5, 0.5, 0.25, 0.5, 0.75, 2],
    [0.1, 0.9, 0.25, 0.5, 0.5, 0],
  ];
  const padding = [0, 0, 0, 0, 0, 0];
  const rows: [string, number[][], object, object][] = [
    ['pixels: YOLO', pixels, { boxFormat: 'xyxy', boxUnit: 'input-pixels' }, { fit: 'letterbox' }],
    ['padded with zeros', [...pixels, padding], { boxUnit: 'input-pixels' }, { fit: 'letterbox' }],
    ['nothing found: ends in suppression, so pixels', [padding], { boxUnit: 'input-pixels' }, { fit: 'letterbox' }],
    ['fractions: RT-DETR', fractions, { boxFormat: 'cxcywh', boxUnit: 'input-fractions' }, { fit: 'stretch' }],
  ];

  test.each(rows)('%s', async (_, values, head, input) => {
    const { spec } = await identifiedBy([rowsOutput(values)]);
    const columns = { all: 6, box: 0, score: 4, class: 5 };
    expect(spec).toMatchObject({ head: { family: 'rows', columns, ...head }, input });
  });

  test('dims left open', async () => {
    const { spec } = await identifiedBy([rowsOutput(pixels, { declared: ['batch', 'k', 'columns'] })]);
    expect(spec.head).toMatchObject({ family: 'rows' });
  });

  test('a last number that is not whole: two classes of RT-DETR before its rows were finished', async () => {
    const scores = fractions.map((row) => [...row.slice(0, 5), 0.125]);
    const { spec } = await identifiedBy([rowsOutput(Array.from({ length: 30 }, (_, i) => scores[i % 2]))]);
    expect(spec).toMatchObject({
      head: { family: 'yolo', layout: 'rows', suppress: false },
      input: { fit: 'stretch' },
    });
    expect(spec.labels).toHaveLength(2);
  });

  test('a row per cell, not in the order of scores: objectness and one class', async () => {
    const cells = Array.from({ length: 84 }, (_, i) => [0.5, 0.5, 0, 0, (i % 7) / 8, 1]);
    const { spec } = await identifiedBy([rowsOutput(cells)]);
    expect(spec.head).toMatchObject({ family: 'yolox' });
    expect(spec.labels).toHaveLength(1);
  });
});

describe('seven columns', () => {
  const yolov7 = [
    [0, 1, 2, 30, 40, 2, 0.75],
    [0, 5, 6, 7, 8, 1, 0.5],
  ];
  const nas = yolov7.map(([image, x1, y1, x2, y2, classId, score]) => [image, x1, y1, x2, y2, score, classId]);

  test('class, score: YOLOv7', async () => {
    const model = await identifiedBy([flat(yolov7)]);
    const columns = { all: 7, box: 1, score: 6, class: 5 };
    expect(model.spec).toMatchObject({
      head: { family: 'rows', columns, boxUnit: 'input-pixels' },
      input: { scale: 1 / 255 },
    });
    expect(becauseOf(model, 'head.columns')).toBe('of all orders only this one fits the 2 rows of a run');
  });

  test('score, class: YOLO-NAS', async () => {
    const { spec } = await identifiedBy([flat(nas)], {}, bytes);
    const columns = { all: 7, box: 1, score: 5, class: 6 };
    expect(spec).toMatchObject({
      head: { columns },
      input: { type: 'uint8', scale: 1, fit: 'letterbox', padValue: 114 },
    });
  });

  test('super-gradients’ own name tells where a run finds nothing', async () => {
    const named = flat([], { name: 'graph2_flat_predictions', dims: [0, 7], declared: ['n', 7] });
    const { spec } = await identifiedBy([named], {}, bytes);
    expect(spec.head).toMatchObject({ columns: { score: 5, class: 6 } });
  });

  test.each([
    ['nothing found', flat([], { dims: [0, 7] })],
    ['whole scores', flat([[0, 1, 2, 3, 4, 1, 1]])],
  ])('%s: undecided, and the spec decides', async (_, output) => {
    const message =
      /does not tell the class from the score\. A spec .* settles it: .*"box":1,"score":6,"class":5\}\}\} for picture, box, class, score \(YOLOv7\), or .* \(YOLO-NAS\)/;
    await expect(identifiedBy([output])).rejects.toThrow(complaint('E_MODEL', message));
    const columns = { all: 7, box: 1, score: 5, class: 6 };
    const { spec } = await identifiedBy([output], { spec: { head: { columns } } });
    expect(spec.head).toMatchObject({ columns });
  });

  test('key points of YOLO-NAS', async () => {
    const pose = { name: 'graph2_flat_predictions', dims: [1, 57], declared: ['n', 57] };
    await expect(identifiedBy([pose])).rejects.toThrow(complaint('E_MODEL', /key points \(57 numbers per row/));
  });
});

describe('YOLO-NAS with a batch of results', () => {
  const outputs = (prefix: string): OutputGiven[] => [
    { name: `${prefix}num_predictions`, dims: [1, 1], type: 'int64', values: [1] },
    { name: `${prefix}pred_boxes`, dims: [1, 2, 4], values: [1, 2, 30, 40, -1, -1, -1, -1] },
    { name: `${prefix}pred_scores`, dims: [1, 2], values: [0.5, -1] },
    { name: `${prefix}pred_classes`, dims: [1, 2], type: 'int64', values: [1, -1] },
  ];

  test.each([
    ['', bytes, 1],
    ['graph2_', [{ name: 'input', dims: [1, 3, 64, 64] }], 1 / 255],
  ] as const)('prefix "%s"', async (prefix, inputs, scale) => {
    const { spec } = await identifiedBy(outputs(prefix), {}, [...inputs]);
    expect(spec).toMatchObject({
      head: { family: 'parts', boxes: `${prefix}pred_boxes`, count: `${prefix}num_predictions`, boxFormat: 'xyxy' },
      input: { channels: 'rgb', scale, fit: 'letterbox', padValue: 114 },
    });
  });

  test('key points: left out', async () => {
    const pose = [...outputs(''), { name: 'post_nms_joints', dims: [1, 2, 17, 3] }];
    const { warnings } = await identifiedBy(pose);
    expect(warnings).toContainEqual(expect.stringMatching(/key points as well \(output "post_nms_joints"/));
  });
});

test('YOLOv6 and YOLOv7 with four outputs', async () => {
  const { spec } = await identifiedBy([
    { name: 'num_dets', dims: [1, 1], type: 'int32', values: [1] },
    { name: 'det_boxes', dims: [1, 2, 4], values: [1, 2, 30, 40, 0, 0, 0, 0] },
    { name: 'det_scores', dims: [1, 2], values: [0.5, 0] },
    { name: 'det_classes', dims: [1, 2], type: 'int32', values: [1, 0] },
  ]);
  expect(spec).toMatchObject({
    head: { family: 'parts', count: 'num_dets', boxes: 'det_boxes', boxFormat: 'xyxy', boxUnit: 'input-pixels' },
    input: { channels: 'rgb', scale: 1 / 255, fit: 'letterbox' },
  });
});
