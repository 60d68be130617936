import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDataset } from '../../../src/formats/read-dataset.js';
import { complaint } from '../../support/complaint.js';
import { folderOf } from '../../support/folder-of.js';
import { remark } from '../remark.js';

const box = (xmin: number | string, ymin: number, xmax: number, ymax: number) =>
  `<bndbox><xmax>${xmax}</xmax><xmin>${xmin}</xmin><ymax>${ymax}</ymax><ymin>${ymin}</ymin></bndbox>`;
const object = (name: string, inside: string) => `<object><name>${name}</name><pose>Left</pose>${inside}</object>`;
const size = '<size><width>500</width><height>375</height><depth>3</depth></size>';
const file = (filename: string, ...objects: string[]) =>
  `<annotation>\n\t<folder>VOC2012</folder>\n\t<filename>${filename}</filename>\n${size}${objects.join('\n')}</annotation>`;
const head = '<part><name>head</name><bndbox><xmin>9</xmin><ymin>9</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></part>';

test('a development kit: pixels from 1, difficult ones, parts passed over', async () => {
  const folder = await folderOf({
    'Annotations/2007_2.xml': file('2007_2.jpg'),
    'Annotations/2007_1.xml': file(
      '2007_1.jpg',
      object('person', `<difficult>1</difficult>${head}${box(1, 2, 500, 375)}`),
      object('dog &amp; cat', `<difficult>0</difficult>${box('10.5', 20, 30, 40)}<score>0.25</score>`),
    ),
  });
  expect(await readDataset(folder)).toEqual({
    labels: ['dog & cat', 'person'],
    images: [
      {
        ...{ image: '2007_1.jpg', width: 500, height: 375 },
        regions: [
          { box: [0, 1, 500, 375], labels: [{ label: 'person' }], difficult: true },
          { box: [9.5, 19, 30, 40], labels: [{ label: 'dog & cat', score: 0.25 }] },
        ],
      },
      { image: '2007_2.jpg', width: 500, height: 375, regions: [] },
    ],
    remarks: [remark('first-pixel-1', 2, /no box begins at 0/)],
  });
});

test.each([
  ['a box that begins at 0 tells that pixels count from 0', undefined, box(0, 5, 500, 9), [0, 5, 500, 9]],
  ['so does the option', 0, box(3, 5, 500, 9), [3, 5, 500, 9]],
  ['and that they count from 1 all the same', 1, box(0, 5, 500, 9), [-1, 4, 500, 9]],
] as const)('%s', async (_, firstPixel, bndbox, expected) => {
  const folder = await folderOf({ 'a.xml': file('a.jpg', object('x', box(7, 7, 9, 9)), object('x', bndbox)) });
  const { images } = await readDataset(folder, firstPixel === undefined ? {} : { firstPixel });
  expect(images[0].regions[1].box).toEqual(expected);
});

test('folders: the file’s own, unless the name holds one', async () => {
  const folder = await folderOf({ 'x/y/a.xml': file('a.jpg'), 'x/b.xml': file('x/b.jpg'), 'c.xml': file(' c.jpg ') });
  const { images } = await readDataset(folder);
  expect(images.map(({ image }) => image)).toEqual([' c.jpg ', 'x/b.jpg', 'x/y/a.jpg']);
});

test('a list of images', async () => {
  const folder = await folderOf({
    ...{ 'Annotations/a.xml': file('a.jpg'), 'Annotations/b.xml': file('b.jpg'), 'ImageSets/Main/val.txt': 'b\n' },
  });
  const { images } = await readDataset(folder, { split: 'val' });
  expect(images.map(({ image }) => image)).toEqual(['b.jpg']);
});

test('a name between line breaks, in CDATA', async () => {
  const folder = await folderOf({ 'a.xml': file('\n    <![CDATA[a<b>.jpg]]>\n  ') });
  const { images } = await readDataset(join(folder, 'a.xml'));
  expect(images[0].image).toBe('a<b>.jpg');
});

