import { describe, expect, test } from 'vitest';
import { complaint } from '../../support/complaint.js';
import { becauseOf, identified } from '../../support/identified.js';
import type { OutputGiven, ValueGiven } from '../../support/onnx.js';

const images: ValueGiven[] = [{ name: 'image', dims: [1, 3, 64, 64] }];

function map(name: string, dims: number[], value: (i: number) => number): OutputGiven {
  const count = dims.reduce((product, dim) => product * dim, 1);
  return { name, dims, values: Array.from({ length: count }, (_, i) => value(i)) };
}

const logits = (i: number) => (i % 9) - 4;
const probabilities = (i: number) => (i % 9) / 9;

describe('YOLOv2', () => {
  test('VOC: its own anchors, pixel values where the graph scales them', async () => {
    const scale = { opType: 'Mul', name: 'scale', inputs: ['grid values', 'grid values'], outputs: ['unused'] };
    const outputs = [map('grid', [1, 125, 2, 2], logits)];
    const model = await identified({ inputs: images, outputs, nodes: [scale] });
    expect(model.spec).toMatchObject({
      head: {
        family: 'yolo-grid',
        outputs: ['grid'],
        order: 'anchors-channels',
        strides: [32],
        anchors: 'yolov2-tiny-voc',
        reach: [1],
        size: 'exp',
        boxActivation: 'sigmoid',
        activation: 'softmax',
      },
      input: { scale: 1, channels: 'rgb', fit: 'stretch' },
    });
    expect(model.spec.labels).toContain('aeroplane');
    expect(model.warnings).toEqual(expect.arrayContaining([expect.stringMatching(/the usual ones are taken/)]));
  });

  test('other classes: those of COCO, fractions of 255 where the graph does not scale', async () => {
    const { spec } = await identified({ inputs: images, outputs: [map('grid', [1, 425, 2, 2], logits)] });
    expect(spec).toMatchObject({ head: { anchors: 'yolov2' }, input: { scale: 1 / 255 } });
    expect(spec.labels[0]).toBe('person');
  });

  test('channels last', async () => {
    const { spec } = await identified({ inputs: images, outputs: [map('grid', [1, 2, 2, 40], logits)] });
    expect(spec).toMatchObject({ head: { order: 'cells-anchors' } });
    expect(spec.labels).toHaveLength(3);
  });
});

describe('YOLOv3', () => {
  /** Objectness is the fifth of each anchor's eight channels, and rare. */
  const darknet = (side: number) => (i: number) => (Math.floor(i / side ** 2) % 8 === 4 ? -5 : logits(i));
  const levels = (sides: number[], channels: number, value: (side: number) => (i: number) => number = darknet) =>
    sides.map((side) => map(`level ${side}`, [1, channels, side, side], value(side)));

  test('three maps, in any order', async () => {
    const model = await identified({ inputs: images, outputs: levels([2, 4, 8], 24) });
    expect(model.spec.head).toMatchObject({
      outputs: ['level 8', 'level 4', 'level 2'],
      order: 'anchors-channels',
      strides: [8, 16, 32],
      anchors: 'yolov5',
      activation: 'sigmoid',
    });
    expect(model.warnings).toEqual(expect.arrayContaining([expect.stringMatching(/YOLOv3 from YOLOv4.*reach/)]));
    expect(becauseOf(model, 'head.anchors')).toMatch(/^the 9 it was published with/);
  });

  test('two maps: tiny', async () => {
    const { spec } = await identified({ inputs: images, outputs: levels([4, 2], 24) });
    expect(spec.head).toMatchObject({ strides: [16, 32], anchors: 'yolov3-tiny' });
  });

  test('maps of probabilities: YOLOv5 for RKNN, once its anchors are said', async () => {
    const message = /three anchors per cell, which the file does not hold\. A spec .*\{"head":\{"anchors":"yolov5"\}\}/;
    const outputs = levels([8, 4, 2], 24, () => probabilities);
    await expect(identified({ inputs: images, outputs })).rejects.toThrow(complaint('E_MODEL', message));
    const { spec } = await identified({ inputs: images, outputs }, { spec: { head: { anchors: 'yolov5' } } });
    expect(spec.head).toMatchObject({ size: 'square', boxActivation: 'none', activation: 'none', reach: [2, 2, 2] });
  });
});

describe('YOLO-FastestV2', () => {
  const head = {
    family: 'yolo-grid',
    order: 'cells-shared-classes',
    strides: [16, 32],
    anchors: 'yolo-fastestv2',
    reach: [2, 2],
    size: 'square',
    boxActivation: 'none',
    activation: 'none',
  };

  test.each([
    ['a map per level', [map('794', [1, 4, 4, 95], probabilities), map('796', [1, 2, 2, 95], probabilities)]],
    ['rows of both levels', [map('all', [20, 95], probabilities)]],
    ['rows of both levels, with a batch', [map('all', [1, 20, 95], probabilities)]],
  ])('%s', async (_, outputs) => {
    const { spec } = await identified({ inputs: images, outputs });
    expect(spec).toMatchObject({ head, input: { channels: 'bgr', scale: 1 / 255, fit: 'stretch' } });
    expect(spec.head).toMatchObject({ outputs: outputs.map(({ name }) => name) });
    expect(spec.labels[0]).toBe('person');
  });
});
