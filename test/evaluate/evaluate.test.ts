import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/evaluate/evaluate.js';
import type { EvaluateOptions } from '../../src/evaluate/evaluation.js';
import type { CocoDataset, CocoResult, ResultsGiven, TruthGiven } from '../../src/evaluate/given.js';
import type { AnnotatedRegion, Dataset } from '../../src/types/annotations.js';
import type { Box } from '../../src/types/detections.js';
import { expectClose } from '../support/close.js';
import { complaint } from '../support/complaint.js';

/** pycocotools divides by a little more than the count. */
const ONE = expect.closeTo(1, 12);

const truth = (changes: Partial<CocoDataset> = {}): CocoDataset => ({
  images: [
    { id: 7, file_name: 'b/7.jpg', width: 100, height: 100 },
    { id: 3, file_name: 'a/3.jpg', width: 100, height: 100 },
  ],
  annotations: [
    { id: 1, image_id: 7, category_id: 2, bbox: [0, 0, 10, 10] },
    { id: 2, image_id: 3, category_id: 1, bbox: [20, 0, 10, 10] },
  ],
  categories: [
    { id: 2, name: 'dog' },
    { id: 1, name: 'cat' },
  ],
  ...changes,
});
const results: CocoResult[] = [
  { image_id: 7, category_id: 2, bbox: [0, 0, 10, 10], score: 0.9 },
  { image_id: 3, category_id: 2, bbox: [20, 0, 10, 10], score: 0.8 },
  { image_id: 3, category_id: 1, bbox: [20, 0, 10, 8], score: 0.4 },
  { image_id: 3, category_id: 1, bbox: [60, 0, 10, 10], score: 0.3 },
];
const region = (box: Box, label: string, score?: number, more: Partial<AnnotatedRegion> = {}): AnnotatedRegion => ({
  box,
  labels: [score === undefined ? { label } : { label, score }],
  ...more,
});
const image = (name: string, regions: AnnotatedRegion[]) => ({ image: name, width: 100, height: 100, regions });

