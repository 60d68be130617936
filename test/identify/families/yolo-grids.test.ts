import { describe, expect, test } from 'vitest';
import { complaint } from '../../support/complaint.js';
import { becauseOf, identified } from '../../support/identified.js';
import type { OutputGiven } from '../../support/onnx.js';

const nhwc = [{ name: 'input_1:0', dims: [1, 64, 64, 3] }];

function levels(dimsOf: (side: number) => number[], value: (i: number) => number = (i) => (i % 9) / 9): OutputGiven[] {
  return [8, 4, 2].map((side) => {
    const dims = dimsOf(side);
    const count = dims.reduce((product, dim) => product * dim, 1);
    return { name: `level${side}`, dims, values: Array.from({ length: count }, (_, i) => value(i)) };
  });
}

const yolov4 = (width = 8) => levels((side) => [1, side, side, 3, width]);
const yolov5 = (value?: (i: number) => number, width = 8) => levels((side) => [1, 3, side, side, width], value);
const anchors = { spec: { head: { anchors: 'yolov5' } } };

describe('YOLOv4 of the ONNX model zoo', () => {
  const head = {
    family: 'yolo-grid',
    outputs: ['level8', 'level4', 'level2'],
    order: 'cells-anchors',
    strides: [8, 16, 32],
    anchors: 'yolov4',
    reach: [1.2, 1.1, 1.05],
    size: 'exp',
    boxActivation: 'sigmoid',
    activation: 'none',
  };

  test('cells before anchors', async () => {
    const model = await identified({ inputs: nhwc, outputs: yolov4() });
    expect(model.spec).toMatchObject({ head, input: { fit: 'letterbox', padValue: 128, layout: 'nhwc' } });
    expect(model.spec.labels).toHaveLength(3);
    expect(becauseOf(model, 'head.anchors')).toMatch(/spec head\.anchors sets others$/);
  });

  test('levels in any order, one class', async () => {
    const { spec } = await identified({ inputs: nhwc, outputs: yolov4(6).reverse() });
    expect(spec.head).toMatchObject(head);
    expect(spec.labels).toHaveLength(1);
  });

  test('its anchors can be replaced', async () => {
    const { spec } = await identified({ inputs: nhwc, outputs: yolov4() }, anchors);
    expect(spec.head).toMatchObject({ ...head, anchors: 'yolov5' });
  });

  test('dims left open: 416 × 416', async () => {
    const open = [{ name: 'input_1:0', dims: ['n', 'height', 'width', 3] }];
    const outputs = [52, 26, 13].map((side) => ({ name: `level${side}`, dims: [1, side, side, 3, 6] }));
    const declared = outputs.map((output) => ({ ...output, declared: ['n', 'a', 'b', 3, 6] }));
    const { spec } = await identified({ inputs: open, outputs: declared });
    expect(spec).toMatchObject({ input: { width: 416, height: 416 }, head: { strides: [8, 16, 32] } });
  });
});

describe('YOLOv5 and YOLOv7 without their last step', () => {
  test('the file does not hold their anchors: the user names them', async () => {
    const message =
      /the file does not hold the anchors that decode them\. spec \{"head":\{"anchors":"yolov5"\}\}, or "yolov4"/;
    await expect(identified({ outputs: yolov5() })).rejects.toThrow(complaint('E_MODEL', message));
    const { spec } = await identified({ outputs: yolov5() }, anchors);
    expect(spec).toMatchObject({
      head: { order: 'anchors-cells', strides: [8, 16, 32], anchors: 'yolov5', reach: [2, 2, 2], size: 'square' },
      input: { channels: 'rgb', fit: 'letterbox', padValue: 114 },
    });
  });

  test.each([
    ['logits', (i: number) => (i % 9) - 4, { boxActivation: 'sigmoid', activation: 'sigmoid' }],
    ['σ done by the graph', (i: number) => (i % 9) / 9, { boxActivation: 'none', activation: 'none' }],
  ])('%s', async (_, value, head) => {
    expect((await identified({ outputs: yolov5(value) }, anchors)).spec.head).toMatchObject(head);
  });

  test('one class', async () => {
    const { spec } = await identified({ outputs: yolov5(undefined, 6) }, anchors);
    expect(spec.labels).toHaveLength(1);
  });

  test('anchors that are none', async () => {
    const wrong = { spec: { head: { anchors: 'yolov6' } } };
    await expect(identified({ outputs: yolov5() }, wrong)).rejects.toThrow(complaint('E_MODEL', /head\.anchors/));
  });
});

test('outputs of five dims that are no grids', async () => {
  const outputs = levels((side) => [1, 2, side, side, 8]);
  await expect(identified({ outputs })).rejects.toThrow(complaint('E_MODEL', /of no family/));
});
