import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { annotationsOf } from '../../../src/formats/annotations.js';
import type { Box } from '../../../src/types/detections.js';
import { predicted } from '../street.js';
import { writtenFiles } from '../written-files.js';

test('a file per image, the list of images, data.yaml', async () => {
  const files = new Map(await writtenFiles('yolo', predicted));
  expect([...files.keys()]).toEqual(['labels/sub/street & "é".txt', 'labels/empty.txt', 'images.txt', 'data.yaml']);
  // By hand: (10.4 + 60.6) / 2 / 200, 45 / 100, 50.2 / 200, 50 / 100
  expect(files.get('labels/sub/street & "é".txt')).toBe(
    '0 0.1775 0.45 0.251 0.5\n1 0.1775 0.45 0.251 0.5\n0 0.5 0.5 1 1\n',
  );
  expect(files.get('labels/empty.txt')).toBe('');
  expect(files.get('images.txt')).toBe('./images/sub/street & "é".jpg\n./images/empty.png\n');
  expect(parse(files.get('data.yaml')!)).toEqual({
    ...{ train: 'images.txt', val: 'images.txt', nc: 2 },
    names: { 0: 'car', 1: 'a "b" <c>' },
  });
  expect(files.get('data.yaml')).toMatch(/^ {2}0: car$/m); // the key a number, as a reader in Python looks it up
});

test('with scores', async () => {
  const [[, text]] = await writtenFiles('yolo', predicted, { confidence: true });
  expect(text.split('\n').map((line) => line.split(' ')[5])).toEqual(['0.9', '0.4', '0.35', undefined]);
});

test.each<[string, Box, string]>([
  ['over the edge: clipped', [-20, 50, 220, 120], '0 0.5 0.75 1 0.5'],
  ['a sliver: without an exponent', [0, 0, 1e-5, 100], '0 0.00000003 0.5 0.00000005 1'],
  ['nothing at all', [0, 0, 0, 0], '0 0 0 0 0'],
])('%s', async (_, box, line) => {
  const images = [{ image: 'a.jpg', width: 200, height: 100, regions: [{ box, labels: [{ label: 'x' }] }] }];
  expect((await writtenFiles('yolo', annotationsOf({ labels: ['x'], images })))[0][1]).toBe(`${line}\n`);
});

test.each([
  ['a line break', 'a\nb.jpg', 10, 'a list of images can’t hold its name'],
  ['a separator that Python splits at', 'a\u2028b.jpg', 10, 'a list of images can’t hold its name'],
  ['a size that isn’t known', 'a.jpg', 0, 'its size isn’t known'],
])('refused: %s', async (_, image, width, why) => {
  const refused = new Map<string, string>();
  const files = await writtenFiles(
    'yolo',
    annotationsOf({ labels: ['x'], images: [{ image, width, height: 10, regions: [] }] }),
    { refused },
  );
  expect([...refused]).toEqual([[image, why]]);
  expect(files.map(([path]) => path)).toEqual(['images.txt', 'data.yaml']);
});
