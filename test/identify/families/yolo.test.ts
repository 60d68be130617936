import { describe, expect, test } from 'vitest';
import type { ModelGiven as UserGiven } from '../../../src/identify/identify.js';
import { complaint } from '../../support/complaint.js';
import { output, rowsOf } from '../../support/dense-output.js';
import { goldenOf } from '../../support/golden.js';
import { becauseOf, identified } from '../../support/identified.js';
import { type OutputGiven, operator } from '../../support/onnx.js';

async function found(given: OutputGiven | OutputGiven[], user: UserGiven = {}, operators: string[] = []) {
  const outputs = [given].flat();
  const nodes = operators.map((opType) => operator(opType, outputs[0].name));
  const model = await identified({ outputs, nodes }, user);
  return { ...model, family: becauseOf(model, 'family'), name: model.spec.name };
}

const labels = (count: number) => ({ spec: { labels: Array.from({ length: count }, (_, i) => `label ${i}`) } });

describe('families', () => {
  const offsets = () => [0.5, 0.25, 0.5, -0.5];
  const fraction = ([x, y]: [number, number]) => [x / 64, y / 64, 0.2, 0.3];
  const rows: [string, OutputGiven, UserGiven, string, object][] = [
    [
      'columns: YOLOv8',
      output(rowsOf([0.5, 0.25]), 'columns'),
      {},
      'YOLOv8 and later (2 classes)',
      { fit: 'letterbox' },
    ],
    [
      'columns of one class',
      output(rowsOf([0.5]), 'columns'),
      {},
      'YOLOv8 and later (1 classes)',
      { fit: 'letterbox' },
    ],
    ['rows of one class', output(rowsOf([0.5]), 'rows'), {}, 'YOLOv8 and later (1 classes)', { fit: 'letterbox' }],
    [
      'three rows per cell: YOLOv5',
      output(rowsOf([0.5, 0.25, 0.5], 3), 'rows'),
      {},
      'YOLOv5 or YOLOv7 (2 classes)',
      { fit: 'letterbox' },
    ],
    [
      'the same of one class',
      output(rowsOf([0.5, 0.25], 3), 'rows'),
      {},
      'YOLOv5 or YOLOv7 (1 classes)',
      { fit: 'letterbox' },
    ],
    [
      'objectness always 1: YOLOv6',
      output(
        rowsOf([0.5, 0.25]).map(([x, y, w, h, ...s]) => [x, y, w, h, 1, ...s]),
        'rows',
      ),
      {},
      'YOLOv6 (2 classes)',
      { channels: 'rgb', fit: 'letterbox' },
    ],
    [
      'the same of one class',
      output(
        rowsOf([0.5]).map(([x, y, w, h, s]) => [x, y, w, h, 1, s]),
        'rows',
      ),
      {},
      'YOLOv6 (1 classes)',
      { channels: 'rgb' },
    ],
    [
      'decoded: YOLOX',
      output(rowsOf([0.5, 0.25, 0.5]), 'rows'),
      {},
      'YOLOX (2 classes)',
      { channels: 'bgr', scale: 1, fit: 'letterbox-top-left', padValue: 114 },
    ],
    [
      'offsets: YOLOX',
      output(rowsOf([0.5, 0.25, 0.5], 1, offsets), 'rows'),
      {},
      'YOLOX (2 classes)',
      { channels: 'bgr' },
    ],
    [
      'rows, names for all numbers but the box',
      output(rowsOf([0.5, 0.25, 0.5]), 'rows'),
      labels(3),
      'YOLOv8 and later (3 classes)',
      { channels: 'rgb' },
    ],
    [
      'queries with fractions: RT-DETR',
      output(rowsOf([0.5, 0.25, 0.5], 1, fraction).slice(0, 30), 'rows'),
      {},
      'RT-DETR (3 classes)',
      { fit: 'stretch' },
    ],
  ];

  test.each(rows)('%s', async (_, given, user, name, input) => {
    const { spec } = await found(given, user, /YOLOX/.test(name) ? ['Exp'] : []);
    expect(spec.name).toBe(name);
    expect(spec.input).toMatchObject(input);
  });

  const units: [string, OutputGiven, object][] = [
    ['columns in pixels', output(rowsOf([0.5]), 'columns'), { family: 'yolo', boxUnit: 'input-pixels' }],
    [
      'columns in fractions',
      output(rowsOf([0.5], 1, fraction), 'columns'),
      { boxUnit: 'input-fractions', suppress: true },
    ],
    ['YOLOv5 in fractions', output(rowsOf([0.5, 0.5], 3, fraction), 'rows'), { boxUnit: 'input-fractions' }],
    ['YOLOX in offsets', output(rowsOf([0.5, 0.5], 1, offsets), 'rows'), { family: 'yolox', strides: [8, 16, 32] }],
    [
      'RT-DETR needs no suppression',
      output(rowsOf([0.5, 0.5, 0.5], 1, fraction).slice(0, 30), 'rows'),
      { suppress: false },
    ],
  ];

  test.each(units)('%s', async (_, given, head) => {
    expect((await found(given)).spec.head).toMatchObject(head);
  });

  test('numbers outside 0 to 1 behind the box: logits', async () => {
    const model = await found(output(rowsOf([-3, 4, -2], 1, offsets), 'rows'));
    expect(model.spec.head).toMatchObject({ family: 'yolox', activation: 'sigmoid' });
    expect(becauseOf(model, 'head.activation')).toBe('scores of a run lie outside 0 to 1: they are logits');
  });

  test('all levels not decoded in one output: only with anchors', async () => {
    const raw = output(
      rowsOf([0.5, 0.25], 3, () => [0.5, 0.25, 0.5, 0.5]),
      'rows',
    );
    await expect(found(raw)).rejects.toThrow(complaint('E_MODEL', /\{"head":\{"anchors":"yolov5"\}\}/));
    const { spec } = await found(raw, { spec: { head: { anchors: 'yolov5' } } });
    expect(spec.head).toMatchObject({
      family: 'yolo-grid',
      outputs: ['output0'],
      boxActivation: 'none',
      anchors: 'yolov5',
    });
  });
});

