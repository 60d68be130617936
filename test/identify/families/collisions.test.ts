import { describe, expect, test } from 'vitest';
import { SigboxError } from '../../../src/errors.js';
import type { identify } from '../../../src/identify/identify.js';
import { identified } from '../../support/identified.js';
import { type ModelGiven, type OutputGiven, operator } from '../../support/onnx.js';

import { CELLS, dense, logit, type Row, rowsOf, SIDE, STRIDES } from '../../support/trained-rows.js';

// Families whose outputs may have the same dims. Each file is made with the operators that its real export has, and with
// values as a trained network gives them; it must be taken for its own family, or be refused: never for another's.

/** A way to give boxes and scores, and the head that reads it. */
interface Kind {
  outputs(classes: number): OutputGiven[];
  operators: string[];
  head(classes: number): object;
}

const yolo = { family: 'yolo', activation: 'none', boxFormat: 'cxcywh', boxUnit: 'input-pixels' };
const centred = ({ centre, size }: Row) => [...centre, ...size];
const objectness = ({ best }: Row) => (best.score > 0.5 ? 0.95 : 0.01);
/** Classes of a cell without an object are anything, as they were trained on objects only. */
const conditional = ({ scores }: Row, i: number) =>
  scores.map((score, k) => Math.min(0.9, score / 0.95 + 0.3 * (((i + k) % 7) / 7)));

const KINDS: Record<string, Kind> = {
  YOLOv8: {
    outputs: (classes) => [
      dense(
        rowsOf(classes).map((row) => [...centred(row), ...row.scores]),
        'columns',
      ),
    ],
    operators: ['Softmax', 'Sigmoid'],
    head: () => ({ ...yolo, layout: 'columns', objectness: false }),
  },
  'YOLOv8 in rows': {
    outputs: (classes) => [
      dense(
        rowsOf(classes).map((row) => [...centred(row), ...row.scores]),
        'rows',
      ),
    ],
    operators: ['Softmax', 'Sigmoid'],
    head: () => ({ ...yolo, layout: 'rows', objectness: false }),
  },
  'YOLOv8 with corners': {
    outputs: (classes) => [
      dense(
        rowsOf(classes).map((row) => [...row.corners, ...row.scores]),
        'columns',
      ),
    ],
    operators: ['Softmax', 'Sigmoid'],
    head: () => ({ ...yolo, layout: 'columns', objectness: false, boxFormat: 'xyxy' }),
  },
  'YOLOv8 with logits': {
    outputs: (classes) => [
      dense(
        rowsOf(classes).map((row) => [...centred(row), ...row.scores.map(logit)]),
        'columns',
      ),
    ],
    operators: ['Softmax'],
    head: () => ({ ...yolo, layout: 'columns', objectness: false, activation: 'sigmoid' }),
  },
  YOLOX: {
    outputs: (classes) => [
      dense(
        rowsOf(classes).map((row, i) => [...centred(row), objectness(row), ...conditional(row, i)]),
        'rows',
      ),
    ],
    operators: ['Exp', 'Sigmoid'],
    head: () => ({ ...yolo, layout: 'rows', objectness: true }),
  },
  'YOLOX, not decoded': {
    outputs: (classes) => {
      const offsets = (row: Row, i: number) => [
        (row.centre[0] - CELLS[i].x) / row.stride + 0.5,
        (row.centre[1] - CELLS[i].y) / row.stride + 0.5,
        ...row.size.map((side) => Math.log(side / row.stride)),
      ];
      return [
        dense(
          rowsOf(classes).map((row, i) => [...offsets(row, i), objectness(row), ...conditional(row, i)]),
          'rows',
        ),
      ];
    },
    operators: ['Sigmoid'],
    head: () => ({ family: 'yolox', activation: 'none' }),
  },
  YOLOv6: {
    outputs: (classes) => [
      dense(
        rowsOf(classes).map((row) => [...centred(row), 1, ...row.scores]),
        'rows',
      ),
    ],
    operators: ['Sigmoid'],
    head: () => ({ ...yolo, layout: 'rows', objectness: true }),
  },
  YOLOv5: {
    outputs: (classes) => [
      dense(
        rowsOf(classes, 3).map((row, i) => [...centred(row), objectness(row), ...conditional(row, i)]),
        'rows',
      ),
    ],
    operators: ['Sigmoid', 'Sqrt'],
    head: () => ({ ...yolo, layout: 'rows', objectness: true }),
  },
  'for DeepStream': {
    outputs: (classes) => [
      dense(
        rowsOf(classes).map(({ corners, best }) => [...corners, best.score, best.classId]),
        'rows',
      ),
    ],
    operators: ['Softmax', 'Sigmoid', 'ReduceMax', 'ArgMax'],
    head: () => ({
      family: 'rows',
      suppress: true,
      boxFormat: 'xyxy',
      columns: { all: 6, box: 0, score: 4, class: 5 },
    }),
  },
  'end to end': {
    outputs: (classes) => {
      const best = rowsOf(classes)
        .sort((a, b) => b.best.score - a.best.score)
        .slice(0, 50);
      return [
        dense(
          best.map(({ corners, best: { score, classId } }) => [...corners, score, classId]),
          'rows',
        ),
      ];
    },
    operators: ['Softmax', 'ReduceMax'],
    head: () => ({
      family: 'rows',
      boxFormat: 'xyxy',
      boxUnit: 'input-pixels',
      columns: { all: 6, box: 0, score: 4, class: 5 },
    }),
  },
  'end to end, fractions': {
    outputs: (classes) => {
      const best = rowsOf(classes)
        .sort((a, b) => b.best.score - a.best.score)
        .slice(0, 50);
      return [
        dense(
          best.map(({ corners, best: { score, classId } }) => [...corners.map((side) => side / SIDE), score, classId]),
          'rows',
        ),
      ];
    },
    operators: ['Softmax', 'ReduceMax'],
    head: () => ({ family: 'rows', boxFormat: 'xyxy', boxUnit: 'input-fractions' }),
  },
  'YOLOv8, raw maps': {
    outputs: (classes) => maps(classes, (row) => [...distribution(row), ...row.scores.map(logit)]),
    operators: ['Sigmoid'],
    head: () => ({ family: 'dfl', layout: 'maps', first: 'distances', bins: 16, activation: 'sigmoid' }),
  },
  'YOLOX, raw maps': {
    outputs: (classes) =>
      maps(classes, (row, i) => [
        0.5,
        0.4,
        ...row.size.map((side) => Math.log(side / row.stride)),
        ...[objectness(row), ...conditional(row, i)].map(logit),
      ]),
    operators: ['Sigmoid', 'Exp'],
    head: () => ({ family: 'yolo-grid', order: 'anchors-channels', boxActivation: 'none', reach: [1, 1, 1] }),
  },
  pose: {
    outputs: (classes) => [
      dense(
        rowsOf(classes).map((row) => [...centred(row), ...row.scores, ...points(row)]),
        'columns',
      ),
    ],
    operators: ['Softmax', 'Sigmoid'],
    head: () => ({ ...yolo, layout: 'columns', objectness: false, extraColumns: 51 }),
  },
};

