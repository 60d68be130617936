import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { readDataset } from '../../../src/formats/read-dataset.js';
import { labelFileOf } from '../../../src/formats/yolo/yolo-layout.js';
import { imageSize } from '../../../src/image/image-size.js';
import { complaint } from '../../support/complaint.js';
import { folderOf } from '../../support/folder-of.js';

let picture: Uint8Array;
const names = 'names: [person, car]\n';

beforeAll(async () => {
  const create = { width: 100, height: 50, channels: 3, background: '#888' } as const;
  picture = await sharp({ create }).png().toBuffer();
});

describe('a dataset', () => {
  const layouts = (): Record<string, Record<string, string | Uint8Array>> => ({
    'images and labels, by split': {
      'data.yaml': `path: .\ntrain: images/train\nval: images/val\n${names}`,
      ...{
        'images/train/a.png': picture,
        'images/val/sub/b.PNG': picture,
        'labels/val/sub/b.txt': '1 0.5 0.5 0.2 0.4\n',
      },
    },
    'each split by itself, with paths that lead out': {
      'data.yaml': `train: ../train/images\nval: ../val/images\ntest:\nnc: 2\nnames:\n  0: person\n  1: car\n`,
      ...{ 'train/images/a.png': picture, 'val/images/sub/b.PNG': picture, 'val/labels/sub/b.txt': '1 .5 .5 .2 .4' },
    },
    'lists of files': {
      'coco.yaml': `path: ../no/such/folder\ntrain: train.txt\nval: [val.txt]\n${names}`,
      ...{ 'train.txt': './images/train/a.png\n', 'val.txt': 'images/val/sub/b.PNG\r\n' },
      ...{
        'images/train/a.png': picture,
        'images/val/sub/b.PNG': picture,
        'labels/val/sub/b.txt': '1 0.5 0.5 0.2 0.4',
      },
    },
  });

  test.each([
    ['images and labels, by split', 'train/a.png', 'val/sub/b.PNG'],
    ['each split by itself, with paths that lead out', 'train/images/a.png', 'val/images/sub/b.PNG'],
    ['lists of files', 'train/a.png', 'val/sub/b.PNG'],
  ])('%s', async (layout, a, b) => {
    const region = { box: [40, 15, 60, 35], labels: [{ label: 'car' }] };
    expect(await readDataset(await folderOf(layouts()[layout]), { imageSize })).toEqual({
      labels: ['person', 'car'],
      images: [
        { image: a, width: 100, height: 50, regions: [] },
        { image: b, width: 100, height: 50, regions: [region] },
      ],
    });
  });

  test('one split: names below its folder', async () => {
    const folder = await folderOf(layouts()['images and labels, by split']);
    const { images } = await readDataset(join(folder, 'data.yaml'), { imageSize, split: 'val' });
    expect(images.map(({ image }) => image)).toEqual(['sub/b.PNG']);
  });

  test('images elsewhere', async () => {
    const folder = await folderOf({
      'data.yaml': `train: images.txt\n${names}`,
      'images.txt': './images/sub/a.png',
      'labels/sub/a.txt': '0 .5 .5 1 1',
    });
    const images = await folderOf({ 'sub/a.png': picture });
    const found = await readDataset(folder, { imageSize, images });
    expect(found.images).toEqual([
      {
        image: 'sub/a.png',
        width: 100,
        height: 50,
        regions: [{ box: [0, 0, 100, 50], labels: [{ label: 'person' }] }],
      },
    ]);
    const missing = readDataset(folder, { imageSize });
    await expect(missing).rejects.toThrow(
      complaint('E_IO', /expected the image sub\/a\.png, .*--images\), .*--split\)\.$/),
    );
  });

  test('images elsewhere, of which some are where the dataset says', async () => {
    const folder = await folderOf({
      'data.yaml': `train: images/train\nval: images/val\n${names}`,
      'images/train/a.png': picture,
      'images/val/b.png': picture,
    });
    const elsewhere = await folderOf({ 'train/a.png': picture });
    const { images } = await readDataset(folder, { imageSize, images: elsewhere });
    expect(images.map(({ image, width }) => [image, width])).toEqual([
      ['train/a.png', 100],
      ['val/b.png', 100],
    ]);
  });

  test('classes.txt, labels beside the images', async () => {
    const folder = await folderOf({ 'classes.txt': 'person\ncar\n', 'a.png': picture, 'a.txt': '0 .5 .5 .5 .5 0.75' });
    const { labels, images } = await readDataset(folder, { imageSize });
    expect(labels).toEqual(['person', 'car']);
    expect(images[0].regions).toEqual([{ box: [25, 12.5, 75, 37.5], labels: [{ label: 'person', score: 0.75 }] }]);
  });
});

