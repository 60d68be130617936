import { describe, expect, test } from 'vitest';
import type { YoloHeadSpec } from '../../../src/heads/contracts/yolo.js';
import { headOf } from '../../../src/heads/index.js';
import { selectClasses } from '../../../src/heads/selection.js';
import { complaint } from '../../support/complaint.js';
import { geometryOf } from '../../support/geometry.js';
import { allClasses, candidatesOf, type Found, tensor } from '../../support/head.js';

const spec: YoloHeadSpec = {
  family: 'yolo',
  output: 'output0',
  layout: 'rows',
  objectness: false,
  activation: 'none',
  boxFormat: 'cxcywh',
  boxUnit: 'input-pixels',
  suppress: true,
};

/** Three rows of a box and two classes; all numbers are exact in float32. */
const rows = [
  [50, 40, 20, 10, 0.75, 0.25],
  [10, 10, 4, 4, 0.25, 0.375],
  [30, 60, 8, 6, 0.5, 0.875],
];
const found: Found[] = [
  [0, 0, 0.75, 40, 35, 60, 45],
  [2, 0, 0.5, 26, 57, 34, 63],
  [2, 1, 0.875, 26, 57, 34, 63],
];

function outputOf(layout: 'rows' | 'columns', table = rows) {
  const width = table[0]?.length ?? 6;
  if (layout === 'rows') return { output0: tensor([1, table.length, width], table.flat()) };
  const columns = Array.from({ length: width }, (_, c) => table.map((row) => row[c]));
  return { output0: tensor([1, width, table.length], columns.flat()) };
}

describe.each(['rows', 'columns'] as const)('%s', (layout) => {
  const laid = { ...spec, layout };

  test('scores over their threshold, in the order of rows', () => {
    expect(candidatesOf(laid, outputOf(layout), allClasses(2))).toEqual(found);
  });

  test('single: the best class of each row', () => {
    const selection = { ...allClasses(2), single: true };
    expect(candidatesOf(laid, outputOf(layout), selection)).toEqual([found[0], found[2]]);
  });

  test('one class', () => {
    const one = rows.map((row) => row.slice(0, 5));
    expect(candidatesOf(laid, outputOf(layout, one), allClasses(1))).toEqual(found.slice(0, 2));
  });

  test('numbers after the scores are not read', () => {
    const more = rows.map((row) => [...row, 123, -5]);
    expect(candidatesOf({ ...laid, extraColumns: 2 }, outputOf(layout, more), allClasses(2))).toEqual(found);
  });

  test('as many rows as columns', () => {
    const square = [...rows, ...rows];
    expect(candidatesOf(laid, outputOf(layout, square), allClasses(2))).toHaveLength(6);
  });

  test('no rows', () => {
    const dims = layout === 'rows' ? [1, 0, 6] : [1, 6, 0];
    expect(candidatesOf(laid, { output0: tensor(dims, []) }, allClasses(2))).toEqual([]);
  });

  test('objectness multiplies every class', () => {
    const table = rows.map(([x, y, w, h, a, b], i) => [x, y, w, h, [0.5, 1, 0.75][i], a, b]);
    const objects = candidatesOf({ ...laid, objectness: true }, outputOf(layout, table), allClasses(2, 0.375));
    expect(objects.map((row) => row.slice(0, 3))).toEqual([
      [0, 0, 0.375],
      [1, 1, 0.375],
      [2, 0, 0.375],
      [2, 1, 0.65625],
    ]);
  });

  test('sigmoid of logits, with objectness of both', () => {
    const ln3 = Math.log(3);
    const table = [[50, 40, 20, 10, ln3, ln3, -ln3]]; // 0.75, 0.75, 0.25
    const [[, , score]] = candidatesOf(
      { ...laid, objectness: true, activation: 'sigmoid' },
      outputOf(layout, table),
      allClasses(2),
    );
    expect(score).toBeCloseTo(0.5625, 6); // float32 of 0.75 twice
    const alone = [[50, 40, 20, 10, ln3, -ln3]];
    const [[, classId, single]] = candidatesOf(
      { ...laid, activation: 'sigmoid' },
      outputOf(layout, alone),
      allClasses(2),
    );
    expect([classId, Math.abs(single - 0.75) < 1e-7]).toEqual([0, true]);
  });

  test('NaN and infinities are no scores; a rounding error above 1 is 1', () => {
    const table = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.0000001].map((score) => [
      ...[50, 40, 20, 10],
      score,
      0,
    ]);
    expect(candidatesOf(laid, outputOf(layout, table), allClasses(2))).toEqual([[3, 0, 1, 40, 35, 60, 45]]);
  });
});

describe('boxes', () => {
  const geometry = geometryOf(100, 50, { imageWidth: 1000, imageHeight: 200 });
  const cases: [string, Partial<YoloHeadSpec>, number[], number[]][] = [
    ['corners', { boxFormat: 'xyxy' }, [10, 20, 30, 40], [10, 20, 30, 40]],
    ['y first', { boxFormat: 'yxyx' }, [20, 10, 40, 30], [10, 20, 30, 40]],
    ['corner and size', { boxFormat: 'xywh' }, [10, 20, 20, 20], [10, 20, 30, 40]],
    ['centre and size', { boxFormat: 'cxcywh' }, [20, 30, 20, 20], [10, 20, 30, 40]],
    [
      'fractions of the input',
      { boxFormat: 'xyxy', boxUnit: 'input-fractions' },
      [0.25, 0.5, 0.75, 1],
      [25, 25, 75, 50],
    ],
    [
      'fractions of the image',
      { boxFormat: 'xyxy', boxUnit: 'image-fractions' },
      [0.25, 0.5, 0.75, 1],
      [250, 100, 750, 200],
    ],
    ['pixels of the image', { boxFormat: 'xyxy', boxUnit: 'image-pixels' }, [10, 20, 30, 40], [10, 20, 30, 40]],
  ];

  test.each(cases)('%s', (_, changes, box, expected) => {
    const changed = { ...spec, ...changes };
    const outputs = { output0: tensor([1, 1, 5], [...box, 0.75]) };
    const { boxes, space } = headOf(changed).candidates(outputs, changed, geometry, selectClasses(allClasses(1)));
    expect([...boxes]).toEqual(expected);
    expect(space).toBe(changed.boxUnit.startsWith('image') ? 'image' : 'input');
  });
});

test.each([true, false])('says whether suppression is to be done: %s', (suppress) => {
  expect(headOf(spec).needsSuppression({ ...spec, suppress })).toBe(suppress);
});

test('another number of columns than the labels ask for', () => {
  const message = /^output "output0": expected dims \[1, n, 9\], received "\[1, 3, 6\]"\. The spec \(labels, head\)/;
  expect(() => candidatesOf(spec, outputOf('rows'), allClasses(5))).toThrow(complaint('E_MODEL', message));
});
