import { describe, expect, test } from 'vitest';
import { identified } from '../../support/identified.js';
import { type ModelGiven, type OutputGiven, operator } from '../../support/onnx.js';
import { dense, logit, type Row, rowsOf, SIDE } from '../../support/trained-rows.js';

// Files whose names, metadata or family promise one thing and whose outputs hold another. A run has the last word: it wins
// where it bears out another reading, else the contradiction is told. None is read wrongly without a warning.

const centred = ({ centre, size }: Row) => [...centre, ...size];
const fractions = (numbers: number[]) => numbers.map((number) => number / SIDE);
const best = (classes: number) =>
  rowsOf(classes)
    .sort((a, b) => b.best.score - a.best.score)
    .slice(0, 50);
const perBox = (name: string, values: number[], type: OutputGiven['type'] = 'float32'): OutputGiven => ({
  name,
  dims: [1, values.length],
  values,
  type,
});
const scoresOf = (classes: number) => best(classes).map((row) => row.best.score);
const classesOf = (classes: number, from = 0) => best(classes).map((row) => row.best.classId + from);
const yxyx = ({ corners: [x1, y1, x2, y2] }: Row) => [y1, x1, y2, x2];
const picture = (name: string) => [{ name, dims: [1, 3, SIDE, SIDE] }];
const names = (count: number) => `{${Array.from({ length: count }, (_, k) => `${k}: 'name ${k}'`).join(', ')}}`;
const ultralytics = (count: number) => ({
  author: 'Ultralytics',
  description: 'Ultralytics YOLOv8n model',
  task: 'detect',
  names: names(count),
});

function detr(boxes: (row: Row) => number[], scores: (row: Row) => number[], classes = 80): ModelGiven {
  const rows = best(classes);
  const outputs = [dense(rows.map(boxes), 'rows', 'pred_boxes'), dense(rows.map(scores), 'rows', 'logits')];
  return { inputs: picture('pixel_values'), outputs };
}

function rfDetr(boxes: (row: Row) => number[], scores: (row: Row) => number[]): ModelGiven {
  const rows = best(91);
  const outputs = [dense(rows.map(boxes), 'rows', 'dets'), dense(rows.map(scores), 'rows', 'labels')];
  return { inputs: picture('input'), outputs };
}

function tensorFlow(boxes: (row: Row) => number[], classes: number[]): ModelGiven {
  return {
    inputs: [{ name: 'input_tensor', dims: [1, SIDE, SIDE, 3], type: 'uint8' }],
    outputs: [
      dense(best(3).map(boxes), 'rows', 'detection_boxes'),
      perBox('detection_scores', scoresOf(3)),
      perBox('detection_classes', classes),
      { name: 'num_detections', dims: [1], values: [50] },
    ],
  };
}

const logits = ({ scores }: Row) => scores.map(logit);
const probabilities = ({ scores }: Row) => scores;
const withNothing = ({ scores }: Row) => [...scores, Math.max(0, 1 - scores.reduce((sum, score) => sum + score))];

const OVERRULED: [string, ModelGiven, object][] = [
  ['DETR after its softmax', detr((row) => fractions(centred(row)), withNothing, 3), { activation: 'none' }],
  ['DETR with boxes in pixels', detr(centred, logits), { activation: 'sigmoid', boxUnit: 'input-pixels' }],
  [
    'DETR with corners',
    detr(({ corners }) => fractions(corners), logits),
    { boxFormat: 'xyxy', boxUnit: 'input-fractions' },
  ],
  ['RF-DETR after its sigmoid', rfDetr((row) => fractions(centred(row)), probabilities), { activation: 'none' }],
  ['RF-DETR with boxes in pixels', rfDetr(centred, logits), { boxUnit: 'input-pixels' }],
  [
    'mmdeploy with fractions',
    {
      inputs: picture('input'),
      outputs: [
        dense(
          best(3).map(({ corners, best: { score } }) => [...fractions(corners), score]),
          'rows',
          'dets',
        ),
        perBox('labels', classesOf(3), 'int64'),
      ],
    },
    { family: 'parts', boxUnit: 'input-fractions' },
  ],
  [
    'the names of TensorRT with fractions',
    {
      inputs: picture('images'),
      outputs: [
        { name: 'num_dets', dims: [1, 1], values: [50], type: 'int32' },
        dense(
          best(3).map(({ corners }) => fractions(corners)),
          'rows',
          'det_boxes',
        ),
        perBox('det_scores', scoresOf(3)),
        perBox('det_classes', classesOf(3), 'int32'),
      ],
    },
    { family: 'parts', boxUnit: 'input-fractions' },
  ],
  [
    'torchvision with fractions',
    {
      inputs: [{ name: 'images', dims: [3, SIDE, SIDE] }],
      outputs: [
        { name: 'boxes', dims: [50, 4], values: best(3).flatMap(({ corners }) => fractions(corners)) },
        { name: 'labels', dims: [50], values: classesOf(3, 1), type: 'int64' },
        { name: 'scores', dims: [50], values: scoresOf(3) },
      ],
    },
    { family: 'parts', boxUnit: 'input-fractions' },
  ],
];

