import { expect, test } from 'vitest';
import { gatherFacts } from '../../src/identify/evidence/graph/facts.js';
import { tryModel } from '../../src/identify/trial.js';
import { output, rowsOf } from '../support/dense-output.js';
import { identified } from '../support/identified.js';
import type { OutputGiven } from '../support/onnx.js';

async function kindOf(outputs: OutputGiven[], spec = {}) {
  const found = await identified({ outputs }, { spec });
  return (await tryModel(await gatherFacts(found.file), found.spec)).headKind;
}

test('one class: binary', async () => {
  expect(await kindOf([output(rowsOf([0.5]), 'columns')])).toEqual({ kind: 'binary', because: 'it has one class' });
});

test('independent scores: multi-label', async () => {
  expect(await kindOf([output(rowsOf([0.5, 0.25]), 'columns')])).toMatchObject({ kind: 'multi-label' });
});

test('logits: multi-label, by the sigmoid', async () => {
  const because = 'each class has a sigmoid of its own';
  expect(await kindOf([output(rowsOf([-3, 4]), 'columns')])).toEqual({ kind: 'multi-label', because });
});

test('rows that add up to 1: exclusive', async () => {
  const rows = rowsOf([0.5]).map((row, i) => [...row.slice(0, 4), (i % 5) / 4, 1 - (i % 5) / 4]);
  expect(await kindOf([output(rows, 'columns')])).toMatchObject({
    kind: 'exclusive',
    because: expect.stringMatching(/add up to 1/),
  });
});

const finished = (rows: number[][]) => [{ name: 'output0', dims: [1, rows.length, 6], values: rows.flat() }];

test('a box with two classes: multi-label; else one class per row', async () => {
  const rows = [
    [1, 2, 30, 40, 0.75, 1],
    [1, 2, 30, 40, 0.5, 0],
    [5, 6, 7, 8, 0.25, 2],
    [9, 6, 17, 18, 0.2, 2],
  ];
  const labels = ['a', 'b', 'c'];
  expect(await kindOf(finished(rows), { labels })).toMatchObject({ kind: 'multi-label' });
  expect(await kindOf(finished(rows.slice(1)), { labels })).toMatchObject({ kind: 'one class per row' });
});
