import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDataset } from '../../../src/formats/read-dataset.js';
import { complaint } from '../../support/complaint.js';
import { folderOf } from '../../support/folder-of.js';

test('its own columns: numbered regions stay apart', async () => {
  const rows = [
    '"a\n"",.jpg",9,8,1,1,2,3,4,x,0.5',
    '"a\n"",.jpg",9,8,1,1,2,3,4,y,0.4',
    '"a\n"",.jpg",9,8,2,1,2,3,4,z,0.3',
    'b.jpg,7,6,,,,,,,',
  ];
  const { labels, images } = await read(['image,width,height,region,x1,y1,x2,y2,label,score', ...rows].join('\n'));
  expect(labels).toEqual(['x', 'y', 'z']);
  expect(images[1]).toEqual({ image: 'b.jpg', width: 7, height: 6, regions: [] });
  expect(images[0].image).toBe('a\n",.jpg');
  expect(images[0].regions.map(({ labels }) => labels.map(({ label, score }) => `${label} ${score}`))).toEqual([
    ['x 0.5', 'y 0.4'],
    ['z 0.3'],
  ]);
});

test('the columns of other programs, a byte order mark, Windows’ line ends', async () => {
  const found = await read('\ufefffilename,width,height,class,xmin,ymin,xmax,ymax\r\na.jpg,9,8,x,1,2,3.5,4\r\n');
  expect(found.images).toEqual([
    { image: 'a.jpg', width: 9, height: 8, regions: [{ box: [1, 2, 3.5, 4], labels: [{ label: 'x' }] }] },
  ]);
});

test('marks, and no sizes', async () => {
  const { images } = await read('image,x1,y1,x2,y2,label,difficult,crowd\na.jpg,1,2,3,4,x,1,0\na.jpg,5,2,3,4,x,0,1\n');
  expect([images[0].width, images[0].height]).toEqual([0, 0]);
  expect(images[0].regions.map(({ difficult, crowd }) => [difficult, crowd])).toEqual([
    [true, undefined],
    [undefined, true],
  ]);
});

test.each([
  [
    'no column for the label',
    'image,x1,y1,x2,y2\na,1,2,3,4',
    /expected a column label or class or class_name or name, received "image,x1/,
  ],
  [
    'an edge that is no number',
    'image,x1,y1,x2,y2,label\na,1,2,wide,4,x',
    /line 2: x2: expected a number, received "wide"/,
  ],
  [
    'a line that is too short',
    'image,x1,y1,x2,y2,label\na,1',
    /annotations\.csv: cannot be read: Invalid Record Length/,
  ],
])('refused: %s', async (_, text, message) => {
  await expect(read(text)).rejects.toThrow(complaint('E_IO', message));
});

test('no file', async () => {
  await expect(readDataset(join(await folderOf({}), 'a.csv'), { format: 'csv' })).rejects.toThrow(
    complaint('E_IO', /a\.csv: cannot be read: ENOENT/),
  );
});

async function read(text: string) {
  return readDataset(join(await folderOf({ 'annotations.csv': text }), 'annotations.csv'));
}
