import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../src/evaluate/evaluate.js';
import type { AnnotatedRegion, Dataset } from '../../../src/types/annotations.js';
import type { Box } from '../../../src/types/detections.js';

const names = (classes: number) => Array.from({ length: classes }, (_, i) => `label ${i}`);

/** `car 0.9, red` */
function region(box: Box, text: string, more: Partial<AnnotatedRegion> = {}): AnnotatedRegion {
  const labels = text.split(', ').map((part) => {
    const [label, score] = part.split(' ');
    return score === undefined ? { label: label! } : { label: label!, score: Number(score) };
  });
  return { box, labels, ...more };
}

const image = (regions: AnnotatedRegion[]): Dataset => ({
  labels: ['car', 'vehicle', 'red'],
  images: [{ image: 'a.jpg', width: 100, height: 100, regions }],
});

const here: Box = [0, 0, 10, 10];
const there: Box = [50, 50, 60, 60];
const half: Box = [0, 0, 10, 5]; // IoU 0.5 with `here`

describe('an object counts once, however many labels it has', () => {
  test.each<[string, AnnotatedRegion[], AnnotatedRegion[], object]>([
    ['nothing', [], [], { objects: 0, matched: 0, exactMatch: null, hammingLoss: null, macro: { precision: null } }],
    [
      'the same set',
      [region(here, 'car, vehicle')],
      [region(here, 'car 0.9, vehicle 0.8')],
      {
        objects: 1,
        multiLabelObjects: 1,
        regions: 1,
        matched: 1,
        exactMatch: 1,
        hammingLoss: 0,
        precision: 1,
        recall: 1,
      },
    ],
    [
      'one label too many, one missing',
      [region(here, 'car, vehicle')],
      [region(here, 'car 0.9, red 0.8')],
      {
        matched: 1,
        exactMatch: 0,
        hammingLoss: 2 / 3,
        micro: { truePositives: 1, falsePositives: 1, falseNegatives: 1, precision: 0.5, recall: 0.5, f1: 0.5 },
        macro: { precision: 1 / 3, recall: 1 / 3, f1: 1 / 3 },
        samples: { precision: 0.5, recall: 0.5, f1: 0.5 },
      },
    ],
    [
      'labels under the threshold are not there',
      [region(here, 'car')],
      [region(here, 'car 0.9, red 0.34'), region(there, 'red 0.34')],
      { regions: 1, multiLabelRegions: 0, exactMatch: 1 },
    ],
    [
      'an IoU of the threshold matches, whatever the labels',
      [region(here, 'car')],
      [region(half, 'red 0.9')],
      { matched: 1, exactMatch: 0, precision: 1, recall: 1 },
    ],
    [
      'the best score takes the object, the other is left over',
      [region(here, 'car')],
      [region(half, 'red 0.8'), region(here, 'car 0.7')],
      { matched: 1, exactMatch: 0, precision: 0.5, recall: 1 },
    ],
    [
      'difficult objects are ignored, and regions that overlap only them',
      [region(here, 'car', { difficult: true }), region(there, 'car')],
      [region(here, 'red 0.9'), region(there, 'car 0.8')],
      { objects: 1, regions: 1, matched: 1, exactMatch: 1 },
    ],
  ])('%s', (_, groundTruths, detections, expected) => {
    const { labelSets } = evaluate(image(groundTruths), image(detections), { scoreThreshold: 0.35 });
    expect(labelSets).toMatchObject(expected);
  });
});

test('the example of docs/evaluate.md', () => {
  const [a, b, c]: Box[] = [here, there, [80, 0, 90, 10]];
  const groundTruth = image([region(a!, 'car, vehicle'), region(b!, 'car, vehicle'), region(c!, 'red')]);
  const results = image([
    region(a!, 'car 0.9, vehicle 0.9'),
    region(b!, 'car 0.9, red 0.9'),
    region(c!, 'vehicle 0.9, red 0.9'),
  ]);
  const { exactMatch, hammingLoss, micro, macro, samples } = evaluate(groundTruth, results).labelSets;
  expect([exactMatch, hammingLoss]).toEqual([1 / 3, 1 / 3]);
  expect(micro).toMatchObject({ precision: 4 / 6, recall: 4 / 5, f1: 8 / 11 });
  expect(macro).toEqual({ precision: 2 / 3, recall: 5 / 6, f1: expect.closeTo(13 / 18, 12) });
  expect(samples).toEqual({ precision: 2 / 3, recall: 5 / 6, f1: expect.closeTo(13 / 18, 12) });
});

interface Golden {
  classes: number;
  images: number;
  groundTruths: { image: number; box: Box; labels: number[] }[];
  regions: { image: number; box: Box; labels: Record<string, number> }[];
  matched: number;
  missed: number;
  extra: number;
  [measure: string]: unknown;
}

const goldens: Golden[] = JSON.parse(
  readFileSync(new URL('../../fixtures/goldens/label-sets.json', import.meta.url), 'utf8'),
).cases;

test.each(goldens)('scikit-learn on $matched matched objects with $classes labels', (golden) => {
  const labels = names(golden.classes);
  const dataset = (regionsOf: (image: number) => AnnotatedRegion[]): Dataset => ({
    labels,
    images: Array.from({ length: golden.images }, (_, i) => {
      return { image: `${i}.jpg`, width: 200, height: 200, regions: regionsOf(i) };
    }),
  });
  const groundTruth = dataset((i) =>
    golden.groundTruths
      .filter(({ image }) => image === i)
      .map(({ box, labels: own }) => ({ box, labels: own.map((classId) => ({ label: labels[classId]! })) })),
  );
  const results = dataset((i) =>
    golden.regions
      .filter(({ image }) => image === i)
      .map(({ box, labels: own }) => ({
        box,
        labels: Object.entries(own).map(([classId, score]) => ({ label: labels[Number(classId)]!, score })),
      })),
  );
  const { labelSets } = evaluate(groundTruth, results, { scoreThreshold: 0.35 });
  const { objects, regions, matched, exactMatch, hammingLoss, micro, macro, samples } = labelSets;
  expect([matched, objects - matched, regions - matched]).toEqual([golden.matched, golden.missed, golden.extra]);
  const rates = ({ precision, recall, f1 }: typeof macro) => ({ precision, recall, f1 });
  const numbers = { exactMatch, hammingLoss, micro: rates(micro), macro: rates(macro), samples: rates(samples) };
  const flat = (value: object): number[] =>
    Object.values(value).flatMap((own) => (typeof own === 'number' ? own : flat(own)));
  const expected = flat(Object.fromEntries(Object.keys(numbers).map((name) => [name, golden[name]])));
  for (const [i, value] of flat(numbers).entries()) expect(value).toBeCloseTo(expected[i]!, 12); // sums in another order
});
