import { join } from 'node:path';
import { expect, test } from 'vitest';
import { annotationsOf } from '../../../src/formats/annotations.js';
import { readDataset } from '../../../src/formats/read-dataset.js';
import { folderOf } from '../../support/folder-of.js';
import { annotated, predicted } from '../street.js';
import { writtenFiles } from '../written-files.js';

test('a line per label, one for an image without', async () => {
  const [[, text]] = await writtenFiles('csv', predicted);
  expect(text).toBe(
    [
      'image,width,height,region,x1,y1,x2,y2,label,score',
      '"sub/street & ""é"".jpg",200,100,1,10.4,20,60.6,70,car,0.9',
      '"sub/street & ""é"".jpg",200,100,1,10.4,20,60.6,70,"a ""b"" <c>",0.4',
      '"sub/street & ""é"".jpg",200,100,2,0,0,200,100,car,0.35',
      'empty.png,64,48,,,,,,,',
      '',
    ].join('\n'),
  );
});

test('truth: no scores, marks', async () => {
  const [[, text]] = await writtenFiles('csv', annotated);
  const lines = ['region,x1,y1,x2,y2,label,difficult,crowd', '1,0,0,20,10,car,1,1', '2,10,0,20,10,car,0,0', ''];
  expect(text.replaceAll(/^(image,width,height|a\.jpg,200,100),/gm, '').split('\n')).toEqual(lines);
});

test('line breaks and spaces at the ends are quoted', async () => {
  const images = ['a\nb', 'a\rb', ' a', 'a '].map((image) => ({ image, width: 1, height: 1, regions: [] }));
  const [[, text]] = await writtenFiles('csv', annotationsOf({ labels: [], images }));
  expect(text.match(/"[^"]*"/g)).toEqual(images.map(({ image }) => `"${image}"`));
});

test('no cell is a formula to a spreadsheet, and each is read back as it was', async () => {
  const names = ['=1+1', '+a', '-b', '@c', "'=d", "''@e", "'f", '\t=g', '＝h', 'a=b'];
  const images = names.map((name) => ({
    ...{ image: `${name}.jpg`, width: 9, height: 9 },
    regions: [{ box: [1, 2, 3, 4] as [number, number, number, number], labels: [{ label: name }] }],
  }));
  const dataset = { labels: names, images };
  const [[path, text]] = await writtenFiles('csv', annotationsOf(dataset));
  for (const cell of text.split(/[,\n]/)) expect(cell).not.toMatch(/^"?[=+\-@\t\r＝]/);
  const found = await readDataset(join(await folderOf({ [path]: text }), path));
  expect(found.images).toEqual(images);
});