describe('what it says', () => {
  const evaluation = evaluate(truth(), results);

  test('of all', () => {
    expect(evaluation).toMatchObject({ images: 2, truths: 2, detections: 4, warnings: [], lvis: null });
    expect(evaluation.micro).toEqual({
      ...{ found: 2, wrong: 1, missed: 0, precision: 2 / 3, recall: 1, f1: 0.8 },
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
        truths: 1,
        detections: 2,
        found: 1,
        wrong: 0,
        missed: 0,
        AP: expect.closeTo(0.7, 9),
        f1: 1,
      },
      { label: 'dog', categoryId: 2, truths: 1, detections: 2, found: 1, wrong: 1, missed: 0, AP: ONE, precision: 0.5 },
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

describe('the forms of truth and results', () => {
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
  const expected = { ...evaluate(truth(), results), warnings: [] };
  const withoutIds = { ...expected, classes: expected.classes.map(({ categoryId: _, ...row }) => row) };

  test.each<[string, TruthGiven, ResultsGiven, object]>([
    ['COCO truth, detections with names', truth(), found(), expected],
    ['detections with paths', truth(), found((path) => `/home/me/photos/${path}`), expected],
    ['names of files only', truth(), found((path) => path.slice(2)), expected],
    ['a dataset and detections', dataset, found(), withoutIds],
    ['a dataset and a dataset without endings', dataset, stems, withoutIds],
  ])('%s', (_, given, detections, same) => {
    expect(evaluate(given, detections)).toEqual(same);
  });

  test('several labels of one region are judged each', () => {
    const both = [{ ...found()[0], detections: [detection([0, 0, 10, 10], ['dog', 0.9], ['cat', 0.5])] }];
    expect(evaluate(dataset, both)).toMatchObject({ detections: 2, micro: { found: 1, wrong: 1, missed: 1 } });
  });

  test('difficult truths and crowds are not missed', () => {
    const regions = [
      region([0, 0, 9, 9], 'cat', undefined, { difficult: true }),
      region([0, 0, 50, 50], 'dog', undefined, { crowd: true }),
    ];
    const passed: Dataset = { ...dataset, images: [image('a/3.jpg', regions)] };
    const detections = [detection([0, 0, 9, 9], ['cat', 0.9]), detection([5, 5, 9, 9], ['dog', 0.9])];
    const { truths, micro, voc, confusion, coco } = evaluate(passed, [
      { image: 'a/3.jpg', width: 9, height: 9, detections },
    ]);
    expect([truths, micro.wrong, micro.missed, voc.allPoint, coco.AP]).toEqual([0, 0, 0, null, -1]);
    expect(confusion.counts.flat().every((count) => count === 0)).toBe(true);
  });

  test('no detections at all', () => {
    const { coco, micro, warnings } = evaluate(truth(), []);
    expect([coco.AP, coco.APs, coco.APl, micro.precision, micro.recall]).toEqual([0, 0, -1, null, 0]);
    expect(warnings).toEqual(['no detection is left to judge']);
  });

  test('thresholds of their own', () => {
    const { classes, micro } = evaluate(truth(), results, { labelThresholds: { dog: 0.85 }, scoreThreshold: 0.3 });
    expect(classes.map(({ scoreThreshold }) => scoreThreshold)).toEqual([0.3, 0.85]);
    expect(micro).toMatchObject({ found: 2, wrong: 1, missed: 0 });
  });

  test('federated truth in a dataset is federated', () => {
    const regions = [region([0, 0, 10, 10], 'dog')];
    const federated: Dataset = {
      ...{ labels: ['cat', 'dog'], frequencies: ['rare', 'frequent'] },
      images: [{ ...image('b/7.jpg', regions), absent: ['cat'], incomplete: ['dog'] }],
    };
    const { lvis } = evaluate(federated, found().slice(0, 1));
    expect(lvis).toMatchObject({ AP: ONE, APf: ONE, APr: -1, AR300: 1 });
  });
});

describe('odd truth and results are told with their counts', () => {
  const rows: [string, TruthGiven, ResultsGiven, RegExp[]][] = [
    [
      'unknown images and categories of annotations',
      truth({
        annotations: [
          { id: 1, image_id: 8, category_id: 2, bbox: [0, 0, 10, 10] },
          { id: 2, image_id: 3, category_id: 5, bbox: [0, 0, 10, 10] },
          { id: 3, image_id: 3, category_id: 5, bbox: [0, 0, 10, 10] },
        ],
      }),
      results,
      [/^1 annotation is of images that the truth does not list: passed over$/, /^2 annotations are of categories/],
    ],
    [
      'annotations with one id, and with id 0',
      truth({
        annotations: [
          { id: 0, image_id: 7, category_id: 2, bbox: [0, 0, 10, 10] },
          { id: 4, image_id: 3, category_id: 1, bbox: [0, 0, 10, 10] },
          { id: 4, image_id: 3, category_id: 1, bbox: [20, 0, 10, 10] },
        ],
      }),
      results,
      [/^1 annotation has the id of a later one, which stands in for it/, /^1 annotation whose id is 0/],
    ],
    [
      'boxes outside, and empty ones',
      truth({
        annotations: [
          { id: 1, image_id: 7, category_id: 2, bbox: [95, 0, 10, 10] },
          { id: 2, image_id: 7, category_id: 2, bbox: [95, 0, 0, 10] },
        ],
      }),
      results,
      [/^1 box of the truth reaches outside the image$/, /^1 box of the truth is empty/],
    ],
    [
      'unknown images and categories of results',
      truth(),
      [...results, { ...results[0], image_id: 99 }, { ...results[0], category_id: 99 }],
      [
        /^1 detection is of images that the truth does not have: passed over \(image_id 99\)$/,
        /^1 detection is of labels that the truth does not have: passed over \(category_id 99\)$/,
      ],
    ],
    [
      'labels and images that the truth does not have, and images without results',
      truth(),
      [
        { image: '3.jpg', width: 9, height: 9, detections: [detection([0, 0, 1, 1], ['kite', 0.5])] },
        { image: 'else.jpg', width: 9, height: 9, detections: [] },
      ],
      [
        /^1 image of the results is not the truth’s: passed over \(else.jpg\)$/,
        /^1 image of the truth has no result: what it shows counts as missed$/,
        /^1 detection is of labels that the truth does not have: passed over \(kite\)$/,
        /^no detection is left to judge$/,
      ],
    ],
  ];
  test.each(rows)('%s', (_, given, detections, warnings) => {
    const received = evaluate(given, detections).warnings;
    expect(received).toEqual(warnings.map((warning) => expect.stringMatching(warning)));
  });
});

describe('what can’t be judged is an error', () => {
  const named: ResultsGiven = [{ image: 'other.jpg', width: 1, height: 1, detections: [] }];
  const plain: Dataset = { labels: ['cat'], images: [image('a.jpg', [])] };
  const rows: [string, unknown, unknown, EvaluateOptions, RegExp][] = [
    ['no images', truth({ images: [] }), results, {}, /^truth: expected images, received "none"\.$/],
    ['a dataset without', { ...plain, images: [] }, results, {}, /^truth: expected images, received "none"\.$/],
    ['no categories', { images: [{ id: 1 }], annotations: [] }, results, {}, /^truth: expected a list of categories, /],
    [
      'an id that is none',
      truth({ images: [{ id: null as never }] }),
      [],
      {},
      /^truth: images\.0\.id: expected a number/,
    ],
    [
      'an image that is none',
      { ...truth(), images: [null] },
      [],
      {},
      /^truth: images\.0: expected an object, received null/,
    ],
    [
      'a box of three numbers',
      truth({ annotations: [{ id: 1, image_id: 7, category_id: 2, bbox: [1, 2, 3] }] }),
      results,
      {},
      /^truth: annotations\.0: expected bbox to be four numbers: x, y, width, height, received Array of length 3\.$/,
    ],
    ['no box', truth(), [{ ...results[0], bbox: undefined }], {}, /^results: 0: expected bbox to be four numbers/],
    ['no score', truth(), [{ ...results[0], score: undefined }], {}, /^results: 0: expected a score for every label/],
    ['a score that is NaN', truth(), [{ ...results[0], score: Number.NaN }], {}, /^results: 0: expected a score/],
    ['no image in common', truth(), [{ ...results[0], image_id: 99 }], {}, /^results: expected images of the truth/],
    ['no name in common', truth(), named, {}, /^results: expected images of the truth, like a\/3\.jpg, received "none/],
    ['results by number, truth by name', plain, results, {}, /^truth: expected ids of images and categories/],
    [
      'a label that the dataset does not list',
      { ...plain, images: [image('a.jpg', [region([0, 0, 1, 1], 'dog')])] },
      [],
      {},
      /^truth: a\.jpg: expected a label that the dataset lists, received "dog"\.$/,
    ],
    [
      'a threshold in percent',
      truth(),
      results,
      { scoreThreshold: 50 },
      /options\.scoreThreshold to be a number from 0/,
    ],
    ['no overlap asked for', truth(), results, { iouThreshold: 0 }, /options\.iouThreshold to be a number above 0/],
    [
      'a threshold of no label',
      truth(),
      results,
      { labelThresholds: { cow: 1 } },
      /options\.labelThresholds to be labels/,
    ],
  ];
  test.each(rows)('%s', (_, given, detections, options, message) => {
    expect(() => evaluate(given as TruthGiven, detections as ResultsGiven, options)).toThrow(
      complaint('E_ARGUMENT', message),
    );
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

function detection(box: Box, ...labels: [label: string, score: number][]) {
  const all = labels.map(([label, score]) => ({ label, score, classId: 0 }));
  return { box, ...all[0], labels: all };
}
