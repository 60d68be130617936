import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/evaluate/evaluate.js';
import type { GroundTruthInput, ResultsInput } from '../../src/evaluate/inputs.js';
import type { EvaluateOptions } from '../../src/evaluate/options.js';
import type { Dataset } from '../../src/types/annotations.js';
import { complaint } from '../support/complaint.js';
import { detection, groundTruth, image, region, results } from './cats-and-dogs.js';

describe('odd ground truth and results give warnings with counts', () => {
  const rows: [string, GroundTruthInput, ResultsInput, RegExp[]][] = [
    [
      'unknown images and categories of annotations',
      groundTruth({
        annotations: [
          { id: 1, image_id: 8, category_id: 2, bbox: [0, 0, 10, 10] },
          { id: 2, image_id: 3, category_id: 5, bbox: [0, 0, 10, 10] },
          { id: 3, image_id: 3, category_id: 5, bbox: [0, 0, 10, 10] },
        ],
      }),
      results,
      [/^1 annotation is of images that the ground truth does not list: skipped$/, /^2 annotations are of categories/],
    ],
    [
      'annotations with one id, and with id 0',
      groundTruth({
        annotations: [
          { id: 0, image_id: 7, category_id: 2, bbox: [0, 0, 10, 10] },
          { id: 4, image_id: 3, category_id: 1, bbox: [0, 0, 10, 10] },
          { id: 4, image_id: 3, category_id: 1, bbox: [20, 0, 10, 10] },
        ],
      }),
      results,
      [/^1 annotation shares its id with a later one, which replaces it/, /^1 annotation with id 0/],
    ],
    [
      'boxes outside, and empty ones',
      groundTruth({
        annotations: [
          { id: 1, image_id: 7, category_id: 2, bbox: [95, 0, 10, 10] },
          { id: 2, image_id: 7, category_id: 2, bbox: [95, 0, 0, 10] },
        ],
      }),
      results,
      [/^1 ground truth box reaches outside the image$/, /^1 ground truth box is empty/],
    ],
    [
      'unknown images and categories of results',
      groundTruth(),
      [...results, { ...results[0], image_id: 99 }, { ...results[0], category_id: 99 }],
      [
        /^1 detection is of images that are not in the ground truth: skipped \(image_id 99\)$/,
        /^1 detection is of labels that are not in the ground truth: skipped \(category_id 99\)$/,
      ],
    ],
    [
      'labels and images that the ground truth does not have, and images without results',
      groundTruth(),
      [
        { image: '3.jpg', width: 100, height: 100, detections: [detection([0, 0, 1, 1], ['kite', 0.5])] },
        { image: 'else.jpg', width: 9, height: 9, detections: [] },
      ],
      [
        /^1 image of the results is not in the ground truth: skipped \(else.jpg\)$/,
        /^1 image of the ground truth has no results: its objects count as false negatives$/,
        /^1 detection is of labels that are not in the ground truth: skipped \(kite\)$/,
        /^no detections are left to evaluate$/,
      ],
    ],
  ];
  test.each(rows)('%s', (_, given, detections, warnings) => {
    const received = evaluate(given, detections).warnings;
    expect(received).toEqual(warnings.map((warning) => expect.stringMatching(warning)));
  });
});

describe('input that can’t be evaluated is an error', () => {
  const named: ResultsInput = [{ image: 'other.jpg', width: 1, height: 1, detections: [] }];
  const plain: Dataset = { labels: ['cat'], images: [image('a.jpg', [])] };
  const rows: [string, unknown, unknown, EvaluateOptions, RegExp][] = [
    ['no images', groundTruth({ images: [] }), results, {}, /^ground truth: expected images, received "none"\.$/],
    ['a dataset without', { ...plain, images: [] }, results, {}, /^ground truth: expected images, received "none"\.$/],
    [
      'no categories',
      { images: [{ id: 1 }], annotations: [] },
      results,
      {},
      /^ground truth: expected a list of categories, /,
    ],
    [
      'an id that is none',
      groundTruth({ images: [{ id: null as never }] }),
      [],
      {},
      /^ground truth: images\.0\.id: expected a number/,
    ],
    [
      'an image that is none',
      { ...groundTruth(), images: [null] },
      [],
      {},
      /^ground truth: images\.0: expected an object, received null/,
    ],
    [
      'a box of three numbers',
      groundTruth({ annotations: [{ id: 1, image_id: 7, category_id: 2, bbox: [1, 2, 3] }] }),
      results,
      {},
      /^ground truth: annotations\.0: expected bbox to be four numbers: x, y, width, height, received Array of length 3\.$/,
    ],
    [
      'no box',
      groundTruth(),
      [{ ...results[0], bbox: undefined }],
      {},
      /^results: 0: expected bbox to be four numbers/,
    ],
    [
      'no score',
      groundTruth(),
      [{ ...results[0], score: undefined }],
      {},
      /^results: 0: expected a score for every label/,
    ],
    ['a score that is NaN', groundTruth(), [{ ...results[0], score: Number.NaN }], {}, /^results: 0: expected a score/],
    [
      'no image in common',
      groundTruth(),
      [{ ...results[0], image_id: 99 }],
      {},
      /^results: expected images of the ground truth/,
    ],
    [
      'no name in common',
      groundTruth(),
      named,
      {},
      /^results: expected images of the ground truth: a\/3\.jpg, .*, received "/,
    ],
    [
      'results by number, ground truth by name',
      plain,
      results,
      {},
      /^ground truth: expected ids of images and categories/,
    ],
    [
      'a label that the dataset does not list',
      { ...plain, images: [image('a.jpg', [region([0, 0, 1, 1], 'dog')])] },
      [],
      {},
      /^ground truth: a\.jpg: expected a label that the dataset lists, received "dog"\.$/,
    ],
    [
      'a threshold in percent',
      groundTruth(),
      results,
      { scoreThreshold: 50 },
      /options\.scoreThreshold to be a number from 0/,
    ],
    [
      'no overlap asked for',
      groundTruth(),
      results,
      { iouThreshold: 0 },
      /options\.iouThreshold to be a number above 0/,
    ],
    [
      'a threshold of no label',
      groundTruth(),
      results,
      { labelThresholds: { cow: 1 } },
      /options\.labelThresholds to be labels/,
    ],
  ];
  test.each(rows)('%s', (_, given, detections, options, message) => {
    expect(() => evaluate(given as GroundTruthInput, detections as ResultsInput, options)).toThrow(
      complaint('E_ARGUMENT', message),
    );
  });
});
