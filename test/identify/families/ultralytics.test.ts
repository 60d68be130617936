import { describe, expect, test } from 'vitest';
import { complaint } from '../../support/complaint.js';
import { becauseOf, identified } from '../../support/identified.js';
import type { OutputGiven } from '../../support/onnx.js';

const metadata = {
  author: 'Ultralytics',
  description: 'Ultralytics best model trained on data.yaml',
  task: 'detect',
  stride: '32',
  imgsz: '[64, 64]',
  names: "{0: 'cat', 1: 'dog', 2: \"driver's seat\"}",
};
const rtdetr = { ...metadata, head: 'RTDETRDecoder' };
const columns: OutputGiven = { name: 'output0', dims: [1, 7, 84] };
const finished: OutputGiven = { name: 'output0', dims: [1, 2, 6], values: [1, 2, 30, 40, 0.5, 1, 5, 6, 7, 8, 0.25, 0] };
const fractions = { ...finished, values: [0.5, 0.5, 0.25, 0.5, 0.5, 1, 0.1, 0.2, 0.3, 0.4, 0.25, 0] };
const colours = { channels: 'rgb', scale: 1 / 255 };
const letterbox = { ...colours, fit: 'letterbox', rounding: 'nearest', interpolation: 'bilinear', padValue: 114 };

describe('forms', () => {
  const rows: [string, Record<string, string>, OutputGiven, object, object][] = [
    ['YOLO', metadata, columns, { family: 'yolo', layout: 'columns', objectness: false, suppress: true }, letterbox],
    [
      'described, without an author',
      { ...metadata, author: 'me' },
      columns,
      { family: 'yolo', layout: 'columns' },
      letterbox,
    ],
    ['without a task', { author: 'Ultralytics', names: metadata.names }, columns, { layout: 'columns' }, letterbox],
    [
      'more numbers per row than rows',
      metadata,
      { name: 'output0', dims: [1, 7, 5] },
      { layout: 'columns' },
      letterbox,
    ],
    ['as many', metadata, { name: 'output0', dims: [1, 7, 7] }, { layout: 'columns' }, letterbox],
    [
      'dims left open',
      metadata,
      { ...columns, declared: ['batch', 'numbers', 'anchors'] },
      { layout: 'columns' },
      letterbox,
    ],
    ['end to end', metadata, finished, { family: 'rows', boxFormat: 'xyxy', boxUnit: 'input-pixels' }, letterbox],
    [
      'end to end, dims left open',
      metadata,
      { ...finished, declared: ['batch', 'k', 'n'] },
      { family: 'rows' },
      letterbox,
    ],
    [
      'RT-DETR by its head',
      rtdetr,
      fractions,
      { family: 'rows', boxFormat: 'cxcywh', boxUnit: 'input-fractions' },
      { fit: 'stretch' },
    ],
    [
      'RT-DETR by its description',
      { ...metadata, description: 'Ultralytics rtdetr-l model' },
      fractions,
      { boxFormat: 'cxcywh' },
      { fit: 'stretch' },
    ],
    [
      'RT-DETR with all scores',
      rtdetr,
      { name: 'output0', dims: [1, 30, 7], values: new Array(210).fill(0.5) },
      { family: 'yolo', layout: 'rows', boxUnit: 'input-fractions', suppress: false },
      { fit: 'stretch' },
    ],
  ];

  test.each(rows)('%s', async (_, properties, output, head, input) => {
    const { spec } = await identified({ outputs: [output], metadata: properties });
    expect(spec).toMatchObject({ head, input: { ...input, width: 64, height: 64 } });
    expect(spec.labels).toEqual(['cat', 'dog', "driver's seat"]);
  });

  test('one class', async () => {
    const one = { ...metadata, names: "{0: 'cat'}" };
    const { spec } = await identified({ outputs: [{ name: 'output0', dims: [1, 5, 84] }], metadata: one });
    expect(spec).toMatchObject({ head: { layout: 'columns' }, labels: ['cat'] });
  });

  test.each([
    ['whole: finished rows', [0.5, 0.5, 0.1, 0.1, 0.75, 1], { family: 'rows' }],
    ['not whole: the scores of both', [0.5, 0.5, 0.1, 0.1, 0.75, 0.125], { family: 'yolo', layout: 'rows' }],
  ])('RT-DETR of two classes, last numbers %s', async (_, row, head) => {
    const two = { ...rtdetr, names: "['cat', 'dog']" };
    const outputs = [{ name: 'output0', dims: [1, 30, 6], values: new Array(30).fill(row).flat() }];
    expect((await identified({ outputs, metadata: two })).spec).toMatchObject({ head, labels: ['cat', 'dog'] });
  });

  test('the size that it was exported for, where the file leaves it open', async () => {
    const open = [{ name: 'images', dims: ['batch', 3, 'height', 'width'] }];
    const model = await identified({
      inputs: open,
      outputs: [columns],
      metadata: { ...metadata, imgsz: '[320, 416]' },
    });
    expect(model.spec.input).toMatchObject({ width: 416, height: 320 });
  });

  test('boxes and scores apart: YOLO-NAS', async () => {
    const outputs = [
      { name: 'output0', dims: [1, 84, 4], values: new Array(336).fill(20) },
      { name: 'output1', dims: [1, 84, 3] },
    ];
    expect((await identified({ outputs, metadata })).spec.name).toBe('YOLO-NAS (3 classes)');
  });
});

describe('what it refuses', () => {
  test.each([
    ['semantic', 'masks of the whole picture'],
    ['obb', 'oriented boxes'],
    ['classify', 'one label for the whole picture'],
    ['depth', 'distances'],
    ['count', 'something else than boxes'],
  ])('task %s', async (task, what) => {
    const message = new RegExp(`it gives ${what} \\(task "${task}"\\), which sigbox does not decode yet\\.$`);
    await expect(identified({ outputs: [columns], metadata: { ...metadata, task } })).rejects.toThrow(
      complaint('E_MODEL', message),
    );
  });

  test('other names than numbers, until the user names the classes', async () => {
    const outputs = [{ name: 'output0', dims: [1, 9, 84] }];
    const message =
      /expected 7 numbers per box for the 3 classes of metadata "names", received 9\. labelsFile \(--labels-file\) or labels in a spec, 5 of them, settle it\.$/;
    await expect(identified({ outputs, metadata })).rejects.toThrow(complaint('E_MODEL', message));
    const model = await identified({ outputs, metadata }, { spec: { labels: ['a', 'b', 'c', 'd', 'e'] } });
    expect(model.spec.labels).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(becauseOf(model, 'head.layout')).toBe('[1, 9, 84]: 5 classes have names, and 4 numbers are the box');
  });
});
