import { expect, test } from 'vitest';
import { datasetOfColumns } from '../../src/columns/named-columns.js';
import { scanRecord } from '../../src/columns/scan-record.js';
import { complaint } from '../support/complaint.js';

const line = (image: string, ...regions: { box: number[]; labels: object[] }[]) =>
  JSON.stringify({
    image,
    width: 9,
    height: 9,
    detections: regions.map((region) => ({ ...region, ...region.labels[0] })),
  });
const cat = { label: 'cat', classId: 1, score: 0.9 };
const dog = { label: 'dog', classId: 2, score: 0.5 };

function scan(text: string, step: number) {
  const bytes = new TextEncoder().encode(text);
  const parts = Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) =>
    bytes.subarray(i * step, (i + 1) * step),
  );
  return scanRecord(parts, 'unfiltered.jsonl');
}

test.each([1, 10, 1000])('a row for each label of each region, in parts of %i bytes', async (step) => {
  const lines = [
    line('a.jpg', { box: [0, 1, 2, 3], labels: [cat, dog] }),
    line('bare.jpg'),
    line('ü.jpg', { box: [1, 1, 2, 2], labels: [dog] }),
  ];
  const columns = await scan(`${lines.join('\n')}\n`, step);
  expect(columns).toMatchObject({ count: 3, idsAre: 'names', imageIds: ['a.jpg', 'bare.jpg', 'ü.jpg'] });
  expect([...columns.boxAreas]).toEqual([4, 4, 1]);
  expect(
    datasetOfColumns(columns).images.map(({ image, regions }) => [image, regions.map(({ labels }) => labels[0])]),
  ).toEqual([
    [
      'a.jpg',
      [
        { label: 'cat', score: 0.9 },
        { label: 'dog', score: 0.5 },
      ],
    ],
    ['bare.jpg', []],
    ['ü.jpg', [{ label: 'dog', score: 0.5 }]],
  ]);
});

test('a last line that is cut off is left out', async () => {
  const whole = line('a.jpg', { box: [0, 1, 2, 3], labels: [cat] });
  expect((await scan(`${whole}\n${whole.slice(0, 60)}`, 1000)).count).toBe(1);
  expect((await scan(whole.slice(0, -1), 1000)).count).toBe(0);
});

test('a spoilt line in the middle is an error with its place', async () => {
  const whole = line('a.jpg', { box: [0, 1, 2, 3], labels: [cat] });
  const spoilt = `${whole}\n${whole.slice(0, 40)}\n${whole}\n`;
  await expect(scan(spoilt, 1000)).rejects.toThrow(complaint('E_IO', /unfiltered\.jsonl: line 2, column/));
});