describe('a line', () => {
  test.each([
    ['a polygon', '1 0 0 0.5 0.1 0.25 0.6', { box: [0, 0, 50, 30], labels: [{ label: 'car' }] }],
    [
      'a polygon with score',
      '1 0 0 0.5 0.1 0.25 0.6 0.5',
      { box: [0, 0, 50, 30], labels: [{ label: 'car', score: 0.5 }] },
    ],
    ['an exponent', '0 5e-1 0.5 1e0 1', { box: [0, 0, 100, 50], labels: [{ label: 'person' }] }],
  ])('%s', async (_, line, region) => {
    const { images } = await readLabels(line);
    expect(images[0].regions).toEqual([region]);
  });

  test('two labels on one box are one region', async () => {
    const { images } = await readLabels('0 .5 .5 1 1 0.2\n1 .5 .5 1 1 0.6\n');
    expect(images[0].regions[0].labels).toEqual([
      { label: 'car', score: 0.6 },
      { label: 'person', score: 0.2 },
    ]);
  });

  test.each([
    ['a class that has no name', '2 .5 .5 1 1', /a\.txt: line 1: expected a class from 0 to 1, received 2\.$/],
    ['too few numbers', '\n1 .5 .5 1', /a\.txt: line 2: expected class cx cy width height, received "1 \.5 \.5 1"/],
    ['a word', '1 .5 .5 1 wide', /line 1: expected class cx/],
  ])('refused: %s', async (_, lines, message) => {
    await expect(readLabels(lines)).rejects.toThrow(complaint('E_IO', message));
  });

  async function readLabels(lines: string) {
    return readDataset(await folderOf({ 'classes.txt': 'person\ncar', 'a.png': picture, 'a.txt': lines }), {
      imageSize,
    });
  }
});

test.each([
  [
    'no names',
    { 'data.yaml': 'train: images\n', 'images/a.png': 'x' },
    'E_IO',
    /names: expected names of classes, received undefined/,
  ],
  ['no lists', { 'data.yaml': names }, 'E_IO', /expected one of train, val and test, received "none"/],
  [
    'a list that is not there',
    { 'data.yaml': `val: images/val\n${names}` },
    'E_IO',
    /folders or lists of images, received "images\/val"\. It is looked for below/,
  ],
  ['no YAML', { 'data.yaml': 'a: [' }, 'E_IO', /data\.yaml: is not YAML/],
  ['neither names nor lists', { 'data.yaml': '- a' }, 'E_IO', /expected names and lists of images, received Array/],
] as const)('refused: %s', async (_, files, code, message) => {
  await expect(readDataset(await folderOf(files), { imageSize })).rejects.toThrow(complaint(code, message));
});

test('refused: no way to learn sizes', async () => {
  const folder = await folderOf({ 'classes.txt': 'x' });
  await expect(readDataset(folder)).rejects.toThrow(complaint('E_ARGUMENT', /expected options\.imageSize/));
});

test.each([
  ['/d/images/val/a.b.jpg', '/d/labels/val/a.b.txt'],
  ['/images/d/images/a.jpg', '/images/d/labels/a.txt'],
  ['/d/a.jpg', '/d/a.txt'],
  ['/d/images/a', '/d/labels/a.txt'],
])('the labels of %s are in %s', (image, labels) => {
  expect(labelFileOf(image)).toBe(labels);
});
