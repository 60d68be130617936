import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDataset } from '../../../src/formats/read-dataset.js';
import { complaint } from '../../support/complaint.js';
import { folderOf } from '../../support/folder-of.js';
import { remark } from '../remark.js';

const rectangle = {
  label: 'car',
  points: [
    [30, 40.5],
    [10, 20],
  ],
  shape_type: 'rectangle',
  group_id: null,
  flags: {},
};
const file = (imagePath: string, ...shapes: unknown[]) =>
  JSON.stringify({
    version: '5.5.0',
    flags: {},
    shapes,
    imagePath,
    imageData: null,
    imageHeight: 480,
    imageWidth: 640,
  });

test('a folder: names below it, other JSON passed over', async () => {
  const folder = await folderOf({
    'a.json': file('a.jpg', rectangle, {
      ...rectangle,
      label: 'bus',
      score: 0.5,
      difficult: true,
      flags: { crowd: true },
    }),
    'sub/b.json': file('b "1".jpg'),
    'sub/c.json': file('../images/c.jpg'),
    'config.json': '{"theme":"dark"}',
  });
  const size = { width: 640, height: 480 };
  expect(await readDataset(folder)).toEqual({
    labels: ['bus', 'car'],
    images: [
      {
        ...{ image: 'a.jpg', ...size },
        regions: [
          { box: [10, 20, 30, 40.5], labels: [{ label: 'car' }] },
          { box: [10, 20, 30, 40.5], labels: [{ label: 'bus', score: 0.5 }], difficult: true, crowd: true },
        ],
      },
      { image: 'sub/b "1".jpg', ...size, regions: [] },
      { image: 'images/c.jpg', ...size, regions: [] },
    ],
    remarks: [remark('other-file', 1, /config\.json$/)],
  });
});

test.each([
  [
    'four points',
    'rectangle',
    [
      [1, 2],
      [9, 2],
      [9, 8],
      [1, 8],
    ],
    [1, 2, 9, 8],
  ],
  [
    'a polygon',
    'polygon',
    [
      [5, 0],
      [9, 7],
      [0, 3],
    ],
    [0, 0, 9, 7],
  ],
  [
    'a circle: middle and a point on it',
    'circle',
    [
      [10, 10],
      [13, 14],
    ],
    [5, 5, 15, 15],
  ],
  [
    'a mask',
    'mask',
    [
      [1, 2],
      [3, 4],
    ],
    [1, 2, 3, 4],
  ],
])('%s', async (_, shape_type, points, expected) => {
  const path = join(await folderOf({ 'a.json': file('a.jpg', { label: 'x', shape_type, points }) }), 'a.json');
  const { images } = await readDataset(path);
  expect(images[0].regions).toEqual([{ box: expected, labels: [{ label: 'x' }] }]);
});

test('points and lines are passed over', async () => {
  const shapes = ['point', 'line', 'linestrip', 'points'].map((shape_type) => ({
    label: 'x',
    shape_type,
    points: [[1, 2]],
  }));
  const { images, remarks } = await readDataset(await folderOf({ 'a.json': file('a.jpg', ...shapes) }));
  expect(images[0].regions).toEqual([]);
  expect(remarks).toEqual([remark('not-a-box', 4, /shapes\.0: point$/)]);
});

test.each([
  ['one point', { ...rectangle, points: [[1, 2]] }, /shapes\.0: expected 2 points or more, received 1/],
  ['a label that is none', { ...rectangle, label: 7 }, /shapes\.0: expected label to be a string, received 7/],
])('refused: %s', async (_, shape, message) => {
  const folder = await folderOf({ 'a.json': file('a.jpg', shape) });
  await expect(readDataset(folder)).rejects.toThrow(complaint('E_IO', message));
});
