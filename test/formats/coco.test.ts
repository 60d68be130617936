import { describe, expect, test } from 'vitest';
import { cocoDataset, cocoImageIds, cocoResults } from '../../src/formats/coco.js';
import type { DetectionResult } from '../../src/types.js';
import { labels, resultOf } from './results.js';

const street = resultOf(
  'street.jpg',
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
const empty = resultOf('empty.jpg');
const ids = new Map([
  ['street.jpg', 7],
  ['empty.jpg', 3],
]);
const coco = { labels, categoryIds: [...labels.keys()], imageId: (image: string) => ids.get(image)! };

/** By hand: x, y, width, height from x1, y1, x2, y2. */
const rows = [
  { image_id: 7, category_id: 2, bbox: [10, 20, 30, 40.5], score: 0.9 },
  { image_id: 7, category_id: 4, bbox: [10, 20, 30, 40.5], score: 0.4 },
  { image_id: 7, category_id: 1, bbox: [0, 0, 640, 480], score: 0.35 },
];

describe('cocoDataset', () => {
  test('images, a row per label, categories without the gaps', async () => {
    expect(JSON.parse(await text(cocoDataset(source(street, empty), coco)))).toEqual({
      images: [
        { id: 7, file_name: 'street.jpg', width: 640, height: 480 },
        { id: 3, file_name: 'empty.jpg', width: 640, height: 480 },
      ],
      annotations: rows.map((row, i) => ({ id: i + 1, ...row, area: [1215, 1215, 307_200][i], iscrowd: 0 })),
      categories: [
        { id: 1, name: 'person', supercategory: '' },
        { id: 2, name: 'car', supercategory: '' },
        { id: 4, name: 'truck', supercategory: '' },
      ],
    });
  });

  test('no images', async () => {
    const found = JSON.parse(await text(cocoDataset(source(), { ...coco, labels: [null] })));
    expect(found).toEqual({ images: [], annotations: [], categories: [] });
  });

  test('nothing found in any', async () => {
    const found = JSON.parse(await text(cocoDataset(source(empty, empty), coco)));
    expect(found).toMatchObject({ images: [{ id: 3 }, { id: 3 }], annotations: [] });
  });
});

describe('cocoResults', () => {
  test('a row per label', async () => {
    expect(JSON.parse(await text(cocoResults(source(empty, street), coco)))).toEqual(rows);
  });

  test('numbers as short as float32 allows, an entry per line', async () => {
    const box: [number, number, number, number] = [0, 0, Math.fround(0.7), 1];
    const found = await text(cocoResults(source(resultOf('street.jpg', [box, [1, 0.9]], [box, [2, 0.8]])), coco));
    const row = (category: number, score: number) =>
      `{"image_id":7,"category_id":${category},"bbox":[0,0,0.7,1],"score":${score}}`;
    expect(found).toBe(`[\n${row(1, 0.9)},\n${row(2, 0.8)}\n]\n`);
  });

  test('none', async () => {
    expect(await text(cocoResults(source(empty), coco))).toBe('[]\n');
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
    expect([...cocoImageIds(images)]).toEqual(images.map((image, i) => [image, numbers[i]]));
  });
});

function source(...results: DetectionResult[]) {
  return async function* () {
    yield* results;
  };
}

async function text(pieces: AsyncIterable<string>): Promise<string> {
  let whole = '';
  for await (const piece of pieces) whole += piece;
  return whole;
}
