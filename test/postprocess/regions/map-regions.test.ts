import { describe, expect, test } from 'vitest';
import { regionMap } from '../../../src/postprocess/regions/map-regions.js';
import type { AnnotatedRegion } from '../../../src/types/annotations.js';
import type { Box } from '../../../src/types/detections.js';
import type { LabelMap } from '../../../src/types/model.js';

const labels = ['car', 'truck', 'person'];
const here: Box = [0, 0, 10, 10];
const near: Box = [0, 0, 10, 8]; // IoU 0.8 with `here`
const half: Box = [0, 0, 10, 5]; // IoU 0.5, which is not above it

/** `car 0.9, truck` */
function region(box: Box, text: string): AnnotatedRegion {
  const parts = text.split(', ').map((part) => part.split(' '));
  return {
    box,
    labels: parts.map(([label, score]) => ({ label: label!, ...(score !== undefined && { score: Number(score) }) })),
  };
}

function shown(regions: AnnotatedRegion[]): string[] {
  return regions.map((each) =>
    each.labels.map(({ label, score }) => (score === undefined ? label : `${label} ${score}`)).join(', '),
  );
}

const merging: LabelMap = { labels: { car: 'vehicle', truck: 'vehicle' } };

describe('regionMap', () => {
  test.each<[string, LabelMap, AnnotatedRegion[], string[]]>([
    ['an empty map', {}, [region(here, 'car 0.9, person 0.5')], ['car 0.9, person 0.5']],
    [
      'rename and drop',
      { labels: { car: 'auto', person: null } },
      [region(here, 'car 0.9'), region(near, 'person 0.5')],
      ['auto 0.9'],
    ],
    [
      'merged in one region: the higher score',
      merging,
      [region(here, 'car 0.5, truck 0.7, person 0.6')],
      ['vehicle 0.7, person 0.6'],
    ],
    [
      'merged over two regions that overlap',
      merging,
      [region(here, 'car 0.5'), region(near, 'truck 0.7, person 0.6')],
      ['vehicle 0.7, person 0.6'],
    ],
    [
      'merged at an IoU of 0.5: both stay',
      merging,
      [region(here, 'car 0.5'), region(half, 'truck 0.7')],
      ['vehicle 0.5', 'vehicle 0.7'],
    ],
    ['truth keeps all its regions', merging, [region(here, 'car'), region(near, 'truck')], ['vehicle', 'vehicle']],
    [
      'not merged: nothing is suppressed',
      {},
      [region(here, 'car 0.5'), region(near, 'car 0.7')],
      ['car 0.5', 'car 0.7'],
    ],
    [
      'a parent',
      { parents: { vehicle: ['car', 'truck'] } },
      [region(here, 'car 0.5, truck 0.5'), region(half, 'person 0.5')],
      ['car 0.5, truck 0.5, vehicle 0.5', 'person 0.5'],
    ],
    [
      'noisy-or',
      { parents: { vehicle: ['car', 'truck'] }, parentScore: 'noisy-or' },
      [region(here, 'car 0.5, truck 0.5')],
      ['vehicle 0.75, car 0.5, truck 0.5'],
    ],
    [
      'one parent where two regions overlap',
      { parents: { vehicle: ['car', 'truck'] } },
      [region(here, 'car 0.5'), region(near, 'truck 0.7')],
      ['car 0.5', 'truck 0.7, vehicle 0.7'],
    ],
    [
      'parents of truth have no score',
      { parents: { vehicle: ['car', 'truck'] } },
      [region(here, 'car')],
      ['car, vehicle'],
    ],
  ])('%s', (_, map, regions, expected) => {
    expect(shown(regionMap(labels, map, 'map').map(regions))).toEqual(expected);
  });

  test('its labels, each once, parents behind', () => {
    expect(regionMap(labels, { ...merging, parents: { all: ['vehicle', 'person'] } }, 'map').labels).toEqual([
      'vehicle',
      'person',
      'all',
    ]);
  });

  test('what was mapped, mapped with nothing, stays', () => {
    const once = regionMap(labels, merging, 'map').map([region(here, 'car 0.5'), region(near, 'truck 0.7')]);
    expect(regionMap(['vehicle', 'person'], {}, 'map').map(once)).toEqual(once);
  });
});
