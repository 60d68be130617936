import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { readDataset } from '../../../src/formats/read-dataset.js';
import { labelFileOf } from '../../../src/formats/yolo/paths.js';
import { imageSize } from '../../../src/image/image-size.js';
import { complaint } from '../../support/complaint.js';
import { folderOf } from '../../support/folder-of.js';
import { remark } from '../remark.js';

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

describe('what stands behind the boxes', () => {
  const person = { box: [40, 15, 60, 35], labels: [{ label: 'person' }] };
  const scored = { ...person, labels: [{ label: 'person', score: 0.75 }] };
  const at = '0 .5 .5 .2 .4';

  test.each([
    ['key points of three numbers', 'kpt_shape: [2, 3]', `${at} .45 .5 2 .5 .6 0`, person],
    ['the same with a score', 'kpt_shape: [2, 3]', `${at} .45 .5 2 .5 .6 0 .75`, scored],
    ['and with a track id', 'kpt_shape: [2, 3]', `${at} .45 .5 2 .5 .6 0 .75 12`, scored],
    ['key points of two numbers', 'kpt_shape: [3, 2]', `${at} .45 .5 .5 .6 .55 .5`, person],
    ['a box alone, where others have key points', 'kpt_shape: [3, 2]', at, person],
    ['score and track id', '', `${at} .75 3`, scored],
    ['a track id', '', `${at} 3`, person],
    ['the first track of all', '', `${at} .75 1`, scored],
  ])('%s', async (_, more, line, region) => {
    const files = { 'data.yaml': `train: images\n${names}${more}\n`, 'images/a.png': picture, 'labels/a.txt': line };
    expect((await readDataset(await folderOf(files), { imageSize })).images[0].regions).toEqual([region]);
  });

  test('tracks of several files: ids of 1 are ids where others are greater', async () => {
    const found = await readLabels(`${at} .75 1\n0 .2 .5 .2 .4 .5 2\n0 .8 .5 .2 .4 .25\n`);
    expect(found.images[0].regions.map(({ labels: [{ score }] }) => score)).toEqual([0.75, 0.5, 0.25]);
    expect(found.remarks).toEqual([remark('track-ids', 3)]);
  });

  test('key points without a data.yaml are told by their visibilities', async () => {
    const line = (x: number) => `0 ${x} .5 .2 .4 ${x} .5 2 ${x + 0.05} .6 1 0 0 0`;
    const found = await readLabels(`${line(0.5)}\n${line(0.3)}\n`);
    expect(found.images[0].regions.map(({ box }) => box.map(Math.round))).toEqual([
      [40, 15, 60, 35],
      [20, 15, 40, 35],
    ]);
    expect(found.remarks).toEqual([remark('key-points', 2, /9 numbers$/)]);
  });

  test('triangles at the lower edge beside other polygons are no tracks', async () => {
    const found = await readLabels('0 0 0 .5 .5 .2 1\n0 0 0 .5 .5 .2 1 .1 .1\n');
    expect(found.images[0].regions.map(({ box }) => box)).toEqual([
      [0, 0, 50, 50],
      [0, 0, 50, 50],
    ]);
    expect(found.remarks).toBeUndefined();
  });

  test('lines in pixels are skipped, and refused where there are no others', async () => {
    const found = await readLabels(`${at}\n0 50 25 20 20\n1 1.2 .5 .2 .4\n`);
    expect(found.images[0].regions).toEqual([person]);
    expect(found.remarks).toEqual([remark('not-normalised', 2, /line 2: 50 25 20 20$/)]);
    await expect(readLabels('0 50 25 20 20\n0 9 9 4 4')).rejects.toThrow(
      complaint('E_IO', /expected coordinates from 0 to 1, .* line 1: 50 25 20 20"\. Divide x and width/),
    );
    await expect(readLabels('0 120 75 200 130')).rejects.toThrow(complaint('E_IO', /from 0 to 1/)); // not a track of id 130
  });

  test('odd lines are skipped', async () => {
    const found = await readLabels(`${at}\n0 .5 .5 wide 1\n7 .5 .5 1 1\n0 .5 .5 1 1 1.5\n`);
    expect(found.images[0].regions).toEqual([person]);
    expect(found.remarks).toEqual([remark('malformed', 3, /line 2: expected class cx cy/)]);
  });

  async function readLabels(lines: string) {
    return readDataset(await folderOf({ 'classes.txt': 'person\ncar', 'a.png': picture, 'a.txt': lines }));
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
  [
    'a class number of a thousand million',
    { 'data.yaml': 'train: images\nnames: {1000000000: x}\n' },
    'E_IO',
    /names: expected class numbers from 0 to 65535, received 1000000000/,
  ],
  ['a name of 20,000 letters', { 'data.yaml': `names: [${'a'.repeat(20_000)}]\n` }, 'E_IO', /at most 1000 characters/],
  [
    'a list of 70,000 names',
    { 'classes.txt': 'a\n'.repeat(70_000), 'a.png': 'x' },
    'E_IO',
    /names of classes: expected class numbers from 0 to 65535, received 65536/,
  ],
  ['no YAML', { 'data.yaml': 'a: [' }, 'E_IO', /data\.yaml: is not YAML/],
  ['neither names nor lists', { 'data.yaml': '- a' }, 'E_IO', /expected names and lists of images, received Array/],
] as const)('refused: %s', async (_, files, code, message) => {
  await expect(readDataset(await folderOf(files), { imageSize })).rejects.toThrow(complaint(code, message));
});

test.each([
  ['/d/images/val/a.b.jpg', '/d/labels/val/a.b.txt'],
  ['/images/d/images/a.jpg', '/images/d/labels/a.txt'],
  ['/d/a.jpg', '/d/a.txt'],
  ['/d/images/a', '/d/labels/a.txt'],
])('the labels of %s are in %s', (image, labels) => {
  expect(labelFileOf(image)).toBe(labels);
});
