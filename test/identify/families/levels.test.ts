import { describe, expect, test } from 'vitest';
import { identified } from '../../support/identified.js';
import type { OutputGiven } from '../../support/onnx.js';

const LEVELS = [8, 16, 32].map((stride) => ({ stride, side: 64 / stride }));

function values(count: number, value: (i: number) => number): number[] {
  return Array.from({ length: count }, (_, i) => value(i));
}
const probability = (i: number) => ((i * 7) % 50) / 60;
const number = (i: number) => ((i * 5) % 13) / 3 - 2;
/** Logits of 16 bins that are highest at one of them, and next highest beside it. */
const peaked = (cells: number) => (i: number) => {
  const [channel, cell] = [Math.floor(i / cells), i % cells];
  return 5 - Math.abs((channel % 16) - ((cell % 9) + 0.3 + Math.floor(channel / 16)));
};

const map = (name: string, channels: number, side: number, value: (i: number) => number): OutputGiven => ({
  name,
  dims: [1, channels, side, side],
  values: values(channels * side * side, value),
});
const rows = (name: string, dims: number[], value: (i: number) => number): OutputGiven => ({
  name,
  dims,
  values: values(
    dims.reduce((product, dim) => product * dim, 1),
    value,
  ),
});

describe('an output per level and part', () => {
  test('RKNN’s YOLOv8: distributions, scores and their sum', async () => {
    const outputs = LEVELS.flatMap(({ stride, side }) => [
      map(`box${stride}`, 64, side, peaked(side * side)),
      map(`cls${stride}`, 3, side, probability),
      map(`sum${stride}`, 1, side, probability),
    ]);
    const { spec } = await identified({ outputs });
    const lists = { scores: ['cls8', 'cls16', 'cls32'], distances: ['box8', 'box16', 'box32'] };
    expect(spec.head).toMatchObject({ family: 'dfl', ...lists, layout: 'maps', strides: [8, 16, 32], bins: 16 });
    expect(spec.labels).toHaveLength(3);
  });

  test('64 numbers in no order are no distributions', async () => {
    const outputs = LEVELS.flatMap(({ stride, side }) => [
      map(`box${stride}`, 64, side, (i) => (Math.imul(i + 1, 2654435761) >>> 16) / 8192),
      map(`cls${stride}`, 3, side, probability),
    ]);
    await expect(identified({ outputs })).rejects.toThrow(/of no family/);
  });

  test('YOLOX for Hailo: boxes, objectness, scores', async () => {
    const outputs = LEVELS.flatMap(({ stride, side }) => [
      map(`reg${stride}`, 4, side, number),
      map(`obj${stride}`, 1, side, probability),
      map(`cls${stride}`, 5, side, probability),
    ]);
    const { spec } = await identified({ outputs });
    const lists = { boxes: ['reg8', 'reg16', 'reg32'], objectness: ['obj8', 'obj16', 'obj32'] };
    expect(spec.head).toMatchObject({ family: 'yolox-levels', ...lists, layout: 'maps', combine: 'product' });
    expect(spec.labels).toHaveLength(5);
  });

  test('YuNet: faces, with their key points left out', async () => {
    const part = (name: string, width: number, value: (i: number) => number) =>
      LEVELS.map(({ stride, side }) => rows(`${name}_${stride}`, [1, side * side, width], value));
    const outputs = [
      ...part('cls', 1, probability),
      ...part('obj', 1, probability),
      ...part('bbox', 4, number),
      ...part('kps', 10, number),
    ];
    const { spec, warnings } = await identified({ outputs });
    expect(spec).toMatchObject({
      head: {
        family: 'yolox-levels',
        scores: ['cls_8', 'cls_16', 'cls_32'],
        objectness: ['obj_8', 'obj_16', 'obj_32'],
        combine: 'root',
      },
      input: { channels: 'bgr', scale: 1 },
      labels: ['face'],
    });
    expect(warnings).toEqual([expect.stringMatching(/gives key points as well \("kps_8", "kps_16", "kps_32"\)/)]);
  });

  test('SCRFD: two rows per cell, without a batch', async () => {
    const part = (first: number, width: number, value: (i: number) => number) =>
      LEVELS.map(({ side }, i) => rows(`${first + i}`, [2 * side * side, width], value));
    const outputs = [...part(448, 1, probability), ...part(451, 4, (i) => i % 5), ...part(454, 10, number)];
    const { spec } = await identified({ outputs });
    expect(spec).toMatchObject({
      head: {
        family: 'dfl',
        scores: ['448', '449', '450'],
        distances: ['451', '452', '453'],
        perCell: 2,
        bins: 1,
        centre: 0,
      },
      input: { mean: [127.5, 127.5, 127.5], std: [128, 128, 128], fit: 'letterbox-top-left' },
      labels: ['face'],
    });
  });
});
