import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDataset } from '../../../src/formats/read-dataset.js';
import type { Dataset } from '../../../src/types/annotations.js';
import { complaint } from '../../support/complaint.js';
import { data, describeWithData } from '../../support/data.js';
import { folderOf } from '../../support/folder-of.js';

const images = [
  { id: 7, file_name: 'a/street "1".jpg', width: 640, height: 480 },
  { id: 3, file_name: 'empty.jpg', width: 64, height: 48 },
];
const categories = [
  { id: 1, name: 'person', supercategory: '' },
  { id: 44, name: 'bottle', supercategory: 'kitchen' },
];
const annotation = { id: 1, image_id: 7, category_id: 44, bbox: [10.5, 20, 30, 40], area: 600.25, iscrowd: 0 };

describe('COCO’s dataset form', () => {
  test('every field that counts', async () => {
    const crowd = { id: 2, image_id: 7, category_id: 1, bbox: [0, 0, 640, 480], iscrowd: 1, segmentation: {} };
    expect(await read({ info: {}, images, annotations: [annotation, crowd], categories })).toEqual({
      labels: ['person', 'bottle'],
      categoryIds: [1, 44],
      images: [
        {
          ...{ image: 'a/street "1".jpg', id: 7, width: 640, height: 480 },
          regions: [
            { box: [10.5, 20, 40.5, 60], labels: [{ label: 'bottle' }], area: 600.25 },
            { box: [0, 0, 640, 480], labels: [{ label: 'person' }], crowd: true },
          ],
        },
        { image: 'empty.jpg', id: 3, width: 64, height: 48, regions: [] },
      ],
    });
  });

  test('LVIS: names from URLs, labels that are absent or not marked throughout', async () => {
    const lvis = {
      ...{ id: 9, coco_url: 'http://images.example/train2017/000000000009.jpg', width: 5, height: 5 },
      ...{ neg_category_ids: [44], not_exhaustive_category_ids: [1, 44] },
    };
    const found = await read({ images: [lvis], annotations: [], categories });
    expect(found.images).toEqual([
      {
        ...{ image: '000000000009.jpg', id: 9, width: 5, height: 5, regions: [] },
        ...{ absent: ['bottle'], incomplete: ['person', 'bottle'] },
      },
    ]);
  });

  test('LVIS: how common labels are', async () => {
    const common = [
      { ...categories[0], frequency: 'f' },
      { ...categories[1], frequency: 'r' },
    ];
    expect(await read({ images, annotations: [], categories: common })).toMatchObject({
      frequencies: ['frequent', 'rare'],
    });
  });

  test('a size that the edges don’t give back is kept', async () => {
    const row = { ...annotation, bbox: [0.1, 0, 0.2, 1] }; // 0.1 + 0.2 − 0.1 is a bit more than 0.2
    const { images: found } = await read({ images, annotations: [row], categories });
    expect(found[0].regions[0]).toMatchObject({ box: [0.1, 0, 0.1 + 0.2, 1], size: [0.2, 1] });
  });

  test('neighbours with one box are one region, the label with the higher score first', async () => {
    const rows = [
      { ...annotation, score: 0.3 },
      { ...annotation, category_id: 1, score: 0.5 },
      { ...annotation, category_id: 1, score: 0.2 },
    ];
    const found = await read({ images, annotations: rows, categories });
    expect(found.images[0].regions.map(({ labels }) => labels)).toEqual([
      [
        { label: 'person', score: 0.5 },
        { label: 'bottle', score: 0.3 },
      ],
      [{ label: 'person', score: 0.2 }],
    ]);
  });

  test('categories of one name are one label, with the id that is used', async () => {
    const twice = [{ id: 0, name: 'bottle' }, ...categories];
    const found = await read({ images, annotations: [annotation], categories: twice });
    expect(found).toMatchObject({ labels: ['bottle', 'person'], categoryIds: [44, 1] });
  });

  test.each([
    [
      'a category that is not there',
      { category_id: 2 },
      /annotations\.0\.category_id: expected the id of a category, received 2\.$/,
    ],
    [
      'an image that is not there',
      { image_id: 2 },
      /annotations\.0\.image_id: expected the id of an image, received 2\.$/,
    ],
    ['no box', { bbox: undefined }, /expected a field annotations\.0\.bbox, received undefined\.$/],
    ['a box of three numbers', { bbox: [1, 2, 3] }, /expected annotations\.0\.bbox\.3 to be/],
    ['a score of 90', { score: 90 }, /expected annotations\.0\.score to be <=1, received 90\.$/],
  ])('refused: %s', async (_, change, message) => {
    const annotations = [{ ...annotation, ...change }];
    await expect(read({ images, annotations, categories })).rejects.toThrow(complaint('E_IO', message));
  });

  test('refused: two images of one number, and an image without a name', async () => {
    const twice = read({ images: [images[0], images[0]], annotations: [], categories });
    await expect(twice).rejects.toThrow(
      complaint('E_IO', /images\.1\.id: expected a number of its own, received 7\.$/),
    );
    const nameless = read({ images: [{ id: 1 }], annotations: [], categories });
    await expect(nameless).rejects.toThrow(complaint('E_IO', /images\.0: expected a field file_name or coco_url/));
  });
});

describe('COCO’s results form', () => {
  const dataset: Dataset = {
    labels: ['person', 'bottle'],
    categoryIds: [1, 44],
    images: [
      { image: 'a.jpg', id: 7, width: 640, height: 480, regions: [] },
      { image: 'b.jpg', id: 8, width: 64, height: 48, regions: [] },
    ],
  };
  const entry = { image_id: 8, category_id: 44, bbox: [1, 2, 3, 4], score: 0.5 };

  test('against a dataset; a category that it has not keeps its number', async () => {
    const file = await fileOf([entry, { ...entry, category_id: 90 }]);
    expect(await readDataset(file, { dataset })).toEqual({
      labels: ['person', 'bottle', '90'],
      categoryIds: [1, 44, 90],
      images: [
        { image: 'a.jpg', id: 7, width: 640, height: 480, regions: [] },
        {
          ...{ image: 'b.jpg', id: 8, width: 64, height: 48 },
          regions: [
            {
              box: [1, 2, 4, 6],
              labels: [
                { label: 'bottle', score: 0.5 },
                { label: '90', score: 0.5 },
              ],
            },
          ],
        },
      ],
    });
  });

  test('refused: no dataset, and an image that it has not', async () => {
    const file = await fileOf([{ ...entry, image_id: 9 }]);
    await expect(readDataset(file)).rejects.toThrow(complaint('E_ARGUMENT', /expected a dataset with ids of images/));
    await expect(readDataset(file, { dataset })).rejects.toThrow(
      complaint('E_IO', /0\.image_id: expected an image of/),
    );
  });
});

describeWithData('COCO’s own file', () => {
  test('128 images of val2017', async () => {
    const found = await readDataset(data('coco-val-128', 'instances.json'));
    expect([found.labels.length, found.images.length]).toEqual([80, 128]);
    const regions = found.images.flatMap((image) => image.regions);
    expect(regions.flatMap(({ labels }) => labels)).toHaveLength(898);
    expect(found.images[0]).toMatchObject({ image: '000000000139.jpg', id: 139, width: 640, height: 426 });
  });
});

async function read(content: unknown): Promise<Dataset> {
  return readDataset(await fileOf(content));
}

async function fileOf(content: unknown): Promise<string> {
  return join(await folderOf({ 'annotations.json': JSON.stringify(content) }), 'annotations.json');
}