/** A map per level. */
function maps(classes: number, numbers: (row: Row, i: number) => number[]): OutputGiven[] {
  const rows = rowsOf(classes);
  return STRIDES.map((stride) => {
    const level = rows.flatMap((row, i) => (row.stride === stride ? [numbers(row, i)] : []));
    const values = level[0].flatMap((_, channel) => level.map((row) => row[channel]));
    return { name: `level ${stride}`, dims: [1, level[0].length, SIDE / stride, SIDE / stride], values };
  });
}

/** Logits of sixteen distances for each edge, highest around the true one. */
function distribution({ size: [width, height], stride }: Row): number[] {
  const distances = [width, height, width, height].map((side) => side / 2 / stride);
  return distances.flatMap((distance) => Array.from({ length: 16 }, (_, bin) => 4 - 3 * Math.abs(bin - distance)));
}

/** Seventeen key points: place and visibility. */
function points({ centre: [x, y] }: Row): number[] {
  return Array.from({ length: 17 }, (_, k) => [x + k, y - k, 0.5]).flat();
}

const METADATA: [string, (classes: number) => Record<string, string>][] = [
  ['without metadata', () => ({})],
  ['with Ultralytics’ metadata', (classes) => ultralytics(classes)],
  ['with metadata of another task', (classes) => ({ ...ultralytics(classes), task: 'pose', end2end: 'True' })],
];

function ultralytics(classes: number): Record<string, string> {
  const names = Array.from({ length: classes }, (_, k) => `${k}: 'name ${k}'`).join(', ');
  return { author: 'Ultralytics', description: 'Ultralytics YOLO11n model', task: 'detect', names: `{${names}}` };
}

function modelOf({ outputs, operators }: Kind, classes: number, metadata: Record<string, string>): ModelGiven {
  const given = outputs(classes);
  const nodes = operators.map((type) => operator(type, given[0].name));
  return { inputs: [{ name: 'images', dims: [1, 3, SIDE, SIDE] }], outputs: given, nodes, metadata };
}

describe.each(Object.entries(KINDS))('%s', (_, kind) => {
  const rows = [1, 2, 3, 10, 80, 365].flatMap((classes) =>
    METADATA.map(([name, of]) => ({ classes, name, metadata: of(classes) })),
  );

  test.each(rows)('$classes classes, $name', async ({ classes, metadata }) => {
    const found = await identified(modelOf(kind, classes, metadata)).catch((error) => error);
    if (found instanceof SigboxError) {
      expect(found.message).not.toMatch(/inference failed|cannot be loaded/);
      expect(found.code).toBe('E_MODEL');
    } else expect((found as Awaited<ReturnType<typeof identify>>).spec.head).toMatchObject(kind.head(classes));
  });

  test('with the operators of its export and three classes, it is told', async () => {
    const { spec } = await identified(modelOf(kind, 3, {}));
    expect(spec.head).toMatchObject(kind.head(3));
  });
});
