import { describe, expect, test } from 'vitest';
import type { ModelGiven as UserGiven } from '../../../../src/identify/identify.js';
import { complaint } from '../../../support/complaint.js';
import { output, rowsOf } from '../../../support/dense-output.js';
import { becauseOf, identified } from '../../../support/identified.js';
import type { OutputGiven } from '../../../support/onnx.js';

async function found(given: OutputGiven | OutputGiven[], user: UserGiven = {}) {
  const model = await identified({ outputs: [given].flat() }, user);
  return { ...model, family: becauseOf(model, 'family'), name: model.spec.name };
}

const labels = (count: number) => ({ spec: { labels: Array.from({ length: count }, (_, i) => `label ${i}`) } });

describe('which side is which', () => {
  const many = new Array<number>(80).fill(0.25);

  test('more numbers per row than rows: the cells tell', async () => {
    const { spec, decisions } = await found(output(rowsOf(new Array(100).fill(0.25)), 'columns'));
    expect(spec.head).toMatchObject({ family: 'yolo', layout: 'columns' });
    expect(spec.labels).toHaveLength(100);
    expect(decisions.find(({ field }) => field === 'head.layout')?.because).toBe(
      '[1, 104, 84]: 84 rows, one for each cell of strides 8, 16, 32',
    );
  });

  test.each(['columns', 'rows'] as const)('as many numbers as rows, in %s: the values tell', async (layout) => {
    const model = await found(output(rowsOf(many), layout), labels(80));
    expect(model.spec.head).toMatchObject({ family: 'yolo', layout, objectness: false });
    expect(becauseOf(model, 'head.layout')).toMatch(
      /^\[1, 84, 84\]: in a run only so do all numbers after the box lie/,
    );
  });

  test('as many numbers as rows, and values do not tell', async () => {
    const logits = output(rowsOf(new Array(80).fill(-5)), 'columns');
    await expect(found(logits)).rejects.toThrow(
      complaint('E_MODEL', /output of dims \[1, 84, 84\] may hold its boxes in rows or in columns\. .*head\.layout/),
    );
  });

  test('not the cells of any YOLO: the shorter side', async () => {
    const rows = rowsOf([0.5, 0.25, 0.125]).slice(0, 30);
    const model = await found(output(rows, 'columns'));
    expect(model.spec.head).toMatchObject({ layout: 'columns', boxUnit: 'input-pixels' });
    expect(becauseOf(model, 'head.layout')).toMatch(
      /30 rows are not the 84 cells of a YOLO: the shorter side is taken/,
    );
  });

  test('numbers per row that look like cells by chance: the values tell', async () => {
    const rows = [...rowsOf(many), ...rowsOf(many).slice(0, 16)];
    const { spec } = await found(output(rows, 'columns')); // [1, 84, 100]
    expect(spec.head).toMatchObject({ layout: 'columns', objectness: false });
    expect(spec.labels).toHaveLength(80);
  });

  test('dims left open', async () => {
    const { spec } = await found({ ...output(rowsOf([0.5]), 'columns'), declared: ['batch', 'numbers', 'anchors'] });
    expect(spec.head).toMatchObject({ layout: 'columns' });
    expect(spec.labels).toHaveLength(1);
  });

  test('no row at all', async () => {
    const { spec } = await found({ name: 'output0', dims: [1, 84, 0] });
    expect(spec.head).toMatchObject({ layout: 'columns', boxUnit: 'input-pixels' });
  });

  test('an auxiliary head of the same dims: the last one counts', async () => {
    const rows = rowsOf([0.5, 0.25]);
    const { spec } = await found([output(rows, 'columns', 'auxiliary'), output(rows, 'columns', 'main')]);
    expect(spec.head).toMatchObject({ output: 'main' });
  });

  test('raw levels of YOLOv5 behind the decoded output: not needed', async () => {
    const raw = [8, 4, 2].map((side) => ({ name: `raw${side}`, dims: [1, 3, side, side, 7] }));
    const { spec } = await found([output(rowsOf([0.5, 0.5, 0.25], 3), 'rows'), ...raw]);
    expect(spec.head).toMatchObject({ family: 'yolo', output: 'output0', objectness: true });
  });
});
