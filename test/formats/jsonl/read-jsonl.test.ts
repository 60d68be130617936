import { expect, test } from 'vitest';
import { toJsonLine } from '../../../src/formats/jsonl/jsonl.js';
import { readDataset } from '../../../src/formats/read-dataset.js';
import { complaint } from '../../support/complaint.js';
import { folderOf } from '../../support/folder-of.js';
import { resultOf } from '../results.js';

test('the folder of a run: labels by their class numbers', async () => {
  const lines = [
    resultOf('a.jpg', [
      [0, 0, 1, 1],
      [4, 0.75],
      [2, 0.5],
    ]),
    resultOf('b.jpg', [
      [1, 1, 2, 2],
      [1, 0.25],
    ]),
  ].map(toJsonLine);
  const found = await readDataset(await folderOf({ 'results.jsonl': `${lines.join('\n')}\n` }));
  expect(found).toEqual({
    labels: ['person', 'car', 'truck'],
    images: [
      {
        ...{ image: 'a.jpg', width: 640, height: 480 },
        regions: [
          {
            box: [0, 0, 1, 1],
            labels: [
              { label: 'truck', score: 0.75 },
              { label: 'car', score: 0.5 },
            ],
          },
        ],
      },
      {
        image: 'b.jpg',
        width: 640,
        height: 480,
        regions: [{ box: [1, 1, 2, 2], labels: [{ label: 'person', score: 0.25 }] }],
      },
    ],
  });
});

test.each([
  ['a line that is no JSON', '{"image"', /line 1: cannot be read: .*JSON/],
  [
    'a line that is no result',
    '\n{"image":"a.jpg"}',
    /line 2: expected width to be a finite number, received undefined/,
  ],
])('refused: %s', async (_, text, message) => {
  await expect(readDataset(await folderOf({ 'results.jsonl': text }))).rejects.toThrow(complaint('E_IO', message));
});
