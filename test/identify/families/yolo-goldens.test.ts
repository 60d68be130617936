import { describe, expect, test } from 'vitest';
import { expectGolden, type Golden, outputsOf, readGolden } from '../../support/golden.js';
import { identified } from '../../support/identified.js';
import { operator } from '../../support/onnx.js';

interface Expected {
  family: string;
  head: object;
  input: object;
  classes: number;
}

const LETTERBOX = { channels: 'rgb', scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1], fit: 'letterbox', padValue: 114 };
const STRETCH = { ...LETTERBOX, fit: 'stretch' };
const YOLOX = { ...LETTERBOX, channels: 'bgr', scale: 1, fit: 'letterbox-top-left' };
const columns = { family: 'yolo', layout: 'columns', objectness: false, activation: 'none', boxFormat: 'cxcywh' };
const rows = { family: 'yolo', layout: 'rows', objectness: true, activation: 'none', boxFormat: 'cxcywh' };
const finished = { family: 'rows', count: null, columns: { all: 6, box: 0, score: 4, class: 5 } };
const pixels = { ...finished, boxFormat: 'xyxy', boxUnit: 'input-pixels' };
const fractions = { ...finished, boxFormat: 'cxcywh', boxUnit: 'input-fractions' };
const offsets = { family: 'yolox', output: 'output', strides: [8, 16, 32], activation: 'none' };

const known = (head: object, classes: number): Expected => ({
  family: 'Ultralytics YOLO',
  head,
  input: LETTERBOX,
  classes,
});
const dense = (family: string, head: object, classes: number, input: object = LETTERBOX): Expected => ({
  family,
  head,
  input,
  classes,
});
const THREE = { spec: { labels: ['a', 'b', 'c'] } };
const FIVE = { spec: { labels: ['a', 'b', 'c', 'd', 'e'] } };

/** By file and name of the case: what it is taken for, and what the user says besides. */
const CASES: Record<string, Record<string, [Expected, object?]>> = {
  'yolo-ultralytics': {
    YOLOv8: [known(columns, 3)],
    'YOLOv8 without metadata': [dense('YOLOv8 and later', columns, 3)],
    'YOLOv8 of one class without metadata': [dense('YOLOv8 and later', columns, 1)],
    'YOLOv8 with suppression': [known(pixels, 3)],
    'YOLOv8 with suppression, without metadata': [dense('YOLO, end to end', pixels, 3), THREE],
    YOLOv9: [known(columns, 3)],
    YOLOv10: [known(pixels, 3)],
    YOLO11: [known(columns, 3)],
    YOLO12: [known(columns, 3)],
    YOLO26: [known(pixels, 5)],
    'YOLO26 without metadata': [dense('YOLO, end to end', pixels, 5), FIVE],
    'YOLO26 not end to end': [known(columns, 5)],
    'RT-DETR': [dense('Ultralytics RT-DETR', fractions, 5, STRETCH)],
    'RT-DETR without metadata': [dense('RT-DETR', fractions, 5, STRETCH), FIVE],
  },
  yolov5: {
    YOLOv5: [dense('YOLOv5 or YOLOv7', rows, 3)],
    'YOLOv5 without metadata': [dense('YOLOv5 or YOLOv7', rows, 3)],
    'YOLOv5 of one class': [dense('YOLOv5 or YOLOv7', rows, 1)],
    'YOLOv5 not decoded': [
      dense('YOLOv5 or YOLOv7, not decoded', { family: 'yolo-grid', activation: 'sigmoid', size: 'square' }, 3),
      { spec: { head: { anchors: 'yolov5' } } },
    ],
  },
  yolov7: {
    YOLOv7: [dense('YOLOv5 or YOLOv7', rows, 3)],
    'YOLOv7 with suppression': [
      dense('YOLOv7, end to end', { ...pixels, columns: { all: 7, box: 1, score: 6, class: 5 } }, 3),
      THREE,
    ],
  },
  yolox: {
    YOLOX: [dense('YOLOX', offsets, 3, YOLOX)],
    'YOLOX of one class': [dense('YOLOX', offsets, 1, YOLOX)],
    'YOLOX decoded': [dense('YOLOX', rows, 3, YOLOX)],
    'YOLOX of one class, decoded': [dense('YOLOX', rows, 1, YOLOX)],
  },
  yolov4: {
    YOLOv4: [
      dense(
        'YOLOv4',
        { family: 'yolo-grid', order: 'cells-anchors', anchors: 'yolov4', strides: [8, 16, 32], activation: 'none' },
        3,
        { ...LETTERBOX, padValue: 128, layout: 'nhwc' },
      ),
    ],
  },
  libreyolo: {
    'LibreYOLO YOLOv9': [
      dense('LibreYOLO yolo9', { ...columns, boxFormat: 'xyxy', suppress: true }, 3, {
        ...LETTERBOX,
        fit: 'letterbox-top-left',
      }),
    ],
    'LibreYOLO YOLOv9 with suppression': [
      dense('LibreYOLO yolo9', { ...columns, output: 'raw', boxFormat: 'xyxy' }, 3, {
        ...LETTERBOX,
        fit: 'letterbox-top-left',
      }),
    ],
    'LibreYOLO YOLO-NAS': [
      dense('LibreYOLO yolonas', { family: 'boxes-scores', boxFormat: 'xyxy', boxUnit: 'input-pixels' }, 3),
    ],
  },
};

describe.each(Object.entries(CASES))('%s', (file, cases) => {
  const goldens = readGolden(file);

  test('every case is looked at', () => {
    expect(Object.keys(cases)).toEqual(goldens.map(({ name }) => name));
  });

  test.each(goldens)('$name', async (golden) => {
    const [{ family, head, input, classes }, given = {}] = cases[golden.name];
    const { spec, warnings } = await identified(modelOf(golden), given);
    expect(spec).toMatchObject({
      name: `${family} (${classes} classes)`,
      head,
      input: { ...input, width: 64, height: 64 },
    });
    expect(warnings.filter((warning) => !/does not name its|boxes end before they begin/.test(warning))).toEqual([]);
    expectGolden(golden, spec.head, classes);
  });
});

function modelOf(golden: Golden) {
  const { inputDims = [1, 3, 64, 64] } = golden as { inputDims?: number[] };
  return {
    inputs: [{ name: 'images', dims: inputDims }],
    outputs: outputsOf(golden),
    metadata: golden.metadata ?? {},
    nodes: /^YOLOX/.test(golden.name) ? [operator('Exp', Object.keys(golden.outputs)[0])] : [],
  };
}
