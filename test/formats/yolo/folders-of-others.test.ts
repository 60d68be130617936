import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { readDataset } from '../../../src/formats/read-dataset.js';
import { folderOf } from '../../support/folder-of.js';
import { remark } from '../remark.js';

let picture: Uint8Array;
const names = 'names: [person, car]\n';

beforeAll(async () => {
  const create = { width: 100, height: 50, channels: 3, background: '#888' } as const;
  picture = await sharp({ create }).png().toBuffer();
});

describe('folders as other programs leave them', () => {
  const region = { box: [40, 15, 60, 35], labels: [{ label: 'car' }] };
  const line = '1 .5 .5 .2 .4';

  test.each([
    ['labels and lists in capitals', { 'CLASSES.TXT': 'person\ncar', 'a.TXT': line }, 'a.png'],
    ['UTF-16', { 'classes.txt': Buffer.from('\ufeffperson\r\ncar\r\n', 'utf16le'), 'a.txt': line }, 'a.png'],
    ['a list of names among the labels', { 'labels/classes.txt': 'person\ncar', 'labels/a.txt': line }, 'images/a.png'],
    [
      'a data.yaml that lists images',
      { 'data.yaml': `train:\n- images/a.png\n${names}`, 'labels/a.txt': line },
      'images/a.png',
    ],
    [
      'a data.yaml in Windows-1252',
      { 'data.yaml': Buffer.from(`train: images # für\n${names}`, 'latin1'), 'labels/a.txt': line },
      'images/a.png',
    ],
    [
      'Darknet',
      {
        'obj.data': 'train = data/list.txt\nnames = data/obj.names\n',
        'obj.names': 'person\ncar\n',
        'list.txt': 'data/obj_train_data/a.png\n',
        'obj_train_data/a.txt': line,
      },
      'obj_train_data/a.png',
    ],
  ])('%s', async (_, files, image) => {
    const folder = await folderOf({ ...(files as Record<string, string>), [image]: picture });
    const { labels, images } = await readDataset(folder);
    expect(labels).toEqual(['person', 'car']);
    expect(images).toEqual([{ image: 'a.png', width: 100, height: 50, regions: [region] }]);
  });

  test.each([
    [
      'YOLO 1.1',
      {
        'obj.data': 'train = data/train.txt\nvalid = data/valid.txt\nnames = data/obj.names',
        'obj.names': 'person\ncar',
        'train.txt': 'data/obj_train_data/s/a.png\n',
        'valid.txt': 'data/obj_valid_data/b.png\n',
        'obj_train_data/s/a.txt': line,
        'obj_valid_data/b.txt': line,
      },
    ],
    [
      'Ultralytics',
      {
        'data.yaml': `path: .\ntrain: train.txt\n${names}`,
        'train.txt': 'data/images/train/s/a.png\ndata/images/train/b.png\n',
        'labels/train/s/a.txt': line,
        'labels/train/b.txt': line,
        'data/labels/train/s/a.txt': line,
        'data/labels/train/b.txt': line,
      },
    ],
  ])('CVAT’s export without images, these elsewhere: %s', async (_, files) => {
    const images = await folderOf({ 's/a.png': picture, 'b.png': picture });
    const found = await readDataset(await folderOf(files), { images });
    expect(found.images.map((image) => [image.image.split('/').at(-1), image.regions])).toEqual([
      ['a.png', [region]],
      ['b.png', [region]],
    ]);
    expect(found.remarks).toBeUndefined();
  });

  test('Label Studio’s export without images, these elsewhere', async () => {
    const notes = '{"categories":[{"id":0,"name":"person"}],"info":{"year":2026}}';
    const folder = await folderOf({
      ...{ 'classes.txt': 'person\ncar', 'notes.json': notes },
      ...{ 'labels/?d=set%2Fa b.txt': line, 'labels/0f6142fb-c.txt': line, 'labels/12345678-x.txt': line },
    });
    const images = await folderOf({ 'a b.png': picture, 'c.png': picture });
    const found = await readDataset(folder, { images });
    expect(found.images.map(({ image, regions }) => [image, regions])).toEqual([
      ['a b.png', [region]],
      ['c.png', [region]],
    ]);
    expect(found.remarks).toEqual([remark('unused-label-files', 1, /12345678-x\.txt$/)]);
  });

  test('a split of Darknet’s', async () => {
    const lists = 'train = t.txt\nvalid = v.txt\nnames = obj.names';
    const folder = await folderOf({
      'obj.data': lists,
      'obj.names': 'x\ny',
      't.txt': 'a.png',
      'v.txt': 'b.png',
      'a.png': picture,
      'b.png': picture,
    });
    const { images } = await readDataset(folder, { split: 'val' });
    expect(images.map(({ image }) => image)).toEqual(['b.png']);
  });

  test('images that are missing or broken are skipped, and label files without an image told', async () => {
    const folder = await folderOf({
      'classes.txt': 'person\ncar',
      ...{ 'a.png': picture, 'a.txt': line, 'b.png': '', 'b.txt': line, 'c.txt': line },
    });
    const { images, remarks } = await readDataset(folder);
    expect(images.map(({ image }) => image)).toEqual(['a.png']);
    expect(remarks).toEqual([remark('unused-label-files', 1, /c\.txt$/), remark('unreadable-image', 1, /b\.png/)]);
    const listed = await folderOf({
      'data.yaml': `train: list.txt\n${names}`,
      'list.txt': 'images/a.png\nimages/b.png',
      'images/a.png': picture,
      'labels/a.txt': line,
    });
    const found = await readDataset(listed);
    expect([found.images.length, found.remarks]).toEqual([1, [remark('missing-image', 1, /b\.png is not at/)]]);
  });

  test('no label file at all is told', async () => {
    const folder = await folderOf({
      'data.yaml': `train: images\n${names}`,
      'images/a.png': picture,
      'images/b.png': picture,
    });
    const { images, remarks } = await readDataset(folder);
    expect(images).toHaveLength(2);
    expect(remarks).toEqual([remark('no-label-files', 2, /there is no .*labels\/a\.txt$/)]);
  });
});
