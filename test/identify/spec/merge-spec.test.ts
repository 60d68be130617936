import { describe, expect, test } from 'vitest';
import { mergeSpec } from '../../../src/identify/spec/merge-spec.js';
import type { ModelSpec } from '../../../src/identify/spec/model-spec.js';
import { complaint } from '../../support/complaint.js';
import { inputSpec } from '../../support/input-spec.js';

const found: ModelSpec = {
  name: 'found',
  input: inputSpec(),
  head: {
    family: 'ssd',
    scores: 'scores',
    boxes: 'boxes',
    anchors: 'anchors',
    activation: 'sigmoid',
    boxScales: [10, 10, 5, 5],
  },
  labels: [null, 'cat'],
};
const rows = {
  family: 'rows',
  output: 'out',
  count: null,
  columns: { all: 6, box: 0, score: 4, class: 5 },
  boxFormat: 'xyxy',
  boxUnit: 'input-pixels',
} as const;

describe('what is given takes the place of what was found', () => {
  const cases: [string, unknown, Partial<ModelSpec>][] = [
    ['nothing', undefined, {}],
    ['an empty spec', {}, {}],
    ['a field of the input', { input: { padValue: 9 } }, { input: inputSpec({ padValue: 9 }) }],
    ['a field of the head', { head: { activation: 'none' } }, { head: { ...found.head, activation: 'none' } as never }],
    [
      'a field of the head, its family named',
      { head: { family: 'ssd', scores: 's' } },
      { head: { ...found.head, scores: 's' } as never },
    ],
    [
      'lists as a whole',
      { labels: ['a', 'b'], input: { mean: [1, 2, 3] } },
      { labels: ['a', 'b'], input: inputSpec({ mean: [1, 2, 3] }) },
    ],
    ['another head as a whole', { head: rows }, { head: rows }],
    ['a name', { name: 'mine' }, { name: 'mine' }],
  ];

  test.each(cases)('%s', (_, spec, changes) => {
    const before = structuredClone(found);
    expect(mergeSpec(found, { spec })).toEqual({ ...found, ...changes });
    expect(found).toEqual(before);
  });

  test('a size, unless the spec has one', () => {
    expect(mergeSpec(found, { size: [8, 6] }).input).toMatchObject({ width: 8, height: 6 });
    const spec = { input: { width: 10, height: 12 } };
    expect(mergeSpec(found, { size: [8, 6], spec }).input).toMatchObject({ width: 10, height: 12 });
  });
});

describe('what it refuses', () => {
  test.each([
    [
      'an unknown field',
      { input: { colour: 'rgb' } },
      /^spec: expected one of the fields of input: name, .*, received "colour"/,
    ],
    [
      'a field of another head',
      { head: { suppress: true } },
      /^spec: expected one of the fields of head: family, .*, received "suppress"/,
    ],
    [
      'another head with a field missing',
      { head: { family: 'rows' } },
      /^spec: expected head\.output to be a string, received undefined/,
    ],
    ['a wrong value', { head: { activation: 'relu' } }, /^spec: expected head\.activation to be /],
    ['no object', 'yolo', /^spec: expected an object, received "yolo"\./],
    ['null for an input', { input: null }, /^spec: expected input to be an object, received null/],
  ])('%s', (_, spec, message) => {
    expect(() => mergeSpec(found, { spec })).toThrow(complaint('E_MODEL', message));
  });
});
