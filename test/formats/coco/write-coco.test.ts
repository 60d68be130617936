import { describe, expect, test } from 'vitest';
import { annotationsOf, annotationsOfResults } from '../../../src/formats/annotations.js';
import { cocoImageIds } from '../../../src/formats/coco/coco-image-ids.js';
import { givenNumbers } from '../../../src/formats/coco/given-numbers.js';
import type { Dataset } from '../../../src/types/annotations.js';
import type { DetectionResult } from '../../../src/types/detections.js';
import { complaint } from '../../support/complaint.js';
import { labels, resultOf } from '../results.js';
import { writtenFiles } from '../written-files.js';

const street = resultOf(
  '7.jpg',
  [
    [10, 20, 40, 60.5],
    [2, 0.9],
    [4, 0.4],
  ],
  [
    [0, 0, 640, 480],
    [1, 0.35],
  ],
);
const empty = resultOf('3.jpg');

/** By hand: x, y, width, height from x1, y1, x2, y2. */
const rows = [
  { image_id: 7, category_id: 2, bbox: [10, 20, 30, 40.5], score: 0.9 },
  { image_id: 7, category_id: 4, bbox: [10, 20, 30, 40.5], score: 0.4 },
  { image_id: 7, category_id: 1, bbox: [0, 0, 640, 480], score: 0.35 },
];

describe('the dataset form', () => {
  test('images, a row per label, categories without the gaps', async () => {
    expect(JSON.parse(await coco(street, empty))).toEqual({
      images: [
        { id: 7, file_name: '7.jpg', width: 640, height: 480 },
        { id: 3, file_name: '3.jpg', width: 640, height: 480 },
      ],
      annotations: rows.map((row, i) => ({ id: i + 1, ...row, area: [1215, 1215, 307_200][i], iscrowd: 0 })),
      categories: [
        { id: 1, name: 'person', supercategory: '' },
        { id: 2, name: 'car', supercategory: '' },
        { id: 4, name: 'truck', supercategory: '' },
      ],
    });
  });

  test('no images, and nothing found in any', async () => {
    const categories = ['person', 'car', 'truck'].map((name) => ({ name }));
    expect(JSON.parse(await coco())).toMatchObject({ images: [], annotations: [], categories });
    expect(JSON.parse(await coco(empty))).toMatchObject({ images: [{ id: 3 }], annotations: [], categories });
  });

  test('truth: numbers, crowds, areas and federated labels of its own', async () => {
    const truth: Dataset = {
      labels: ['bottle', 'cup'],
      categoryIds: [44, 47],
      images: [
        {
          ...{ image: 'a.jpg', id: 99, width: 5, height: 5, absent: ['cup'], incomplete: ['bottle', 'cup'] },
          regions: [{ box: [1, 1, 3, 4], labels: [{ label: 'bottle' }], crowd: true, area: 2.5 }],
        },
      ],
    };
    const [[, text]] = await writtenFiles('coco', annotationsOf(truth));
    expect(JSON.parse(text)).toEqual({
      images: [
        {
          id: 99,
          file_name: 'a.jpg',
          width: 5,
          height: 5,
          neg_category_ids: [47],
          not_exhaustive_category_ids: [44, 47],
        },
      ],
      annotations: [{ id: 1, image_id: 99, category_id: 44, bbox: [1, 1, 2, 3], area: 2.5, iscrowd: 1 }],
      categories: [
        { id: 44, name: 'bottle', supercategory: '' },
        { id: 47, name: 'cup', supercategory: '' },
      ],
    });
  });
});

describe('the results form', () => {
  test('a row per label', async () => {
    expect(JSON.parse(await results(empty, street))).toEqual(rows);
  });

  test('numbers as short as float32 allows, an entry per line', async () => {
    const box: [number, number, number, number] = [0, 0, Math.fround(0.7), 1];
    const row = (category: number, score: number) =>
      `{"image_id":7,"category_id":${category},"bbox":[0,0,0.7,1],"score":${score}}`;
    const text = await results(resultOf('7.jpg', [box, [1, 0.9]], [box, [2, 0.8]]));
    expect(text).toBe(`[\n${row(1, 0.9)},\n${row(2, 0.8)}\n]\n`);
  });

  test('none', async () => {
    expect(await results(empty)).toBe('[]\n');
  });

  test('truth has no scores to give', async () => {
    const image = { image: 'a.jpg', width: 5, height: 5, regions: [{ box: [0, 0, 1, 1], labels: [{ label: 'x' }] }] };
    const written = writtenFiles('coco-results', annotationsOf({ labels: ['x'], images: [image] } as Dataset));
    await expect(written).rejects.toThrow(complaint('E_ARGUMENT', /coco-results: expected labels with scores/));
  });
});

describe('numbers of a given dataset', () => {
  const numbers = givenNumbers({
    labels: ['truck', 'person', 'boat'],
    categoryIds: [8, 1, 9],
    images: [
      { image: 'val/7.jpg', id: 1007, width: 1, height: 1, regions: [] },
      { image: '3.jpg', id: 1003, width: 1, height: 1, regions: [] },
      { image: 'x/5.jpg', id: 1005, width: 1, height: 1, regions: [] },
      { image: 'y/5.jpg', id: 2005, width: 1, height: 1, regions: [] },
    ],
  });
  const named = (image: string) => ({ ...street, image });

  test('images by name, or by the last part of it; categories by label, others behind them', async () => {
    const refused = new Map<string, string>();
    const given = annotations(named('val/7.jpg'), named('other/3.jpg'), named('x.jpg'), named('5.jpg'));
    const [[, text]] = await writtenFiles('coco-results', given, { numbers, refused });
    const found = JSON.parse(text).map((row: (typeof rows)[number]) => [row.image_id, row.category_id]);
    expect(found).toEqual([1007, 1003].flatMap((id) => [10, 8, 1].map((category) => [id, category])));
    expect([...refused]).toEqual([
      ['x.jpg', 'the dataset of image ids has none of that name'],
      ['5.jpg', 'the dataset of image ids has several of that name in different folders'],
    ]);
  });
});

describe('cocoImageIds', () => {
  test.each([
    ['COCO’s own numbers', ['000000000139.jpg', '000000000285.jpg'], [139, 285]],
    ['in folders', ['val/42.png', 'train/7.jpg'], [42, 7]],
    ['number 0', ['0.jpg', '1.jpg'], [0, 1]],
    ['one that is no number', ['1.jpg', 'b.jpg', '9.jpg'], [1, 2, 3]],
    ['a number with something before it', ['img5.jpg', '6.jpg'], [1, 2]],
    ['a number in front of something', ['5-a.jpg', '6.jpg'], [1, 2]],
    ['the same number twice', ['a/5.jpg', 'b/005.jpg'], [1, 2]],
    ['a number that double precision still holds', ['999999999999999.jpg'], [999_999_999_999_999]],
    ['a number too long for it', ['9999999999999999.jpg'], [1]],
    ['no extension', ['17'], [1]],
    ['none', [], []],
  ])('%s', (_, images, numbers) => {
    expect(cocoImageIds(images)).toEqual(numbers);
  });
});

function annotations(...given: DetectionResult[]) {
  const source = async function* () {
    yield* given;
  };
  return annotationsOfResults(source, { labels, categoryIds: [...labels.keys()] });
}

async function coco(...given: DetectionResult[]): Promise<string> {
  return (await writtenFiles('coco', annotations(...given)))[0][1];
}

async function results(...given: DetectionResult[]): Promise<string> {
  return (await writtenFiles('coco-results', annotations(...given)))[0][1];
}