test.each([
  ['no VOC', '<annotations2/>', 'voc', /expected VOC’s element annotation, received "annotations2"/],
  [
    'an object without a name',
    file('a.jpg', `<object>${box(1, 2, 3, 4)}</object>`),
    undefined,
    /object 1: expected an element name/,
  ],
  ['an object without a box', file('a.jpg', object('x', '')), undefined, /object 1: expected a bndbox/],
  [
    'an edge that is no number',
    file('a.jpg', object('x', box('left', 1, 2, 3))),
    undefined,
    /xmin: expected a number, received "left"/,
  ],
  ['no XML', '<annotation><filename>a.jpg', undefined, /a\.xml: cannot be read: .*unclosed tag/],
] as const)('refused: %s', async (_, content, format, message) => {
  const path = join(await folderOf({ 'a.xml': content }), 'a.xml');
  await expect(readDataset(path, format === undefined ? {} : { from: format })).rejects.toThrow(
    complaint('E_IO', message),
  );
});

test.each([
  ['entities that grow', `<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]>${file('&y;.jpg')}`],
  ['other files', `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${file('&x;')}`],
])('%s are not read in', async (_, content) => {
  const path = join(await folderOf({ 'a.xml': content }), 'a.xml');
  await expect(readDataset(path)).rejects.toThrow(complaint('E_IO', /cannot be read: .*undefined entity/));
});

test('where most boxes have fractions nobody counted pixels', async () => {
  const folder = await folderOf({
    'a.xml': file('a.jpg', object('x', box('3.25', 7, 9, 9)), object('x', box('4.5', 7, 9, 9))),
  });
  const { images, remarks } = await readDataset(folder);
  expect(images[0].regions.map(({ box: [x1] }) => x1)).toEqual([3.25, 4.5]);
  expect(remarks).toEqual([remark('first-pixel-0', 2, /most have fractions, as 3\.25, 7, 9, 9$/)]);
});

describe('encodings', () => {
  const xml = (encoding: string) =>
    `<?xml version="1.0" encoding="${encoding}"?>${file('Größe.jpg', object('Müll', box(1, 2, 3, 4)))}`;

  test.each([
    ['ISO-8859-1, declared', Buffer.from(xml('ISO-8859-1'), 'latin1'), false],
    ['Windows-1252, not declared', Buffer.from(xml('x').replace(/<\?.*?\?>/, ''), 'latin1'), true],
    ['Windows-1252, declared as UTF-8', Buffer.from(xml('UTF-8'), 'latin1'), true],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${xml('UTF-16')}`, 'utf16le'), false],
    ['UTF-16 without', Buffer.from(xml('UTF-16'), 'utf16le'), false],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${xml('utf-8')}`), false],
  ])('%s', async (_, bytes, assumed) => {
    const { labels, images, remarks = [] } = await readDataset(await folderOf({ 'a.xml': bytes }));
    expect([labels, images[0].image]).toEqual([['Müll'], 'Größe.jpg']);
    expect(remarks.some(({ kind }) => kind === 'encoding')).toBe(assumed);
  });

  test('GBK, declared', async () => {
    const text = `<?xml version="1.0" encoding="GBK"?>${file('a.jpg', object('@@@@', box(1, 2, 3, 4)))}`;
    const bytes = Buffer.from(text, 'latin1');
    bytes.set([0xc6, 0xfb, 0xb3, 0xb5], bytes.indexOf('@@@@'));
    expect((await readDataset(await folderOf({ 'a.xml': bytes }))).labels).toEqual(['汽车']);
  });
});

test('one file of many that is no XML is skipped', async () => {
  const folder = await folderOf({
    'a.xml': file('a.jpg', object('x', box(1, 2, 3, 4))),
    'b.xml': '<annotation><filename>',
  });
  const { images, remarks } = await readDataset(folder);
  expect(images.map(({ image }) => image)).toEqual(['a.jpg']);
  expect(remarks![0]).toEqual(remark('unreadable-file', 1, /b\.xml: cannot be read/));
});

test('an image without a name has that of its file, and of the picture beside it', async () => {
  const nameless = file('', object('x', box(1, 2, 3, 4)));
  const folder = await folderOf({
    'Annotations/a.b.xml': nameless,
    'Annotations/c.xml': nameless.replace(/<filename>.*<\/filename>/, ''),
    'JPEGImages/a.b.PNG': '',
  });
  const { images, remarks } = await readDataset(folder);
  expect(images.map(({ image }) => image)).toEqual(['a.b.PNG', 'c']);
  expect(remarks![0]).toEqual(remark('name-from-file', 2));
});
