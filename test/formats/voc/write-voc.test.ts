import { expect, test } from 'vitest';
import { annotationsOf } from '../../../src/formats/annotations.js';
import type { Box } from '../../../src/types/detections.js';
import { complaint } from '../../support/complaint.js';
import { annotated, predicted } from '../street.js';
import { writtenFiles } from '../written-files.js';

test('a file per image, and their list', async () => {
  const files = await writtenFiles('voc', predicted);
  expect(files.map(([path]) => path)).toEqual([
    'Annotations/sub/street & "é".xml',
    'Annotations/empty.xml',
    'ImageSets/Main/default.txt',
  ]);
  expect(files[2][1]).toBe('sub/street & "é"\nempty\n');
  expect(files[1][1]).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<annotation>
  <folder/>
  <filename>empty.png</filename>
  <size>
    <width>64</width>
    <height>48</height>
    <depth>3</depth>
  </size>
  <segmented>0</segmented>
</annotation>
`);
  expect(files[0][1]).toContain(`<folder>sub</folder>
  <filename>sub/street &amp; &quot;é&quot;.jpg</filename>`);
  expect(files[0][1].split('<object>')[2]).toBe(`
    <name>a &quot;b&quot; &lt;c&gt;</name>
    <pose>Unspecified</pose>
    <truncated>0</truncated>
    <difficult>0</difficult>
    <bndbox>
      <xmin>11</xmin>
      <ymin>21</ymin>
      <xmax>61</xmax>
      <ymax>70</ymax>
    </bndbox>
    <score>0.4</score>
  </object>
  `);
});

test('difficult ones; truth has no scores', async () => {
  const [[, text]] = await writtenFiles('voc', annotated);
  expect(text.match(/<difficult>.<|<score>/g)).toEqual(['<difficult>1<', '<difficult>0<']);
});

test.each<[string, Box, number[]]>([
  ['the whole image', [0, 0, 200, 100], [1, 1, 200, 100]],
  ['less than a pixel', [5.1, 5.1, 5.3, 5.3], [6, 6, 6, 6]],
  ['nothing, at the far edge', [200, 100, 200, 100], [200, 100, 200, 100]],
  ['over the edges', [-3, -3, 300, 300], [1, 1, 200, 100]],
])('pixels: %s', async (_, box, expected) => {
  const images = [{ image: 'a.jpg', width: 200, height: 100, regions: [{ box, labels: [{ label: 'x' }] }] }];
  const [[, text]] = await writtenFiles('voc', annotationsOf({ labels: ['x'], images }));
  const found = ['xmin', 'ymin', 'xmax', 'ymax'].map((edge) => Number(text.match(`<${edge}>(.*)</`)![1]));
  expect(found).toEqual(expected);
});

test('refused: names with line breaks or control characters, labels with either', async () => {
  const refused = new Map<string, string>();
  const images = ['a\nb.jpg', 'a\u0001.jpg'].map((image) => ({ image, width: 1, height: 1, regions: [] }));
  await writtenFiles('voc', annotationsOf({ labels: [], images }), { refused });
  expect([...refused.values()]).toEqual([
    'a list of images can’t hold its name',
    'XML can’t hold a character of its name',
  ]);
  for (const label of ['a\u0001', 'a\n']) {
    const written = writtenFiles('voc', annotationsOf({ labels: [label], images: [] }));
    await expect(written).rejects.toThrow(complaint('E_ARGUMENT', /voc: expected labels that XML can contain/));
  }
});
