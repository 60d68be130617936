import { describe, expect, test } from 'vitest';
import { namedColumns } from '../../src/columns/named-columns.js';
import { columnsOfDataset, columnsOfResults } from '../../src/columns/parsed-coco.js';
import { type ScanCocoOptions, scanCoco } from '../../src/columns/scan-coco.js';
import { complaint } from '../support/complaint.js';
import { randomCoco } from '../support/random-coco.js';

const encoder = new TextEncoder();

function scan(content: unknown, step = 1 << 16, options: ScanCocoOptions = {}) {
  const bytes = encoder.encode(typeof content === 'string' ? content : JSON.stringify(content));
  const parts = Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) =>
    bytes.subarray(i * step, (i + 1) * step),
  );
  return scanCoco(parts, 'coco.json', options);
}

describe('columns are those of the parsed file', () => {
  const { groundTruths, detections, size } = randomCoco(7);
  const dataset = {
    images: Array.from({ length: size.images }, (_, id) => ({ id, file_name: `${id}.jpg`, width: 640, height: 480 })),
    annotations: groundTruths,
    categories: Array.from({ length: size.classes }, (_, id) => ({ id, name: `label ${id}` })),
  };

  test.each([1, 13, 100_000])('a dataset in parts of %i bytes', async (step) => {
    expect(await scan(dataset, step)).toEqual({ kind: 'dataset', file: columnsOfDataset(dataset as never) });
  });

  test.each([1, 13, 100_000])('results in parts of %i bytes', async (step) => {
    expect(await scan(detections, step)).toEqual({ kind: 'results', results: columnsOfResults(detections) });
  });

  test('whatever the order of the lists, and whatever else there is', async () => {
    const { images, annotations, categories } = dataset;
    const text = JSON.stringify({ info: { a: [{}] }, categories, annotations, licenses: [], images, x: null }, null, 2);
    expect(await scan(text)).toEqual(await scan(dataset));
  });

  test('LVIS: names from URLs, and what is federated', async () => {
    const lvis = {
      images: [
        {
          id: 1,
          coco_url: 'http://a/b/7.jpg',
          neg_category_ids: [2],
          not_exhaustive_category_ids: [3, 'x'],
          width: null,
        },
      ],
      annotations: [],
      categories: [{ id: 2, name: 'cat', frequency: 'r' }],
    };
    expect(await scan(lvis)).toMatchObject({
      file: {
        images: [{ id: 1, name: '7.jpg', width: 0, height: 0, absent: [2], incomplete: [3, 'x'] }],
        categories: [{ id: 2, name: 'cat', frequency: 'r' }],
      },
    });
  });

  test('fields that were asked for', async () => {
    const annotation = {
      id: 'a',
      image_id: 1,
      category_id: 2,
      bbox: [0, 0, 1, 1],
      iscrowd: true,
      segmentation: [[1, 2]],
    };
    const seen: unknown[] = [];
    const text = await scan(
      { images: [{ id: 1, time: 'night', camera: { id: 3 }, width: 9 }], annotations: [annotation], categories: [] },
      3,
      {
        imageFields: ['time', 'camera', 'width'],
        annotationFields: {
          fields: { segmentation: 'json' },
          visit: (row, entry) => seen.push([row, entry.values[10]]),
        },
      },
    );
    expect(text).toMatchObject({ file: { images: [{ fields: { time: 'night', camera: { id: 3 }, width: 9 } }] } });
    expect(seen).toEqual([[0, [[1, 2]]]]);
  });

  test('names in place of ids', async () => {
    const text = await scan({
      images: [
        { id: 1, file_name: 'a.jpg' },
        { id: 2, file_name: 'bare.jpg' },
      ],
      annotations: [{ image_id: 1, category_id: 3, bbox: [0, 0, 1, 1], score: 0.5 }],
      categories: [{ id: 3, name: 'cat' }],
    });
    if (text?.kind !== 'dataset') throw new Error('no dataset');
    const { idsAre, imageIds, categoryIds } = namedColumns(text.file);
    expect({ idsAre, imageIds, categoryIds }).toEqual({
      ...{ idsAre: 'names', imageIds: ['a.jpg', 'bare.jpg'], categoryIds: ['cat'] },
    });
  });
});

test.each([
  ['LabelMe', { version: '5', shapes: [], imagePath: 'a.jpg' }],
  ['Label Studio', [{ data: { image: 'a.jpg' }, predictions: [] }]],
  ['nothing', {}],
])('%s is no COCO', async (_, content) => {
  expect(await scan(content)).toBe(null);
});

test.each([
  ['no categories', { images: [], annotations: [] }, /coco\.json: expected a list of categories, received "none"/],
  [
    'a result without a box',
    [{ image_id: 1, category_id: 2, score: 1 }],
    /column 2: 0: expected a field bbox, received "none"/,
  ],
  [
    'a box of text',
    [{ image_id: 1, category_id: 2, bbox: ['1', 2, 3, 4] }],
    /column 40: expected 0: bbox to be four numbers/,
  ],
  [
    'an id that is a list',
    { images: [{ id: [] }] },
    /line 1, column 18: expected images\.0: id to be a number or text/,
  ],
])('%s', async (_, content, message) => {
  await expect(scan(content)).rejects.toThrow(complaint('E_IO', message));
});
