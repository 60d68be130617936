import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDataset } from '../../../src/formats/read-dataset.js';
import { complaint } from '../../support/complaint.js';
import { folderOf } from '../../support/folder-of.js';

const label = (name: string) => `<label><name>${name}</name><color>#fff</color><attributes></attributes></label>`;
const meta = `<meta><task><labels>${label('car')}${label('a &lt;b&gt;')}</labels></task></meta>`;
const image = (attributes: string, ...shapes: string[]) =>
  `<image ${attributes} width="640" height="480">${shapes.join('')}</image>`;
const box = (attributes: string, ...inside: string[]) => `<box occluded="0" ${attributes}>${inside.join('')}</box>`;
const at = 'label="car" xtl="10.50" ytl="20" xbr="30.25" ybr="40" z_order="0"';
const attribute = (name: string, value: string) => `<attribute name="${name}">${value}</attribute>`;

test('a task: labels as declared, scores and marks from attributes', async () => {
  const given = [attribute('score', '0.75'), attribute('difficult', 'true'), attribute('crowd', 'false')];
  const found = await read(
    meta,
    image('id="4" name="s/&quot;a&quot;&#10;&amp;.jpg"', box(at), box(at, ...given)),
    image('id="5" name="b.jpg"'),
  );
  expect(found).toEqual({
    labels: ['car', 'a <b>'],
    images: [
      {
        ...{ image: 's/"a"\n&.jpg', id: 4, width: 640, height: 480 },
        regions: [
          { box: [10.5, 20, 30.25, 40], labels: [{ label: 'car' }] },
          { box: [10.5, 20, 30.25, 40], labels: [{ label: 'car', score: 0.75 }], difficult: true },
        ],
      },
      { image: 'b.jpg', id: 5, width: 640, height: 480, regions: [] },
    ],
  });
});

test.each([
  ['a polygon', '<polygon label="car" points="10,20;30,5;40.5,25"/>', [10, 5, 40.5, 25]],
  ['a mask', '<mask label="car" rle="1" left="3" top="4" width="10" height="20"/>', [3, 4, 13, 24]],
  ['a box turned by a quarter', box('label="car" xtl="0" ytl="0" xbr="20" ybr="10" rotation="90"'), [5, -5, 15, 15]],
])('%s counts by the box around it', async (_, shape, expected) => {
  const { images } = await read(image('name="a.jpg"', shape));
  images[0].regions[0].box.forEach((edge, i) => {
    expect(edge).toBeCloseTo(expected[i], 10); // a quarter's cosine is 6e-17 in double precision
  });
});

test('other shapes are passed over; labels without a declaration are sorted', async () => {
  const shapes = ['<points label="x" points="1,2"/>', '<tag label="y"/>', box(at), box(at.replace('car', 'bus'))];
  const found = await read(image('name="a.jpg"', ...shapes));
  expect(found.labels).toEqual(['bus', 'car']);
  expect(found.images[0].regions).toHaveLength(1);
  expect(found.images[0].regions[0].labels).toEqual([{ label: 'car' }, { label: 'bus' }]);
});

test.each([
  [
    'CVAT for video',
    '<track id="0" label="car"></track>',
    /expected CVAT for images, received "tracks.*Export it for images\.$/,
  ],
  [
    'a box without a label',
    image('name="a.jpg"', '<box xtl="1" ytl="1" xbr="1" ybr="1"/>'),
    /image a\.jpg: expected an attribute label/,
  ],
  [
    'an edge that is missing',
    image('id="3" name="a.jpg"', '<box label="x" xtl="1"/>'),
    /image 3: box ytl: expected a number, received undefined/,
  ],
  ['an image without a name', image('id="3"'), /image 3: expected an attribute name/],
])('refused: %s', async (_, content, message) => {
  await expect(read(content)).rejects.toThrow(complaint('E_IO', message));
});

async function read(...content: string[]) {
  const text = `<?xml version="1.0" encoding="utf-8"?>\n<annotations><version>1.1</version>${content.join('\n')}</annotations>`;
  return readDataset(join(await folderOf({ 'annotations.xml': text }), 'annotations.xml'));
}

test('a folder that holds the file, and one that holds several', async () => {
  const text = `<annotations>${meta}${image('id="5" name="b.jpg"')}</annotations>`;
  const one = await folderOf({ 'annotations.xml': text });
  expect((await readDataset(one)).images.map((found) => found.image)).toEqual(['b.jpg']);
  const two = await folderOf({ 'a.xml': text, 'b.xml': text });
  await expect(readDataset(two)).rejects.toThrow(
    complaint('E_ARGUMENT', /received "cvat \(a\.xml\) and cvat \(b\.xml\)"\. Name the file itself\./),
  );
  await expect(readDataset(two, { from: 'cvat' })).rejects.toThrow(
    complaint('E_IO', /expected one \.xml file, received "a\.xml, b\.xml"\. Name the file itself\./),
  );
});
