import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDataset } from '../../../src/formats/read-dataset.js';
import { complaint } from '../../support/complaint.js';
import { folderOf } from '../../support/folder-of.js';

const value = { x: 10, y: 20, width: 50, height: 25, rotation: 0, rectanglelabels: ['car', 'bus'] };
const region = { type: 'rectanglelabels', original_width: 200, original_height: 100, value };
const at = { box: [20, 20, 120, 45] };

test('annotations win over predictions, except for skipped ones', async () => {
  const tasks = [
    {
      data: { image: '/data/local-files/?d=sub/a%20b.jpg' },
      annotations: [{ was_cancelled: true, result: [] }, { result: [region, { type: 'choices', value: {} }] }],
      predictions: [{ result: [] }],
    },
    {
      data: { image: 'https://example.com/x/1a2b-b%.jpg', width: 9 },
      predictions: [{ result: [{ ...region, score: 0.5 }] }, { result: [] }],
    },
    { data: { picture: 's3://bucket/c.jpg', height: 8, width: 9 }, annotations: [] },
  ];
  expect(await read(tasks)).toEqual({
    labels: ['bus', 'car'],
    images: [
      {
        image: 'sub/a b.jpg',
        width: 200,
        height: 100,
        regions: [{ ...at, labels: [{ label: 'car' }, { label: 'bus' }] }],
      },
      {
        ...{ image: '1a2b-b%.jpg', width: 200, height: 100 },
        regions: [
          {
            ...at,
            labels: [
              { label: 'car', score: 0.5 },
              { label: 'bus', score: 0.5 },
            ],
          },
        ],
      },
      { image: 'c.jpg', width: 9, height: 8, regions: [] },
    ],
  });
});

test('a turned rectangle counts by the box around it', async () => {
  const turned = { ...region, value: { ...value, rotation: 90 } }; // about its upper left corner, to the left of it
  const { images } = await read([{ data: { image: 'a.jpg' }, predictions: [{ result: [turned] }] }]);
  [-5, 20, 20, 120].forEach((edge, i) => {
    expect(images[0].regions[0].box[i]).toBeCloseTo(edge, 10); // a quarter's cosine is 6e-17 in double precision
  });
});

test.each([
  ['no data', [{}], /expected a field 0\.data/],
  ['no URL', [{ data: { width: 3 } }], /0: data: expected the URL of an image, received undefined/],
  [
    'a rectangle without labels',
    [{ data: { image: 'a' }, annotations: [{ result: [{ ...region, value: { x: 1 } }] }] }],
    /region 0: expected a field y/,
  ],
])('refused: %s', async (_, tasks, message) => {
  await expect(read(tasks)).rejects.toThrow(complaint('E_IO', message));
});

async function read(tasks: unknown) {
  const path = join(await folderOf({ 'tasks.json': JSON.stringify(tasks) }), 'tasks.json');
  return readDataset(path, { format: 'label-studio' });
}
