import { describe, expect, test } from 'vitest';
import { activationOf, dimsOf, tableOf, unitOf } from '../../../../src/identify/evidence/layout/table.js';
import { namedClasses } from '../../../../src/identify/named-classes.js';
import { complaint } from '../../../support/complaint.js';
import { modelFacts, withMetadata } from '../../../support/facts.js';
import { tensor } from '../../../support/head.js';

const given = { head: {}, input: {}, names: null };
const evidence = { file: 'model.onnx', given };
const row = (...values: number[]) => tableOf(tensor([1, 1, values.length], values), 'rows');

test('a table in rows and in columns', () => {
  const data = tensor([1, 2, 3], [1, 2, 3, 4, 5, 6]);
  const [rows, columns] = [tableOf(data, 'rows'), tableOf(data, 'columns')];
  expect([rows.rows, rows.width, rows.at(1, 2)]).toEqual([2, 3, 6]);
  expect([columns.rows, columns.width, columns.at(2, 1)]).toEqual([3, 2, 6]);
});

describe('activation', () => {
  test('none, where all numbers from the first one on are scores', () => {
    expect(activationOf(evidence, row(400, 0.5, 1), 1).activation).toBe('none');
  });

  test('sigmoid, where each column leaves 0 to 1', () => {
    expect(activationOf(evidence, row(0.5, -3, 4), 1).activation).toBe('sigmoid');
  });

  test('some do and some do not: only the user knows', () => {
    const mixed = row(0.5, 0.5, -3);
    expect(() => activationOf(evidence, mixed, 0)).toThrow(complaint('E_MODEL', /number 2 of each row/));
    const told = { ...evidence, given: { ...given, head: { activation: 'sigmoid' } } };
    expect(activationOf(told, mixed, 0).activation).toBe('sigmoid');
  });
});

test.each([
  ['fractions a little over the edge', [0.5, 0.5, 1.5, 0.1], 'input-fractions'],
  ['pixels', [1.6, 0, 0, 0], 'input-pixels'],
  ['nothing but zeros', [0, 0, 0, 0], 'input-pixels'],
  ['NaN', [Number.NaN, 0.5, 0.5, 0.5], 'input-fractions'],
])('unit: %s', (_, box, unit) => {
  expect(unitOf(row(...box)).unit).toBe(unit);
  expect(unitOf(row(99, ...box), 1).unit).toBe(unit);
});

test('dims that the file leaves open come from a run, all but the first', async () => {
  const input = {
    channels: 'rgb',
    scale: 1,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    fit: 'stretch',
    interpolation: 'antialias',
    padValue: 0,
  } as const;
  const probe = async () => ({ a: tensor([1, 2, 3], [1, 2, 3, 4, 5, 6]) });
  const dims = (declared: (number | string)[]) =>
    dimsOf(
      { probe },
      { name: 'a', type: 'float32', dims: declared },
      {
        ...input,
        mean: [...input.mean],
        std: [...input.std],
      },
    );
  expect(await dims([1, 7, 8])).toEqual([1, 7, 8]);
  expect(await dims(['batch', 7, 8])).toEqual([1, 7, 8]);
  expect(await dims(['batch', 'n', 8])).toEqual([1, 2, 3]);
});

test('named classes: the user, then metadata, then config.json', () => {
  const facts = withMetadata({ names: "{0: 'cat', 1: 'dog'}" }, { config: { id2label: { 0: 'x' } } });
  const count = (names: number | null, of = facts) =>
    namedClasses({ ...of, given: { ...given, names } } as Parameters<typeof namedClasses>[0])?.count ?? null;
  expect(count(5)).toBe(5);
  expect(count(null)).toBe(2);
  expect(count(null, modelFacts({ config: { id2label: { 0: 'x' } } }))).toBe(1);
  expect(count(null, modelFacts())).toBeNull();
});
