import { describe, expect, test } from 'vitest';
import { makePlan } from '../../../src/postprocess/make-plan.js';
import type { PostprocessOptions } from '../../../src/postprocess/options/postprocess-options.js';
import { addParents } from '../../../src/postprocess/regions/parents.js';
import type { Box, Detection } from '../../../src/types/detections.js';
import type { ParentLabel, ParentScore } from '../../../src/types/model.js';
import { complaint } from '../../support/complaint.js';

const labels = ['car', 'truck', 'bus', 'person'];
const here: Box = [0, 0, 10, 10];
const near: Box = [0, 0, 10, 8]; // IoU 0.8 with `here`
const away: Box = [50, 50, 60, 60];

function region(box: Box, scores: Record<string, number>): Detection {
  const own = Object.entries(scores).map(([label, score]) => ({
    label,
    classId: labels.indexOf(label),
    score: Math.fround(score),
  }));
  return { box, ...own[0]!, labels: own };
}

const parentsOf = (score: ParentScore): ParentLabel[] => [
  { label: 'vehicle', below: ['car', 'truck', 'bus'], score },
  { label: 'thing', below: ['car', 'truck', 'bus', 'person'], score },
];

/** Labels with scores of each region. */
function found(regions: Detection[], options: PostprocessOptions = {}, score: ParentScore = 'maximum') {
  const plan = makePlan({ labels, parents: parentsOf(score) }, options);
  return addParents(regions, plan).map((each) => each.labels.map((own) => `${own.label} ${own.score.toFixed(3)}`));
}

describe('addParents', () => {
  const rows: [string, Detection[], PostprocessOptions, string[][]][] = [
    ['no regions', [], {}, []],
    [
      'a child behind its parents on a tie',
      [region(here, { car: 0.9 })],
      {},
      [['car 0.900', 'vehicle 0.900', 'thing 0.900']],
    ],
    [
      'the highest of several',
      [region(here, { car: 0.9, truck: 0.5 })],
      {},
      [['car 0.900', 'vehicle 0.900', 'thing 0.900', 'truck 0.500']],
    ],
    ['nothing below it', [region(here, { person: 0.9 })], {}, [['person 0.900', 'thing 0.900']]],
    [
      'one thing where two regions overlap',
      [region(here, { car: 0.9 }), region(near, { truck: 0.6 })],
      {},
      [['car 0.900', 'vehicle 0.900', 'thing 0.900'], ['truck 0.600']],
    ],
    [
      'its own IoU threshold',
      [region(here, { car: 0.9 }), region(near, { truck: 0.6 })],
      { labelIouThresholds: { vehicle: 0.8 } },
      [
        ['car 0.900', 'vehicle 0.900', 'thing 0.900'],
        ['truck 0.600', 'vehicle 0.600'],
      ],
    ],
    [
      'its own score threshold',
      [region(here, { car: 0.6 })],
      { labelThresholds: { vehicle: 0.7, thing: 0.6 } },
      [['car 0.600', 'thing 0.600']],
    ],
    ['excluded', [region(here, { car: 0.6 })], { exclude: ['thing'] }, [['car 0.600', 'vehicle 0.600']]],
    [
      'only a parent',
      [region(here, { car: 0.6 }), region(away, { bus: 0.5 })],
      { include: ['vehicle'] },
      [['vehicle 0.600'], ['vehicle 0.500']],
    ],
    [
      'a parent and one below it',
      [region(here, { car: 0.6 }), region(away, { bus: 0.5 })],
      { include: ['vehicle', 'bus'] },
      [['vehicle 0.600'], ['bus 0.500', 'vehicle 0.500']],
    ],
    ['only a child', [region(here, { car: 0.6 })], { include: ['car'] }, [['car 0.600']]],
  ];
  test.each(rows)('%s', (_, regions, options, expected) => {
    expect(found(regions, options)).toEqual(expected);
  });

  test('noisy-or takes each label below once, at any depth', () => {
    const regions = [region(here, { car: 0.8, truck: 0.5, person: 0.5 })];
    expect(found(regions, {}, 'noisy-or')).toEqual([
      ['thing 0.950', 'vehicle 0.900', 'car 0.800', 'truck 0.500', 'person 0.500'],
    ]);
  });

  test('regions are in order again', () => {
    const regions = [region(here, { person: 0.85 }), region(away, { car: 0.8, truck: 0.8 })];
    expect(found(regions, {}, 'noisy-or').map(([best]) => best)).toEqual(['vehicle 0.960', 'person 0.850']);
  });

  test('a parent that a class is called by takes the place of its label', () => {
    const parents: ParentLabel[] = [{ label: 'car', below: ['car', 'truck'], score: 'noisy-or' }];
    const plan = makePlan({ labels, parents }, {});
    const [only] = addParents([region(here, { car: 0.8, truck: 0.5 })], plan);
    expect(only!.labels).toEqual([
      { label: 'car', classId: 0, score: Math.fround(0.9) },
      { label: 'truck', classId: 1, score: 0.5 },
    ]);
  });

  test('parents that no class is called by are numbered behind the classes', () => {
    expect(makePlan({ labels, parents: parentsOf('maximum') }, {}).parents.map(({ classId }) => classId)).toEqual([
      4, 5,
    ]);
  });

  test('a label that is neither a class’s nor a parent’s', () => {
    expect(() => makePlan({ labels, parents: parentsOf('maximum') }, { include: ['vehicles'] })).toThrow(
      complaint('E_ARGUMENT', /^include: the model has no label "vehicles"/),
    );
  });
});
