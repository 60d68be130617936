import { appendFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { appendCorrection, readCorrections } from '../../../src/runs/record/corrections.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { regionOf } from '../runs.js';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

const correction = {
  image: 'a\u2028\n.jpg',
  width: 640,
  height: 480,
  reviewed: true,
  edited: true,
  regions: [regionOf([1, 2, 30.5, 40], [2, 0.9], [1, 1])],
};

test('a folder without any has none', async () => {
  expect(await readCorrections(folder)).toEqual(new Map());
});

test('the last line of an image counts', async () => {
  await appendCorrection(folder, { ...correction, regions: [] });
  await appendCorrection(folder, { ...correction, image: 'b.jpg' });
  await appendCorrection(folder, correction);
  const both = [correction, { ...correction, image: 'b.jpg' }].map((each) => [each.image, each] as const);
  expect(await readCorrections(folder)).toEqual(new Map(both));
});

test('a correction that was withdrawn is none', async () => {
  await appendCorrection(folder, correction);
  await appendCorrection(folder, { ...correction, reviewed: false, regions: null });
  expect(await readCorrections(folder)).toEqual(new Map());
});

test.each([
  ['no JSON', 'nonsense'],
  ['a region without labels', JSON.stringify({ ...correction, regions: [{ box: [0, 0, 1, 1], labels: [] }] })],
  ['a box of three numbers', JSON.stringify(correction).replace('30.5,', '')],
])('a line that is %s is passed over', async (_, line) => {
  await appendCorrection(folder, correction);
  await appendFile(join(folder, 'review.jsonl'), `${line}\n`);
  expect([...(await readCorrections(folder)).values()]).toEqual([correction]);
});

test('a line that was cut off is passed over, and the next one begins a line of its own', async () => {
  await appendCorrection(folder, correction);
  await appendFile(join(folder, 'review.jsonl'), JSON.stringify({ ...correction, image: 'b.jpg' }).slice(0, -9));
  await appendCorrection(folder, { ...correction, image: 'c.jpg' });
  expect([...(await readCorrections(folder)).keys()]).toEqual([correction.image, 'c.jpg']);
  await truncate(join(folder, 'review.jsonl'), 3);
  expect(await readCorrections(folder)).toEqual(new Map());
});
