import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstOfLabel, mapLabels, resultLabels } from '../../src/labels/label-map.js';
import type { LabelMap } from '../../src/types/model.js';
import { complaint } from '../support/complaint.js';

const labels = [null, 'person', 'car', 'truck', 'bus', 'cup'];

describe('mapLabels', () => {
  const rows: [string, LabelMap, (string | null)[], string[]][] = [
    ['an empty map', {}, labels, []],
    ['rename', { labels: { person: 'pedestrian' } }, [null, 'pedestrian', 'car', 'truck', 'bus', 'cup'], []],
    ['drop', { labels: { cup: null } }, [null, 'person', 'car', 'truck', 'bus', null], ['cup']],
    ['merge', { labels: { truck: 'car', bus: 'car' } }, [null, 'person', 'car', 'car', 'car', 'cup'], []],
    [
      'drop the others',
      { labels: { car: 'car' }, others: 'drop' },
      [null, null, 'car', null, null, null],
      ['person', 'truck', 'bus', 'cup'],
    ],
    ['exchange', { labels: { car: 'bus', bus: 'car' } }, [null, 'person', 'bus', 'truck', 'car', 'cup'], []],
  ];
  test.each(rows)('%s', (_, map, expected, dropped) => {
    expect(mapLabels(labels, map)).toEqual({ labels: expected, parents: [], dropped });
  });

  test('parents stand above new names, above each other, and above what a class is called by', () => {
    const map: LabelMap = {
      labels: { person: 'pedestrian' },
      parents: { thing: ['vehicle', 'pedestrian'], vehicle: ['car', 'truck'], bus: ['truck'] },
      parentScore: 'noisy-or',
    };
    expect(mapLabels(labels, map).parents).toEqual([
      { label: 'vehicle', below: ['car', 'truck'], score: 'noisy-or' },
      { label: 'thing', below: ['car', 'truck', 'pedestrian'], score: 'noisy-or' },
      { label: 'bus', below: ['bus', 'truck'], score: 'noisy-or' },
    ]);
  });

  test('several ways to one label count it once', () => {
    const parents = { top: ['left', 'right'], left: ['car'], right: ['car', 'bus'] };
    expect(mapLabels(labels, { parents }).parents.find(({ label }) => label === 'top')?.below).toEqual(['car', 'bus']);
  });

  test.each<[string, LabelMap, RegExp]>([
    ['an unknown label', { labels: { persn: 'x' } }, /^map: there is no label "persn"\. Did you mean "person"\?$/],
    ['nothing like it', { labels: { zeppelin: 'x' } }, /^map: there is no label "zeppelin"\.$/],
    [
      'an unknown label below a parent',
      { parents: { vehicle: ['cars'] } },
      /^map: "vehicle" stands above no label "cars"\. Did you mean "car"\?$/,
    ],
    ['an old name below a parent', { labels: { car: 'auto' }, parents: { v: ['car'] } }, /stands above no label "car"/],
    [
      'a circle',
      { parents: { a: ['b'], b: ['c', 'car'], c: ['b'] } },
      /^map: its parents go round in a circle: b > c > b\. Take one of them out\.$/,
    ],
    ['itself', { parents: { car: ['car'] } }, /in a circle: car > car\./],
  ])('refuses %s', (_, map, message) => {
    expect(() => mapLabels(labels, map)).toThrow(complaint('E_ARGUMENT', message));
  });

  test('names that objects inherit are labels like others', () => {
    expect(mapLabels(['constructor', 'car'], { parents: { toString: ['constructor'] } })).toMatchObject({
      labels: ['constructor', 'car'],
      parents: [{ label: 'toString', below: ['constructor'] }],
    });
  });

  test('a map of new names onto themselves changes nothing: mapping is idempotent for maps without exchange', () => {
    const targets = fc.constantFrom('x', 'y', null);
    const maps = fc.dictionary(fc.constantFrom('person', 'car', 'truck', 'bus', 'cup'), targets);
    fc.assert(
      fc.property(maps, (entries) => {
        const once = mapLabels(labels, { labels: entries }).labels;
        expect(mapLabels(once, {}).labels).toEqual(once);
        expect(once.map((label) => label === null)).toEqual(
          labels.map((label) => label === null || entries[label] === null),
        );
      }),
    );
  });
});

test('resultLabels numbers parents behind the classes, but for those that a class is called by', () => {
  const parents = ['vehicle', 'car'].map((label) => ({ label, below: ['car'], score: 'maximum' as const }));
  expect(resultLabels(labels, parents)).toEqual([...labels, 'vehicle']);
});

test('firstOfLabel', () => {
  expect(firstOfLabel([null, 'a', 'b', 'a', null])).toEqual(Uint16Array.of(0, 1, 2, 1, 4));
});
