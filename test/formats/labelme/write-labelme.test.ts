import { expect, test } from 'vitest';
import { annotationsOf } from '../../../src/formats/annotations.js';
import { annotated, predicted } from '../street.js';
import { writtenFiles } from '../written-files.js';

test('a file per image, to be put beside it', async () => {
  const [[path, text], [other]] = await writtenFiles('labelme', predicted);
  expect([path, other]).toEqual(['sub/street & "é".json', 'empty.json']);
  const { shapes, ...rest } = JSON.parse(text);
  expect(rest).toEqual({
    ...{ version: '5.5.0', flags: {}, imagePath: 'street & "é".jpg', imageData: null },
    ...{ imageHeight: 100, imageWidth: 200 },
  });
  expect(shapes).toHaveLength(3);
  expect(shapes[1]).toEqual({
    ...{ label: 'a "b" <c>', shape_type: 'rectangle', score: 0.4, flags: {} },
    points: [
      [10.4, 20],
      [60.6, 70],
    ],
    ...{ group_id: null, description: '', mask: null },
  });
});

test('truth: marks as flags', async () => {
  const [[, text]] = await writtenFiles('labelme', annotated);
  const [first, second] = JSON.parse(text).shapes;
  expect([first.flags, second.flags, 'score' in first]).toEqual([{ difficult: true, crowd: true }, {}, false]);
});

test('refused: a backslash', async () => {
  const refused = new Map<string, string>();
  const images = [{ image: 'a\\b.jpg', width: 1, height: 1, regions: [] }];
  expect(await writtenFiles('labelme', annotationsOf({ labels: [], images }), { refused })).toEqual([]);
  expect([...refused]).toEqual([['a\\b.jpg', 'LabelMe takes the backslash in its name for a folder']]);
});
