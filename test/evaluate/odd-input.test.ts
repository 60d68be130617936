import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/evaluate/evaluate.js';
import type { EvaluateOptions } from '../../src/evaluate/evaluation.js';
import type { ResultsGiven, TruthGiven } from '../../src/evaluate/given.js';
import type { Dataset } from '../../src/types/annotations.js';
import { complaint } from '../support/complaint.js';
import { detection, image, region, results, truth } from './cats-and-dogs.js';

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
