import { describe, expect, test } from 'vitest';
import type { YoloxLevelsHeadSpec } from '../../../src/heads/contracts/yolox-levels.js';
import type { Tensors } from '../../../src/types/model.js';
import { complaint } from '../../support/complaint.js';
import { geometryOf } from '../../support/geometry.js';
import { allClasses, candidatesOf, tensor } from '../../support/head.js';

const spec: YoloxLevelsHeadSpec = {
  family: 'yolox-levels',
  boxes: ['box8', 'box16'],
  objectness: ['obj8', 'obj16'],
  scores: ['cls8', 'cls16'],
  layout: 'rows',
  strides: [8, 16],
  activation: 'none',
  combine: 'product',
};
/** 4 × 2 and 2 × 1 cells. */
const geometry = geometryOf(32, 16);
const ln2 = Math.log(2);

/** Zeros but in one row. */
function at(count: number, row: number, numbers: number[]): number[] {
  return Array.from({ length: count }, (_, i) => (i === row ? numbers : numbers.map(() => 0))).flat();
}

const rows: Tensors = {
  box8: tensor([1, 8, 4], at(8, 6, [0.5, 0.5, ln2, 0])),
  obj8: tensor([1, 8, 1], at(8, 6, [0.75])),
  cls8: tensor([1, 8, 2], at(8, 6, [0, 1])),
  box16: tensor([1, 2, 4], at(2, 1, [0.5, 0.5, 0, 0])),
  obj16: tensor([1, 2, 1], at(2, 1, [1])),
  cls16: tensor([1, 2, 2], at(2, 1, [0.5625, 0.25])),
};

function asMaps(tensors: Tensors): Tensors {
  const maps = Object.entries(tensors).map(([name, { dims, data }]) => {
    const [, cells, width] = dims;
    const values = Array.from({ length: data.length }, (_, i) => data[(i % cells) * width + Math.floor(i / cells)]);
    return [name, tensor([1, width, ...(cells === 8 ? [2, 4] : [1, 2])], values)];
  });
  return Object.fromEntries(maps);
}

describe.each([
  ['rows', rows],
  ['maps', asMaps(rows)],
] as const)('%s', (layout, outputs) => {
  test('objectness times class, boxes by their cells', () => {
    const found = candidatesOf({ ...spec, layout }, outputs, allClasses(2), geometry);
    expect(found.map((hit) => hit.map((value) => Number(value.toFixed(5))))).toEqual([
      [6, 1, 0.75, 12, 8, 28, 16],
      [9, 0, 0.5625, 16, 0, 32, 16],
    ]);
  });

  test('the root of the product', () => {
    const found = candidatesOf({ ...spec, layout, combine: 'root' }, outputs, allClasses(2), geometry);
    expect(found.map(([row, classId, score]) => [row, classId, score])).toEqual([
      [6, 1, Math.fround(Math.sqrt(0.75))],
      [9, 0, 0.75],
      [9, 1, 0.5],
    ]);
  });
});

test('logits', () => {
  const scored = { ...rows, obj16: tensor([1, 2, 1], [-50, Math.log(3)]), cls16: tensor([1, 2, 2], [50, 50, 50, -50]) };
  const found = candidatesOf({ ...spec, activation: 'sigmoid' }, scored, allClasses(2, 0.7), geometry);
  expect(found.map(([row, classId]) => [row, classId])).toEqual([[9, 0]]);
  expect(found[0][2]).toBeCloseTo(0.75, 6);
});

const refused: [string, Tensors, Partial<YoloxLevelsHeadSpec>, RegExp][] = [
  ['too few rows', { ...rows, obj8: tensor([1, 7, 1], new Array(7).fill(0)) }, {}, /output "obj8": expected 8 rows/],
  ['too few names', rows, { scores: ['cls8'] }, /^spec: expected scores to be 2 names, one for each stride/],
];
test.each(refused)('%s', (_, outputs, changes, message) => {
  expect(() => candidatesOf({ ...spec, ...changes }, outputs, allClasses(2), geometry)).toThrow(
    complaint('E_MODEL', message),
  );
});