describe('objectness', () => {
  const pixels = rowsOf([0.5, 0.25, 0.5]).slice(0, 30);

  test('rows of no known number: names tell', async () => {
    const without = await found(output(pixels, 'rows'), labels(3));
    expect(without.spec.head).toMatchObject({ objectness: false });
    const withIt = await found(output(pixels, 'rows'), labels(2));
    expect(withIt.spec.head).toMatchObject({ objectness: true });
    expect(becauseOf(withIt, 'head.objectness')).toBe('7 numbers per row, 2 classes by the given names');
  });

  test('metadata of YOLOv5 tells as well', async () => {
    const metadata = { stride: '32', names: "['cat', 'dog']" };
    const { spec } = await identified({ outputs: [output(pixels, 'rows')], metadata });
    expect(spec).toMatchObject({ head: { objectness: true }, labels: ['cat', 'dog'] });
  });

  test('the spec tells', async () => {
    const { spec } = await found(output(pixels, 'rows'), { spec: { head: { objectness: false } } });
    expect(spec).toMatchObject({ head: { objectness: false } });
    expect(spec.labels).toHaveLength(3);
  });

  test('nothing tells', async () => {
    const message =
      /7 numbers per row are 3 classes, or objectness and 2 classes\. A spec .* settles it: \{"head":\{"objectness":false\}\} for YOLOv8 and later with 3 classes, or .*true/;
    await expect(found(output(pixels, 'rows'))).rejects.toThrow(complaint('E_MODEL', message));
    await expect(found(output(rowsOf([0.5, 0.25, 0.5]), 'rows'))).rejects.toThrow(complaint('E_MODEL', message));
  });

  test.each([
    ['a softmax in the graph', [0.5, 0.25], ['Softmax', 'Exp'], false],
    ['an exponential function alone', [0.5, 0.25], ['Exp'], true],
    ['COCO’s 80 classes without it', new Array(80).fill(0.25), [], false],
    ['COCO’s 80 classes with it', new Array(81).fill(0.25), [], true],
    ['a fifth number that is high where all others are low', [0.9, 0.01, 0.02], [], false],
  ])('a row per cell: %s', async (_, scores, operators, expected) => {
    const model = await found(output(rowsOf(scores), 'rows'), {}, operators);
    expect(model.spec.head).toMatchObject({ objectness: expected });
  });
});

