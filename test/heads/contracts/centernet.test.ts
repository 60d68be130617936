import { describe, expect, test } from 'vitest';
import type { CenternetHeadSpec } from '../../../src/heads/contracts/centernet.js';
import type { Tensors } from '../../../src/types/model.js';
import { complaint } from '../../support/complaint.js';
import { geometryOf } from '../../support/geometry.js';
import { expectGolden, readGolden } from '../../support/golden.js';
import { allClasses, candidatesOf, tensor } from '../../support/head.js';

const spec: CenternetHeadSpec = {
  family: 'centernet',
  heatmap: 'hm',
  sizes: 'wh',
  offsets: 'reg',
  activation: 'none',
};
/** 4 × 3 cells. */
const geometry = geometryOf(16, 12);
const cells = 12;
const flat = (value: number) => new Array<number>(cells).fill(value);
const places: Tensors = {
  wh: tensor([1, 2, 3, 4], [...flat(2), ...flat(1)]),
  reg: tensor([1, 2, 3, 4], [...flat(0.25), ...flat(0.75)]),
};

describe('peaks', () => {
  const rows: [string, number[], number[]][] = [
    ['a cell that none of its neighbours tops', [0, 0, 0, 0, 0, 0.9, 0.6, 0, 0, 0, 0.8, 0], [5]],
    ['two that are two cells apart', [0.9, 0.6, 0.9, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 2]],
    ['equal neighbours are both', [0, 0, 0, 0, 0, 0.9, 0.9, 0, 0, 0, 0, 0], [5, 6]],
    ['a neighbour beyond the edge is none', [0, 0, 0, 0.6, 0.9, 0, 0, 0, 0, 0, 0, 0], [3, 4]],
    ['every corner', [0.6, 0, 0, 0.6, 0, 0, 0, 0, 0.6, 0, 0, 0.6], [0, 3, 8, 11]],
    ['one that is not over the threshold', [0, 0, 0, 0, 0, 0.4, 0.3, 0, 0, 0, 0, 0], []],
    ['a neighbour that is not a number', [0, 0, 0, 0, 0, 0.9, Number.NaN, 0, 0, 0, 0, 0], [5]],
  ];
  test.each(rows)('%s', (_, heat, expected) => {
    const outputs = { ...places, hm: tensor([1, 1, 3, 4], heat) };
    expect(candidatesOf(spec, outputs, allClasses(1), geometry).map(([row]) => row)).toEqual(expected);
  });

  test('every class for itself', () => {
    const hm = tensor([1, 2, 3, 4], [0, 0.9, ...flat(0).slice(2), 0.75, 0.6, ...flat(0).slice(2)]);
    const found = candidatesOf(spec, { ...places, hm }, allClasses(2), geometry);
    expect(found.map(([row, classId]) => [row, classId])).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });
});

describe('boxes', () => {
  const heat = flat(0);
  heat[6] = 0.75; // line 1, column 2
  const outputs = { ...places, hm: tensor([1, 1, 3, 4], heat) };

  test('in cells, from the offset on', () => {
    // centre (2.25, 1.75) and size (2, 1), times 4
    expect(candidatesOf(spec, outputs, allClasses(1), geometry)).toEqual([[6, 0, 0.75, 5, 5, 13, 9]]);
  });

  test('without offsets: from the middle of the cell on', () => {
    const found = candidatesOf({ ...spec, offsets: null }, outputs, allClasses(1), geometry);
    expect(found).toEqual([[6, 0, 0.75, 6, 4, 14, 8]]);
  });
});

test('logits', () => {
  const hm = tensor([1, 1, 3, 4], [Math.log(3), ...flat(-9).slice(1)]);
  const [[row, , score]] = candidatesOf({ ...spec, activation: 'sigmoid' }, { ...places, hm }, allClasses(1), geometry);
  expect([row, score]).toEqual([0, 0.75]);
});

test('maps of another size', () => {
  const outputs = { ...places, hm: tensor([1, 1, 3, 4], flat(0)), wh: tensor([1, 2, 4, 3], [...flat(1), ...flat(1)]) };
  const act = () => candidatesOf(spec, outputs, allClasses(1), geometry);
  expect(act).toThrow(complaint('E_MODEL', /^output "wh": expected dims \[1, 2, 3, 4\], received "\[1, 2, 4, 3\]"/));
});

test.each(readGolden('centernet').map((golden) => [golden.name, golden] as const))(
  'PaddleDetection’s CenterNet makes the same of the same maps: %s',
  (name, golden) => {
    expectGolden(golden, { ...spec, activation: name === 'logits' ? 'sigmoid' : 'none' }, 3);
  },
);
