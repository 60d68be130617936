import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toJsonLine } from '../../../src/formats/jsonl/jsonl.js';
import { readDataset } from '../../../src/formats/read-dataset.js';
import { complaint } from '../../support/complaint.js';
import { folderOf } from '../../support/folder-of.js';
import { resultOf } from '../results.js';

test('a file: labels by their class numbers', async () => {
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
  const folder = await folderOf({ 'annotations.jsonl': `${lines.join('\n')}\n` });
  const found = await readDataset(join(folder, 'annotations.jsonl'));
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

test('the folder of a run: what is over its score thresholds, not all that it recorded', async () => {
  const line = toJsonLine(
    resultOf('a.jpg', [
      [0, 0, 1, 1],
      [4, 0.75],
      [2, 0.3],
    ]),
  );
  const under = toJsonLine(
    resultOf('b.jpg', [
      [1, 1, 2, 2],
      [1, 0.25],
    ]),
  );
  const thresholds = { scoreThreshold: 0.5, labelThresholds: { car: 0.2 } };
  const folder = await folderOf({
    'unfiltered.jsonl': `${line}${under}`,
    'run.json': JSON.stringify({ format: 'sigbox-run', thresholds }),
  });
  const { images } = await readDataset(folder);
  expect(
    images.map(({ image, regions }) => [image, regions.map(({ labels }) => labels.map(({ label }) => label))]),
  ).toEqual([
    ['a.jpg', [['truck', 'car']]],
    ['b.jpg', []],
  ]);
});

test.each([
  ['a line that is no JSON', '{"image"', /line 1: cannot be read: .*JSON/],
  [
    'a line that is no result',
    '\n{"image":"a.jpg"}',
    /line 2: expected width to be a finite number, received undefined/,
  ],
])('refused: %s', async (_, text, message) => {
  const folder = await folderOf({ 'annotations.jsonl': text });
  await expect(readDataset(join(folder, 'annotations.jsonl'))).rejects.toThrow(complaint('E_IO', message));
});
