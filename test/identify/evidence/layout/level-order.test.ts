import { describe, expect, test } from 'vitest';
import { mapsPerLevel } from '../../../../src/identify/evidence/layout/level-order.js';
import { tensor } from '../../../support/head.js';
import { becauseOf, identified } from '../../../support/identified.js';
import { randomNumbers } from '../../../support/random.js';

const SIZE = { width: 64, height: 64 };
const STRIDES = [8, 16, 32];
const CELLS = [64, 16, 4];

/** Offsets, sides, a low objectness and scores of three classes, with noise: what YOLOX gives, as logits. */
function numbersOf(random: () => number): number[] {
  const noise = () => random() - 0.5;
  return [
    0.5 + noise(),
    0.5 + noise(),
    1 + noise(),
    1 + noise(),
    -8 + noise(),
    -3 + noise(),
    -4 + noise(),
    -2 + noise(),
  ];
}

function memory(order: 'rows' | 'maps'): number[] {
  const random = randomNumbers(5);
  return CELLS.flatMap((cells) => {
    const rows = Array.from({ length: cells }, () => numbersOf(random));
    return order === 'rows' ? rows.flat() : [0, 1, 2, 3, 4, 5, 6, 7].flatMap((k) => rows.map((row) => row[k]));
  });
}

describe('rows or maps', () => {
  test('rows are what they are declared to be', () => {
    expect(mapsPerLevel(tensor([1, 84, 8], memory('rows')), STRIDES, SIZE)).toBeNull();
  });

  test('maps are read as rows', () => {
    const [rows, maps] = [memory('rows'), memory('maps')];
    const found = mapsPerLevel(tensor([1, 84, 8], maps), STRIDES, SIZE)!;
    for (let row = 0; row < 84; row++) {
      for (let k = 0; k < 8; k++) expect(found.table.at(row, k)).toBe(Math.fround(rows[8 * row + k]));
    }
    expect(found.because).toMatch(/^kinds of numbers explain \d+ % of the variance of a run as maps, \d+ % as rows$/);
  });

  test('numbers that are all the same say nothing', () => {
    expect(mapsPerLevel(tensor([1, 84, 8], new Float32Array(672).fill(1)), STRIDES, SIZE)).toBeNull();
  });
});

test('YOLOX with maps in memory: a grid of one anchor per cell, as large as the cell', async () => {
  const model = await identified({ outputs: [{ name: 'output', dims: [1, 84, 8], values: memory('maps') }] });
  expect(model.spec).toMatchObject({
    head: {
      family: 'yolo-grid',
      outputs: ['output'],
      order: 'anchors-channels',
      strides: STRIDES,
      anchors: [
        [8, 8],
        [16, 16],
        [32, 32],
      ],
      reach: [1, 1, 1],
      size: 'exp',
      boxActivation: 'none',
      activation: 'sigmoid',
    },
    input: { channels: 'rgb', fit: 'letterbox', padValue: 128 },
  });
  expect(model.spec.labels).toHaveLength(3);
  expect(becauseOf(model, 'head.order')).toMatch(/as maps/);
});
