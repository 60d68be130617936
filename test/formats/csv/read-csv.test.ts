import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDataset } from '../../../src/formats/read-dataset.js';
import { complaint } from '../../support/complaint.js';
import { folderOf } from '../../support/folder-of.js';
import { remark } from '../remark.js';

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
    /expected a column label or class or class_name or name or label_name, received "image,x1/,
  ],
  [
    'an edge that is no number',
    'image,x1,y1,x2,y2,label\na,1,2,wide,4,x',
    /line 2: x2: expected a number, received "wide"/,
  ],
  [
    'a line that is too short',
    'image,x1,y1,x2,y2,label\na,1',
    /annotations\.csv: line 2: expected 6 fields, received "2"/,
  ],
])('refused: %s', async (_, text, message) => {
  await expect(read(text)).rejects.toThrow(complaint('E_IO', message));
});

test('no file', async () => {
  await expect(readDataset(join(await folderOf({}), 'a.csv'), { from: 'csv' })).rejects.toThrow(
    complaint('E_IO', /a\.csv: cannot be read: ENOENT/),
  );
});

describe('tables of other programs', () => {
  const regions = [{ box: [1, 2, 3, 4], labels: [{ label: 'mug' }] }];

  test.each([
    ['no header, one line', 'x/a.jpg,1,2,3,4,mug', true],
    ['no header, an image without boxes', 'x/a.jpg,1,2,3,4,mug\nb.jpg,,,,,\n', true],
    ['semicolons', 'filename;xmin;ymin;xmax;ymax;class\nx/a.jpg;1;2;3;4;mug', false],
    ['tabs, capitals', 'Image_Path\tXMin\tYMin\tXMax\tYMax\tLabel\nx/a.jpg\t1\t2\t3\t4\tmug', false],
  ])('%s', async (_, text, headless) => {
    const { images, remarks } = await read(text);
    expect(images[0]).toEqual({ image: 'x/a.jpg', width: 0, height: 0, regions });
    expect(remarks).toEqual(headless ? [remark('no-header', 1)] : undefined);
  });

  test('lines that are no labelled box are skipped', async () => {
    const { images, remarks } = await read(
      'image,x1,y1,x2,y2,label\na,1,2,3,4,mug\na,1,2,wide,4,mug\na,,,,,mug\nb,1,2,3,4,\n',
    );
    expect(images.map((image) => image.regions)).toEqual([regions, []]);
    expect(remarks).toEqual([
      remark('malformed', 1, /line 3: x2/),
      remark('not-a-box', 2, /line 4: mug without a box/),
    ]);
  });

  test('edges that are shares of the image are refused', async () => {
    const text = 'ImageID,XMin,XMax,YMin,YMax,Label,Image\n0,0.1,0.2,0.3,0.4,mug,a.jpg\n0,0,1,0.25,1,mug,a.jpg';
    await expect(read(text)).rejects.toThrow(
      complaint('E_IO', /expected edges in pixels, received "edges from 0 to 1"\. Multiply/),
    );
  });

  test.each([
    ['Windows-1252', Buffer.from('a.jpg,1,2,3,4,Müll', 'latin1'), 'Müll'],
    ['UTF-16', Buffer.from('\ufeffa.jpg,1,2,3,4,Müll', 'utf16le'), 'Müll'],
    ['GBK', Buffer.from([...Buffer.from('a.jpg,1,2,3,4,'), 0xd7, 0xd4, 0xd0, 0xd0, 0xb3, 0xb5]), '自行车'],
  ])('%s', async (_, bytes, label) => {
    expect((await readDataset(await folderOf({ 'a.csv': bytes }))).labels).toEqual([label]);
  });

  test('letters that tell no encoding name the option, which settles it', async () => {
    const cyrillic = Buffer.from([...Buffer.from('a.jpg,1,2,3,4,'), 0xf1, 0xf2, 0xee, 0xeb]);
    const folder = await folderOf({ 'a.csv': cyrillic });
    await expect(readDataset(folder)).rejects.toThrow(complaint('E_IO', /Name the encoding .*--encoding\)/));
    expect((await readDataset(folder, { encoding: 'windows-1251' })).labels).toEqual(['стол']);
    await expect(readDataset(folder, { encoding: 'ebcdic' })).rejects.toThrow(
      complaint('E_ARGUMENT', /expected a known encoding/),
    );
  });
});

async function read(text: string) {
  return readDataset(join(await folderOf({ 'annotations.csv': text }), 'annotations.csv'));
}