describe('what it refuses', () => {
  const keypoints = rowsOf([0.5]).map((row, i) => [...row, i, 64 - i, 0.5]);
  const rows: [string, OutputGiven[], RegExp][] = [
    [
      'an output that nothing explains',
      [output(rowsOf([0.5, 0.5]), 'columns'), { name: 'output1', dims: [1, 32, 16, 16] }],
      /nothing explains "output1" \[1, 32, 16, 16\] beside it\. A spec .*\{"head":\{"output":"output0"\}\}/,
    ],
    [
      'coefficients of masks',
      [
        output(
          rowsOf([0.5]).map((row, i) => [...row, i / 9 - 4, 4 - i / 9]),
          'columns',
        ),
      ],
      /more than boxes and scores \(2 numbers behind 1 score leave 0 to 1/,
    ],
    [
      'angles',
      [
        output(
          rowsOf([0.5]).map((row, i) => [...row, i / 40 - 0.7]),
          'columns',
        ),
      ],
      /oriented boxes \(the last number of each row leaves 0 to 1, as angles do\)/,
    ],
    [
      'boxes nowhere near their cells',
      [
        output(
          rowsOf([0.5, 0.5], 1, () => [-300, 20, 1, 1]),
          'rows',
        ),
      ],
      /boxes lie by their cells in no reading: .* as offsets/,
    ],
  ];

  test.each(rows)('%s', async (_, outputs, message) => {
    await expect(found(outputs)).rejects.toThrow(complaint('E_MODEL', message));
  });

  test('what stands behind the scores is left out, with a note', async () => {
    const pose = await found(output(keypoints, 'columns'));
    expect(pose.spec).toMatchObject({ head: { extraColumns: 3 }, labels: ['class_0'] });
    expect(pose.warnings).toContainEqual(expect.stringMatching(/gives key points as well \(3 numbers behind 1 score/));
    const coefficients = rowsOf([0.5, 0.25]).map((row, i) => [
      ...row,
      ...Array.from({ length: 32 }, (_, k) => ((i * k) % 7) - 3),
    ]);
    const protos = { name: 'output1', dims: [1, 32, 16, 16] };
    const masks = await found([output(coefficients, 'columns'), protos]);
    expect(masks.spec.head).toMatchObject({ extraColumns: 32 });
    expect(masks.spec.labels).toHaveLength(2);
    expect(masks.warnings).toContainEqual(expect.stringMatching(/gives masks as well/));
  });

  test('an image, and too narrow an output, are not its business', async () => {
    for (const dims of [
      [1, 3, 64, 64],
      [1, 4, 4],
      [1, 2, 3],
    ]) {
      await expect(found({ name: 'output0', dims })).rejects.toThrow(
        complaint('E_MODEL', /of no family that sigbox knows/),
      );
    }
  });

  test('a LibreYOLO family that is not known: its boxes may be others', async () => {
    const metadata = { libreyolo_version: '1.6.0', model_family: 'rtmdet', task: 'detect' };
    const outputs = [output(rowsOf([0.5, 0.25]), 'columns')];
    await expect(identified({ outputs, metadata })).rejects.toThrow(complaint('E_MODEL', /of no family/));
  });
});

test('a model in NHWC keeps its layout', async () => {
  const { outputs } = goldenOf('yolo-ultralytics', 'YOLOv8 without metadata');
  const [[name, { dims, data }]] = Object.entries(outputs);
  const inputs = [{ name: 'images', dims: [1, 64, 64, 3] }];
  const { spec } = await identified({ inputs, outputs: [{ name, dims, values: data }] });
  expect(spec).toMatchObject({ input: { layout: 'nhwc' }, head: { layout: 'columns' } });
});