describe('a run bears out another reading', () => {
  test.each(OVERRULED)('%s', async (_, model, head) => {
    const { spec, warnings } = await identified(model);
    expect(spec.head).toMatchObject(head);
    expect(warnings).toContainEqual(expect.stringMatching(/^In a run .* is taken to be/));
  });

  test('what the user says of the head stands, and the contradiction is told', async () => {
    const { spec, warnings } = await identified(detr(centred, logits), {
      spec: { head: { boxUnit: 'input-fractions' } },
    });
    expect(spec.head).toMatchObject({ boxUnit: 'input-fractions' });
    expect(warnings).toContainEqual(expect.stringMatching(/^In a run most boxes lie outside the picture\. Compare/));
  });
});

const rows = (numbers: (row: Row) => number[], classes = 3): ModelGiven => ({
  inputs: picture('images'),
  outputs: [dense(best(classes).map(numbers), 'rows')],
  metadata: ultralytics(classes),
});

const DOUBTED: [string, ModelGiven, RegExp][] = [
  [
    'class numbers that begin with 1',
    rows(({ corners, best: { score, classId } }) => [...corners, score, classId + 1]),
    /^In a run class 3 is found, and it has no label/,
  ],
  [
    'class numbers of TensorFlow that begin with 0',
    tensorFlow((row) => fractions(yxyx(row)), classesOf(3)),
    /^In a run class 0 is found, and it has no label/,
  ],
  [
    'scores in percent',
    {
      inputs: picture('images'),
      outputs: [
        dense(
          rowsOf(3).map((row) => [...centred(row), ...row.scores.map((score) => 100 * score)]),
          'columns',
        ),
      ],
      metadata: ultralytics(3),
    },
    /^In a run every row has a score over 0\.5, as no logits give/,
  ],
];

describe('a run bears out no reading that is known', () => {
  test.each(DOUBTED)('%s: a warning', async (_, model, warning) => {
    const { warnings } = await identified(model);
    expect(warnings).toContainEqual(expect.stringMatching(warning));
  });
});

describe('nothing is doubted', () => {
  test.each<[string, ModelGiven]>([
    ['DETR', detr((row) => fractions(centred(row)), logits)],
    ['RF-DETR', rfDetr((row) => fractions(centred(row)), logits)],
    ['TensorFlow in fractions', tensorFlow((row) => fractions(yxyx(row)), classesOf(3, 1))],
    ['TensorFlow in pixels', tensorFlow(yxyx, classesOf(3, 1))],
    ['end to end', rows(({ corners, best: { score, classId } }) => [...corners, score, classId])],
  ])('%s', async (_, model) => {
    const { warnings } = await identified(model);
    expect(warnings.filter((warning) => warning.startsWith('In a run'))).toEqual([]);
  });
});

const whole = (numbers: (row: Row) => number[], layout: 'rows' | 'columns' = 'columns', classes = 3): ModelGiven => ({
  inputs: picture('images'),
  outputs: [dense(rowsOf(classes).map(numbers), layout)],
  nodes: [operator('Softmax', 'output0'), operator('Sigmoid', 'output0')],
});

