import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/evaluate/evaluate.js';
import type { GroundTruthInput, ResultsInput } from '../../src/evaluate/inputs.js';
import type { Dataset } from '../../src/types/annotations.js';
import { expectClose } from '../support/close.js';
import { detection, groundTruth, image, region, results } from './cats-and-dogs.js';

/** pycocotools divides by a little more than the count. */
const ONE = expect.closeTo(1, 12);

describe('what it says', () => {
  const evaluation = evaluate(groundTruth(), results);

  test('of all', () => {
    expect(evaluation).toMatchObject({ images: 2, groundTruths: 2, detections: 4, warnings: [], lvis: null });
    expect(evaluation.micro).toEqual({
      ...{ truePositives: 2, falsePositives: 1, falseNegatives: 0, precision: 2 / 3, recall: 1, f1: 0.8 },
      best: { scoreThreshold: 0.4, f1: 0.8 },
    });
    const sixths = expect.closeTo(5 / 6, 12);
    const best = { scoreThreshold: 0.4, f1: sixths };
    expect(evaluation.macro).toEqual({ precision: 0.75, recall: 1, f1: sixths, best });
  });

  test('of each label, in the order of their ids', () => {
    expect(evaluation.classes).toMatchObject([
      {
        label: 'cat',
        categoryId: 1,
        groundTruths: 1,
        detections: 2,
        truePositives: 1,
        falsePositives: 0,
        falseNegatives: 0,
        AP: expect.closeTo(0.7, 9),
        f1: 1,
      },
      {
        label: 'dog',
        categoryId: 2,
        groundTruths: 1,
        detections: 2,
        truePositives: 1,
        falsePositives: 1,
        falseNegatives: 0,
        AP: ONE,
        precision: 0.5,
      },
    ]);
    expect(evaluation.classes[1].best).toEqual({ scoreThreshold: 0.9, f1: 1 });
  });

  test('of what is taken for what', () => {
    expect(evaluation.confusion).toEqual({
      labels: ['cat', 'dog', 'background'],
      counts: [
        [0, 1, 0], // the dog with 0.8 goes before the cat with 0.4
        [0, 1, 0],
        [1, 0, 0],
      ],
    });
  });

  test('of errors', () => {
    const counts = Object.entries(evaluation.errors.kinds).map(([kind, { count }]) => [kind, count]);
    expect(Object.fromEntries(counts)).toEqual({
      ...{ class: 1, localisation: 0, both: 0, duplicate: 0, background: 1, missed: 0 },
    });
  });

  test('as curves', () => {
    const { precision, thresholds, reliability } = evaluation.curves;
    expect([precision.recall.length, precision.iou50[100], precision.iou75[0]]).toEqual([101, ONE, ONE]);
    expect(thresholds.recall[90]).toBe(0.5);
    expect(thresholds.precision[95]).toBe(null);
    expect(reliability.filter(({ count }) => count > 0)).toMatchObject([
      { from: 0.3, count: 1, precision: 0, confidence: 0.3 },
      { from: 0.4, count: 1, precision: 1 },
      { from: 0.8, count: 1, precision: 0 },
      { from: 0.9, count: 1, precision: 1 },
    ]);
  });
});

