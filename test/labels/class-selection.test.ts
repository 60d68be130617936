import { describe, expect, test } from 'vitest';
import { classIdsOf, labelledColumns, type ThresholdOptions, thresholdsOf } from '../../src/labels/class-selection.js';
import { complaint } from '../support/complaint.js';

const labels = [null, 'person', 'bicycle', null, 'traffic light', 'hot dog'];
const { NaN: never } = Number;

describe('labelledColumns', () => {
  test.each([
    ['gaps left out', labels, [1, 2, 4, 5]],
    ['no labels', [null, null], []],
    ['all', ['a', 'b'], [0, 1]],
    ['an empty text is a label', ['', null], [0]],
  ])('%s', (_, list, columns) => {
    expect(labelledColumns(list)).toEqual(Uint16Array.from(columns));
  });
});

describe('thresholdsOf', () => {
  const rows: [string, Partial<ThresholdOptions>, number[]][] = [
    ['all labels', {}, [never, 0.5, 0.5, never, 0.5, 0.5]],
    ['include', { include: ['bicycle', 'person', 'bicycle'] }, [never, 0.5, 0.5, never, never, never]],
    ['include nothing', { include: [] }, [never, never, never, never, never, never]],
    ['exclude', { exclude: ['person'] }, [never, never, 0.5, never, 0.5, 0.5]],
    ['exclude wins', { include: ['person', 'bicycle'], exclude: ['person'] }, [never, never, 0.5, never, never, never]],
    ['a threshold of its own', { labelThresholds: { 'hot dog': 0.9 } }, [never, 0.5, 0.5, never, 0.5, 0.9]],
    ['its own may be 0', { labelThresholds: { person: 0 } }, [never, 0, 0.5, never, 0.5, 0.5]],
    [
      'its own threshold does not include a label',
      { include: ['person'], labelThresholds: { bicycle: 0.1 } },
      [never, 0.5, never, never, never, never],
    ],
    [
      'nor take back exclude',
      { exclude: ['person'], labelThresholds: { person: 0.1 } },
      [never, never, 0.5, never, 0.5, 0.5],
    ],
  ];

  test.each(rows)('%s', (_, options, thresholds) => {
    const found = thresholdsOf(labels, { scoreThreshold: 0.5, labelThresholds: {}, ...options });
    expect(found).toEqual(Float64Array.from(thresholds));
  });

  test.each([
    ['include', { include: ['person', 'persn'] }],
    ['exclude', { exclude: ['persn'] }],
    ['labelThresholds', { labelThresholds: { persn: 0.5 } }],
  ])('a label that the model does not have, in %s', (where, options) => {
    const settled = () => thresholdsOf(labels, { scoreThreshold: 0.5, labelThresholds: {}, ...options });
    const message = `^${where}: the model has no label "persn"\\. Did you mean "person"\\? sigbox labels lists`;
    expect(settled).toThrow(complaint('E_ARGUMENT', new RegExp(message)));
  });
});

describe('classIdsOf', () => {
  test('every column of that name', () => {
    expect(classIdsOf(['a', 'b', 'a'], 'a', 'include')).toEqual([0, 2]);
  });

  test('the column', () => {
    expect(classIdsOf(labels, 'traffic light', 'include')).toEqual([4]);
  });

  test('a class by its number, where no label is called so', () => {
    expect(classIdsOf(labels, '4', 'include')).toEqual([4]);
    expect(classIdsOf(['1', 'b'], '1', 'include')).toEqual([0]);
  });

  test.each(['0', '3', '6', '-1', '1.5'])('%s is the number of no class with a label', (given) => {
    expect(() => classIdsOf(labels, given, 'here')).toThrow(complaint('E_ARGUMENT', /^here: the model has no label/));
  });

  test.each([
    ['a letter too many', 'bicyclle', 'bicycle'],
    ['another case', 'HOT DOG', 'hot dog'],
    ['an underscore', 'traffic_light', 'traffic light'],
    ['a part', 'light', 'traffic light'],
    ['no space', 'hotdog', 'hot dog'],
  ])('%s', (_, given, meant) => {
    expect(() => classIdsOf(labels, given, 'here')).toThrow(
      complaint('E_ARGUMENT', new RegExp(`^here: the model has no label "${given}"\\. Did you mean "${meant}"\\? `)),
    );
  });

  test.each(['zeppelin', '', 'null'])('nothing like %j', (given) => {
    const message = `^here: the model has no label "${given}"\\. sigbox labels lists those it has; a label map may change them\\.$`;
    expect(() => classIdsOf(labels, given, 'here')).toThrow(complaint('E_ARGUMENT', new RegExp(message)));
  });
});
