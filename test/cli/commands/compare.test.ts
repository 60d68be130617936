import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ModelComparison } from '../../../src/compare/comparison.js';
import { randomCoco } from '../../support/random-coco.js';
import { sigbox } from '../../support/run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const coco = randomCoco(5);
const groundTruth = {
  images: Array.from({ length: coco.size.images }, (_, id) => ({
    ...{ id, file_name: `${id}.jpg`, width: 100, height: 100 },
    time: id % 2 ? 'day' : 'night',
  })),
  annotations: coco.groundTruths,
  categories: Array.from({ length: coco.size.classes }, (_, id) => ({ id, name: `label ${id}` })),
};

async function files(): Promise<(name: string) => string> {
  const folder = await temporaryFolder();
  const csv = `image,weather\n${groundTruth.images.map(({ file_name, id }) => `${file_name},${id % 3 ? 'sun' : 'rain'}`).join('\n')}\n`;
  const contents = {
    'truth.json': JSON.stringify(groundTruth),
    'a.json': JSON.stringify(coco.detections),
    'b.json': JSON.stringify(coco.detections.filter((_, i) => i % 2)),
    'weather.csv': csv,
  };
  for (const [name, content] of Object.entries(contents)) await writeFile(join(folder, name), content);
  return (name) => join(folder, name);
}

test('prints a verdict, tables, and a chart', async () => {
  const at = await files();
  const args = [
    'compare',
    at('truth.json'),
    at('a.json'),
    at('b.json'),
    '--resamples',
    '200',
    '--chart',
    at('chart.svg'),
  ];
  const { status, stdout } = await sigbox(args);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^\d+ images, \d+ ground truths, 200 resamples\n\nb against a, by AP: /);
  for (const word of ['AP at IoU 0.50 to 0.95', '95 % interval', 'crowding: ', 'aspect: ', 'most changed images']) {
    expect(stdout).toContain(word);
  }
  expect(await readFile(at('chart.svg'), 'utf8')).toMatch(/^<svg .*>Comparison</s);
});

test('--slice compares by fields of the images and columns of a CSV', async () => {
  const at = await files();
  const args = ['compare', at('truth.json'), at('a.json'), at('b.json'), '--json', '--resamples', '100'];
  const { stdout } = await sigbox([...args, '--slice', 'time', '--slice', at('weather.csv')]);
  const { slices, models } = JSON.parse(stdout) as ModelComparison;
  expect(models).toEqual(['a', 'b']);
  const names = slices.map(({ by, name }) => `${by}: ${name}`);
  for (const name of ['time: day', 'time: night', 'weather: sun', 'weather: rain']) expect(names).toContain(name);
});

test.each([
  ['one model', ['truth.json', 'a.json'], 64, /expected a ground truth and the results of two or more models/],
  [
    'a field that no image has',
    ['truth.json', 'a.json', 'b.json', '--slice', 'camera'],
    64,
    /--slice: expected a field that images have, received "camera"/,
  ],
  ['no such CSV', ['truth.json', 'a.json', 'b.json', '--slice', 'none.csv'], 66, /none\.csv: cannot be read/],
])('%s', async (_, args, status, message) => {
  const at = await files();
  const given = args.map((arg) => (/\.(json|csv)$/.test(arg) ? at(arg) : arg));
  const outcome = await sigbox(['compare', ...given]);
  expect(outcome).toEqual({ status, stdout: '', stderr: expect.stringMatching(message) });
});