describe('the forms of ground truth and results', () => {
  const dataset: Dataset = {
    labels: ['cat', 'dog'],
    images: [image('a/3.jpg', [region([20, 0, 30, 10], 'cat')]), image('b/7.jpg', [region([0, 0, 10, 10], 'dog')])],
  };
  const found = (name = (path: string) => path) => [
    {
      ...{ image: name('b/7.jpg'), width: 100, height: 100 },
      detections: [detection([0, 0, 10, 10], ['dog', 0.9])],
    },
    {
      ...{ image: name('a/3.jpg'), width: 100, height: 100 },
      detections: [
        detection([20, 0, 30, 10], ['dog', 0.8]),
        detection([20, 0, 30, 8], ['cat', 0.4]),
        detection([60, 0, 70, 10], ['cat', 0.3]),
      ],
    },
  ];
  const stems = {
    ...dataset,
    images: found((path) => path.slice(2, 3)).map(({ detections, ...rest }) => ({ ...rest, regions: detections })),
  };
  const expected = { ...evaluate(groundTruth(), results), warnings: [] };
  const withoutIds = { ...expected, classes: expected.classes.map(({ categoryId: _, ...row }) => row) };

  test.each<[string, GroundTruthInput, ResultsInput, object]>([
    ['COCO ground truth, detections with names', groundTruth(), found(), expected],
    ['detections with paths', groundTruth(), found((path) => `/home/me/photos/${path}`), expected],
    ['names of files only', groundTruth(), found((path) => path.slice(2)), expected],
    ['a dataset and detections', dataset, found(), withoutIds],
    ['a dataset and a dataset without endings', dataset, stems, withoutIds],
  ])('%s', (_, given, detections, same) => {
    expect(evaluate(given, detections)).toEqual(same);
  });

  test('several labels of one region are judged each', () => {
    const both = [{ ...found()[0], detections: [detection([0, 0, 10, 10], ['dog', 0.9], ['cat', 0.5])] }];
    expect(evaluate(dataset, both)).toMatchObject({
      detections: 2,
      micro: { truePositives: 1, falsePositives: 1, falseNegatives: 1 },
    });
  });

  test('difficult ground truths and crowds are not missed', () => {
    const regions = [
      region([0, 0, 9, 9], 'cat', undefined, { difficult: true }),
      region([0, 0, 50, 50], 'dog', undefined, { crowd: true }),
    ];
    const passed: Dataset = { ...dataset, images: [image('a/3.jpg', regions)] };
    const detections = [detection([0, 0, 9, 9], ['cat', 0.9]), detection([5, 5, 9, 9], ['dog', 0.9])];
    const { groundTruths, micro, voc, confusion, coco } = evaluate(passed, [
      { image: 'a/3.jpg', width: 9, height: 9, detections },
    ]);
    expect([groundTruths, micro.falsePositives, micro.falseNegatives, voc.allPoint, coco.AP]).toEqual([
      0,
      0,
      0,
      null,
      -1,
    ]);
    expect(confusion.counts.flat().every((count) => count === 0)).toBe(true);
  });

  test('no detections at all', () => {
    const { coco, micro, warnings } = evaluate(groundTruth(), []);
    expect([coco.AP, coco.APs, coco.APl, micro.precision, micro.recall]).toEqual([0, 0, -1, null, 0]);
    expect(warnings).toEqual(['no detections are left to evaluate']);
  });

  test('thresholds of their own', () => {
    const { classes, micro } = evaluate(groundTruth(), results, {
      labelThresholds: { dog: 0.85 },
      scoreThreshold: 0.3,
    });
    expect(classes.map(({ scoreThreshold }) => scoreThreshold)).toEqual([0.3, 0.85]);
    expect(micro).toMatchObject({ truePositives: 2, falsePositives: 1, falseNegatives: 0 });
  });

  test('federated ground truth in a dataset is federated', () => {
    const regions = [region([0, 0, 10, 10], 'dog')];
    const federated: Dataset = {
      ...{ labels: ['cat', 'dog'], frequencies: ['rare', 'frequent'] },
      images: [{ ...image('b/7.jpg', regions), absent: ['cat'], incomplete: ['dog'] }],
    };
    const { lvis } = evaluate(federated, found().slice(0, 1));
    expect(lvis).toMatchObject({ AP: ONE, APf: ONE, APr: -1, AR300: 1 });
  });
});

test('a size that the file states is taken for the area', () => {
  const stated = (size?: [number, number]): Dataset => ({
    labels: ['cat'],
    images: [image('a.jpg', [region([0, 0, 10, 10], 'cat', undefined, size && { size })])],
  });
  const detections = [{ image: 'a.jpg', width: 1, height: 1, detections: [detection([0, 0, 10, 10], ['cat', 1])] }];
  const [plain, odd] = [stated(), stated([10, 20])].map((given) => evaluate(given, detections).coco.AP);
  expectClose([plain, odd], [1, 0.1], 1e-12, 'AP'); // IoU 1, and 100 / (100 + 200 − 100)
});
