import { describe, expect, test } from 'vitest';
import { complaint } from '../../support/complaint.js';
import { becauseOf, identified } from '../../support/identified.js';
import { type OutputGiven, operator, type ValueGiven } from '../../support/onnx.js';

const CELLS = 84; // of 8, 16 and 32 pixels at 64 × 64
const boxesOf = (name: string, rows = CELLS, dims = [1, rows, 4], side = 40): OutputGiven => ({
  name,
  dims,
  values: Array.from({ length: rows }, (_, i) => [i / rows, 1 / rows, (side * (i + 1)) / rows, side]).flat(),
});
const scoresOf = (name: string, classes: number, rows = CELLS, high = 0.75): OutputGiven => ({
  name,
  dims: [1, rows, classes],
  values: Array.from({ length: rows * classes }, (_, i) => (i % 5 === 0 ? high : 0.125)),
});
const bytes: ValueGiven[] = [{ name: 'input', type: 'uint8', dims: [1, 3, 64, 64] }];
/** Of the distributions of edges. */
const softmax = operator('Softmax', 'output');
const DAMO = { channels: 'rgb', scale: 1, fit: 'letterbox-top-left', padValue: 0 };
const NAS = { channels: 'rgb', scale: 1 / 255, fit: 'letterbox', padValue: 114 };

describe('which family, and which output is which', () => {
  const rows: [string, OutputGiven[], object, number][] = [
    ['scores first: DAMO-YOLO', [scoresOf('output', 3), boxesOf('953')], DAMO, 3],
    ['of one class', [scoresOf('output', 1), boxesOf('953')], DAMO, 1],
    ['of four: the values tell', [scoresOf('output', 4), boxesOf('953')], DAMO, 4],
    ['boxes first: YOLO-NAS', [boxesOf('953'), scoresOf('output', 3)], NAS, 3],
    ['of one class', [boxesOf('953'), scoresOf('output', 1)], NAS, 1],
    ['of four: the values tell', [boxesOf('953'), scoresOf('output', 4)], NAS, 4],
  ];

  test.each(rows)('%s', async (_, outputs, input, classes) => {
    const { spec } = await identified({ outputs, nodes: [softmax] });
    const head = { family: 'boxes-scores', boxes: '953', scores: 'output', layout: 'rows', boxFormat: 'xyxy' };
    expect(spec).toMatchObject({ head: { ...head, boxUnit: 'input-pixels', suppress: true }, input });
    expect(spec.labels).toHaveLength(classes);
  });

  test('YOLO-NAS that prepares its own input', async () => {
    const { spec } = await identified({ inputs: bytes, outputs: [boxesOf('boxes'), scoresOf('scores', 3)] });
    expect(spec.input).toMatchObject({ ...NAS, type: 'uint8', scale: 1 });
  });

  test('dims left open', async () => {
    const open = (output: OutputGiven) => ({ ...output, declared: ['batch', 'n', 'numbers'] });
    const { spec } = await identified({
      outputs: [open(scoresOf('output', 3)), open(boxesOf('953'))],
      nodes: [softmax],
    });
    expect(spec).toMatchObject({ head: { boxes: '953' }, input: DAMO });
  });

  test('YOLOv4 from PyTorch', async () => {
    const boxes = boxesOf('boxes', 3 * CELLS, [1, 3 * CELLS, 1, 4], 1);
    const model = await identified({ outputs: [boxes, scoresOf('confs', 3, 3 * CELLS)] });
    expect(model.spec).toMatchObject({
      name: 'YOLOv4 (3 classes)',
      head: { family: 'boxes-scores', boxes: 'boxes', scores: 'confs', boxUnit: 'input-fractions' },
      input: { channels: 'rgb', scale: 1 / 255, fit: 'stretch' },
    });
    expect(becauseOf(model, 'family')).toMatch(/three anchors per cell$/);
  });

  test('scores first, and no softmax: undecided, and the spec decides', async () => {
    const outputs = [scoresOf('output', 3), boxesOf('953')];
    const message = /which prepare their pictures in other ways\. A spec .* for DAMO-YOLO, or .* for YOLOv5 and later/;
    await expect(identified({ outputs })).rejects.toThrow(complaint('E_MODEL', message));
    const input = { channels: 'rgb', scale: 1, mean: [0, 0, 0], std: [1, 1, 1], fit: 'letterbox-top-left' };
    expect((await identified({ outputs }, { spec: { input } })).spec.input).toMatchObject(input);
  });

  test('logits', async () => {
    const { spec } = await identified({ outputs: logits(), nodes: [softmax] });
    expect(spec.head).toMatchObject({ activation: 'sigmoid' });
  });
});

function logits(): OutputGiven[] {
  const scores = scoresOf('output', 3);
  return [{ ...scores, values: Array.from({ length: CELLS * 3 }, (_, i) => (i % 7) - 5) }, boxesOf('953')];
}

test('rows that are no cells are not its business', async () => {
  const model = await identified({ outputs: [boxesOf('a', 50), scoresOf('b', 3, 50)] }).catch(() => null);
  expect(model?.spec.name ?? '').not.toMatch(/YOLO/);
});
