import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { largeCoco } from '../../../src/formats/coco/read-coco.js';
import { readDataset } from '../../../src/formats/read-dataset.js';
import { Remarks } from '../../../src/formats/reading/remarks.js';
import type { Dataset } from '../../../src/types/annotations.js';
import { complaint } from '../../support/complaint.js';
import { data, describeWithData } from '../../support/data.js';
import { folderOf } from '../../support/folder-of.js';
import { remark } from '../remark.js';

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
    expect(found.remarks).toEqual([remark('same-category', 1, /bottle: 0, 44/)]);
  });

  test.each([
    [
      'an orphan of a category',
      { category_id: 2 },
      /expected annotations of the images and categories .* "1 of others"/,
    ],
    ['an orphan of an image', { image_id: 2 }, /expected annotations of the images and categories/],
    [
      'a box of three numbers',
      { bbox: [1, 2, 3] },
      /annotations\.0\.bbox: expected four numbers: .*, received "1, 2, 3"\.$/,
    ],
    ['a score of 90', { score: 90 }, /annotations\.0\.score: expected a number from 0 to 1, received 90\.$/],
  ])('refused where there is nothing else: %s', async (_, change, message) => {
    const annotations = [{ ...annotation, ...change }];
    await expect(read({ images, annotations, categories })).rejects.toThrow(complaint('E_IO', message));
  });

  test('odd annotations are skipped and counted, the others read', async () => {
    const odd = [
      { ...annotation, image_id: 99 },
      { ...annotation, category_id: 99 },
      { ...annotation, bbox: [1, 2, null, 4] },
      { ...annotation, bbox: undefined, caption: 'two bottles' },
      'no annotation',
    ];
    const found = await read({ images, annotations: [...odd, annotation], categories });
    expect(found.images[0].regions).toHaveLength(1);
    expect(found.remarks).toEqual([
      remark('orphan', 2, /annotations\.0 has image_id 99$/),
      remark('malformed', 2, /annotations\.2\.bbox: expected four numbers/),
      remark('not-a-box', 1, /annotations\.3 has neither/),
    ]);
  });

  test('polygons without a bbox count by the box around them', async () => {
    const polygons = {
      ...annotation,
      bbox: [],
      segmentation: [
        [5, 6, 20, 8, 9, 30],
        [1, 40, 3, 40, 3, 44],
      ],
    };
    const found = await read({ images, annotations: [polygons], categories });
    expect(found.images[0].regions[0].box).toEqual([1, 6, 20, 44]);
  });

  test('different images of one id are skipped; the same one twice is one', async () => {
    const twice = await read({ images: [images[0], images[0], images[1]], annotations: [annotation], categories });
    expect(twice.images.map(({ regions }) => regions.length)).toEqual([1, 0]);
    const two = [{ ...images[0], file_name: 'left.png' }, { ...images[0], file_name: 'right.png' }, images[1]];
    const found = await read({ images: two, annotations: [annotation, { ...annotation, image_id: 3 }], categories });
    expect(found.images.map(({ image }) => image)).toEqual(['empty.jpg']);
    expect(found.remarks).toEqual([remark('image-id', 2, /left\.png and right\.png have 7/)]);
  });

  test('an image without a name is skipped', async () => {
    const found = await read({ images: [{ id: 1 }, ...images], annotations: [annotation], categories });
    expect(found.images).toHaveLength(2);
    expect(found.remarks).toEqual([remark('malformed', 1, /images\.0: expected a field file_name or coco_url/)]);
  });

  test('ids that are text, sizes that are null', async () => {
    const found = await read({
      images: [{ id: 'abc', file_name: 'a.jpg', width: null, height: null }],
      annotations: [{ image_id: 'abc', category_id: 'm', bbox: [1, 2, 3, 4] }],
      categories: [{ id: 'm', name: 'mug' }],
    });
    expect(found).toEqual({
      labels: ['mug'],
      images: [{ image: 'a.jpg', width: 0, height: 0, regions: [{ box: [1, 2, 4, 6], labels: [{ label: 'mug' }] }] }],
    });
  });

  test.each([
    [
      ['D:\\shots\\x\\1.jpg', 'D:\\shots\\y\\1.jpg'],
      ['x/1.jpg', 'y/1.jpg'],
    ],
    [
      ['/mnt/a/1.jpg', '/mnt/a/b/2.jpg'],
      ['1.jpg', 'b/2.jpg'],
    ],
    [
      ['/mnt/1.jpg', 'E:/2.jpg', 'E:/z/2.jpg'],
      ['1.jpg', '2.jpg', 'z/2.jpg'],
    ],
    [
      ['../up/1.jpg', '../up/2.jpg', 'own/3.jpg'],
      ['1.jpg', '2.jpg', 'own/3.jpg'],
    ],
    [
      ['val\\1.jpg', '.\\val\\2.jpg'],
      ['val/1.jpg', 'val/2.jpg'],
    ],
    [
      ['a\\b.jpg', 'x/y.jpg'],
      ['a\\b.jpg', 'x/y.jpg'],
    ],
    [
      ['./1.jpg', 'gs://bucket/k/2.jpg', 'https://h/i/3.jpg?sig=a/b', 'https://h/j/3.jpg'],
      ['1.jpg', '2.jpg', 'i/3.jpg', 'j/3.jpg'],
    ],
    [
      ['/data/local-files/?d=set%2F1.jpg', '/data/upload/4/0a1b2c3d-2.jpg'],
      ['set/1.jpg', '2.jpg'],
    ],
  ])('names %j are %j', async (file_names, names) => {
    const named = file_names.map((file_name, id) => ({ id, file_name, width: 9, height: 9 }));
    expect((await read({ images: named, annotations: [], categories })).images.map(({ image }) => image)).toEqual(
      names,
    );
  });
});

test('a large file, read as its bytes come in, gives the same dataset', async () => {
  const annotations = [
    { ...annotation, score: 0.5 },
    { ...annotation, category_id: 1, bbox: [0.1, 0, 0.2, 1], iscrowd: 1 },
    { ...annotation, image_id: 99 },
  ];
  const file = await fileOf({ images, annotations, categories: [...categories, { id: 9, name: 'bottle' }] });
  const remarks = new Remarks();
  const { remarks: _, ...small } = await readDataset(file);
  expect(await largeCoco(file, remarks)).toEqual(small);
  expect(remarks.list.map(({ kind, count }) => [kind, count])).toEqual([
    ['orphan', 1],
    ['same-category', 1],
  ]);
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