describe('numbers in an order that few exports have', () => {
  test('an upper left corner and a size', async () => {
    const { spec } = await identified(whole(({ corners: [x, y], size, scores }) => [x, y, ...size, ...scores]));
    expect(spec.head).toMatchObject({ family: 'yolo', boxFormat: 'xywh', boxUnit: 'input-pixels' });
  });

  test('a row per cell with centre, size, score and class', async () => {
    const model = whole((row) => [...centred(row), row.best.score, row.best.classId], 'rows');
    const { spec, warnings } = await identified(model);
    expect(spec.head).toMatchObject({ family: 'rows', boxFormat: 'cxcywh', suppress: true });
    expect(warnings).toContainEqual(expect.stringMatching(/^The file does not say how its picture is prepared/));
    const given = await identified(model, { spec: { input: { fit: 'stretch' } } });
    expect(given.warnings).not.toContainEqual(expect.stringMatching(/^The file does not say how its picture/));
  });

  test('finished rows of coordinates and a size: a spec that is named settles it', async () => {
    const model = { ...rows((row) => [...centred(row), row.best.score, row.best.classId]), metadata: {} };
    await expect(identified(model)).rejects.toMatchObject({
      message: expect.stringMatching(/\{"head":\{"boxFormat":"cxcywh"\}\} for the centre, or .*"xywh"/),
    });
    const { spec } = await identified(model, { spec: { head: { boxFormat: 'xywh' } } });
    expect(spec.head).toMatchObject({ family: 'rows', boxFormat: 'xywh', boxUnit: 'input-pixels' });
  });

  test('an angle from 0 to 1 is no class, unless as many have names', async () => {
    const model = whole((row) => [...centred(row), ...row.scores, (row.corners[0] + 1e3) % 1]);
    await expect(identified(model)).rejects.toMatchObject({
      code: 'E_MODEL',
      message: expect.stringMatching(/may be the angle of oriented boxes\. labelsFile .* with 4 names/),
    });
    const { spec } = await identified(model, { spec: { labels: ['a', 'b', 'c', 'd'] } });
    expect(spec.head).toMatchObject({ family: 'yolo' });
  });

  test('rows of box, class and score for each cell: no spec is suggested that gives rubbish', async () => {
    const model = whole((row) => [...row.corners, row.best.classId, row.best.score], 'rows');
    await expect(identified(model)).rejects.toMatchObject({
      message: expect.stringMatching(/No reading that sigbox knows holds in a run/),
    });
  });

  test('percent beside a class: no spec is suggested that gives rubbish', async () => {
    const model = { ...rows((row) => [...row.corners, 100 * row.best.score, row.best.classId]), metadata: {} };
    await expect(identified(model)).rejects.toMatchObject({
      message: expect.stringMatching(/No reading that sigbox knows holds in a run/),
    });
  });

  test('metadata with fewer names than scores: the refusal says how many', async () => {
    const model = { ...whole((row) => [...centred(row), ...row.scores]), metadata: ultralytics(2) };
    await expect(identified(model)).rejects.toMatchObject({
      message: expect.stringMatching(/expected 6 numbers per box for the 2 classes .*, received 7\. .* 3 of them/),
    });
    const { spec } = await identified(model, { spec: { labels: ['a', 'b', 'c'] } });
    expect(spec.labels).toEqual(['a', 'b', 'c']);
  });

  test('metadata of the range of pixels that the graph contradicts', async () => {
    const { nodes = [], ...model } = whole((row) => [...centred(row), ...row.scores]);
    const divide = { opType: 'Div', name: 'divide', inputs: ['images', 'most'], outputs: ['divided'] };
    const convolve = { opType: 'Identity', name: 'next', inputs: ['divided'], outputs: ['next'] };
    const { spec, warnings } = await identified({
      ...model,
      nodes: [...nodes, divide, convolve],
      constants: { most: [255] },
      metadata: { 'Image.NominalPixelRange': 'Normalized_0_1' },
    });
    expect(spec.input).toMatchObject({ scale: 1 });
    expect(warnings).toContainEqual(
      expect.stringMatching(/^Metadata "Image.NominalPixelRange" .* the graph is followed/),
    );
  });
});

// Exports of Ultralytics 8.4 with random weights, whose dims and metadata these have.
describe('exports of Ultralytics', () => {
  const args = "{'data': None, 'batch': 1, 'nms': True, 'dynamic': False}";

  test.each([
    ['pose', 57, 'key points'],
    ['segment', 38, 'masks'],
  ])('%s with suppression in its graph, where a run finds nothing', async (task, width, left) => {
    const output = { name: 'output0', dims: [1, 300, width], values: new Float32Array(300 * width) };
    const { spec, warnings } = await identified({
      inputs: picture('images'),
      outputs: [output],
      metadata: { ...ultralytics(80), task, args },
    });
    expect(spec.head).toMatchObject({ family: 'rows', columns: { all: width, box: 0, score: 4, class: 5 } });
    expect(warnings).toEqual([expect.stringMatching(`gives ${left} as well`)]);
  });

  test('of any size, made for another than 640', async () => {
    const model = {
      inputs: [{ name: 'images', dims: ['batch', 3, 'height', 'width'] }],
      outputs: [
        {
          ...dense(
            rowsOf(3).map((row) => [...centred(row), ...row.scores]),
            'columns',
          ),
          declared: ['batch', 'channels', 'anchors'],
        },
      ],
      metadata: { ...ultralytics(3), imgsz: `[${SIDE}, ${SIDE}]` },
    };
    const { spec } = await identified(model);
    expect(spec).toMatchObject({ input: { width: SIDE, height: SIDE }, head: { family: 'yolo', boxFormat: 'cxcywh' } });
  });
});
