import { appendFile, readFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PostprocessOptions } from '../../src/postprocess/options/postprocess-options.js';
import { postprocessRun } from '../../src/runs/postprocess-run.js';
import { readBlocks } from '../../src/runs/record/candidates-file.js';
import { readRun } from '../../src/runs/record/read-run.js';
import type { AnnotateOptions } from '../../src/runs/run-options.js';
import { complaint } from '../support/complaint.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { annotate, at, endOf, images, startOf, useFolders } from './folder-run.js';

useFolders();

const three = { 'b.jpg': 'street.jpg', 'a.jpg': 'table.jpg', 'sub/c.jpg': 'crossing.jpg' };
const bytesOf = (folder: string, name: string) => readFile(join(folder, name));
const FILES = ['unfiltered.jsonl', 'failures.jsonl', 'coco.json', 'coco-results.json'];

async function otherFolder(): Promise<string> {
  return join(await temporaryFolder(), 'other');
}

async function namesOf(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { image } of readBlocks(folder)) names.push(image);
  return names;
}

describe('a run post-processed again is the run that annotate would have made', () => {
  const rows: [string, PostprocessOptions & Pick<AnnotateOptions, 'map'>][] = [
    ['another method', { suppression: 'soft-gaussian', sigma: 0.3, iouThreshold: 0.6 }],
    ['fused boxes', { suppression: 'wbf', fusedScore: 'max' }],
    ['one label per row, all rivals', { labels: 'single', scope: 'all', scoreThreshold: 0.2 }],
    ['labels and their thresholds', { include: ['person', 'car', 'bus'], labelThresholds: { car: 0.6 } }],
    ['limits', { maxDetections: 7, maxPerClass: 2, minSide: 30, maxCandidates: 25 }],
    ['regions', { regionIou: 0.5, measure: 'diou', exclude: ['bus'] }],
    ['calibration', { calibration: { shared: { kind: 'platt', slope: 1.1, intercept: 0.2 } }, scoreThreshold: 0.5 }],
    ['a map with parents', { map: { labels: { bus: 'car' }, parents: { vehicle: ['car', 'truck'] } } }],
  ];

  test.each(rows)('%s', async (_, options) => {
    await images(three);
    await annotate({ candidates: true, floor: 0.02 });
    const [again, direct] = [await otherFolder(), await otherFolder()];
    await postprocessRun(at.out, { out: again, ...options });
    const floor = options.suppression === 'wbf' ? {} : { floor: 0.02 };
    await annotate({ out: direct, ...options, ...floor });
    for (const name of FILES) expect((await bytesOf(again, name)).equals(await bytesOf(direct, name)), name).toBe(true);
    const [one, two] = [(await readRun(again)).header, (await readRun(direct)).header];
    expect([one.spec, one.options, one.thresholds]).toEqual([two.spec, two.options, two.thresholds]);
    expect(await readFile(join(again, 'unfiltered.jsonl'), 'utf8')).not.toBe(
      await readFile(join(at.out, 'unfiltered.jsonl'), 'utf8'),
    );
  });

  test('for evaluation, from a lower floor', async () => {
    await images(three);
    await annotate({ candidates: true, floor: 0.001 });
    const [again, direct] = [await otherFolder(), await otherFolder()];
    await postprocessRun(at.out, { out: again, preset: 'evaluation' });
    await annotate({ out: direct, preset: 'evaluation', floor: 0.001 });
    for (const name of FILES) expect((await bytesOf(again, name)).equals(await bytesOf(direct, name)), name).toBe(true);
  });
});

test('options that are not given stay as the run has them; the new run can be post-processed again', async () => {
  await images({ 'a.jpg': 'street.jpg' });
  await annotate({ candidates: true, suppression: 'none', exclude: ['car'] });
  const [again, back] = [await otherFolder(), await otherFolder()];
  await postprocessRun(at.out, { out: again, maxDetections: 3 });
  expect((await readRun(again)).header.options).toMatchObject({
    suppression: 'none',
    exclude: ['car'],
    maxDetections: 3,
  });
  await postprocessRun(again, { out: back, maxDetections: 300 });
  for (const name of FILES) expect(await bytesOf(back, name)).toEqual(await bytesOf(at.out, name));
});

test('candidates of an image, by name', async () => {
  await images(three);
  await annotate({ candidates: true });
  const run = await readRun(at.out);
  const found = await run.candidates('sub/c.jpg');
  expect(found).toMatchObject({ floor: 0.05, cut: null, space: 'input' });
  expect(found!.scores.length).toBeGreaterThan(5);
  expect(found!.scores.every((score) => score >= 0.05)).toBe(true);
  expect(await run.candidates('d.jpg')).toBeNull();
  expect(await namesOf(at.out)).toEqual(['a.jpg', 'b.jpg', 'sub/c.jpg']);
});

describe('refused', () => {
  test('a run without candidates', async () => {
    await images({ 'a.jpg': 'table.jpg' });
    await annotate();
    const message = /expected a run with candidates, received "?one without"?\. annotate --candidates records them\.$/;
    await expect(postprocessRun(at.out, { out: await otherFolder() })).rejects.toThrow(
      complaint('E_ARGUMENT', message),
    );
    expect(await (await readRun(at.out)).candidates('a.jpg')).toBeNull();
  });

  test('a score below the floor', async () => {
    await images({ 'a.jpg': 'table.jpg' });
    await annotate({ candidates: true });
    const message = /a\.jpg: the result is not certain: scores from 0\.01 on are wanted, from 0\.05 on are recorded/;
    const call = postprocessRun(at.out, { out: await otherFolder(), scoreThreshold: 0.01 });
    await expect(call).rejects.toThrow(complaint('E_ARGUMENT', message));
  });

  test('candidates that were cut off', async () => {
    await images({ 'a.jpg': 'street.jpg' });
    await annotate({ candidates: true, maxCandidates: 5 });
    const call = postprocessRun(at.out, { out: await otherFolder(), maxCandidates: 1000 });
    await expect(call).rejects.toThrow(complaint('E_ARGUMENT', /candidates with scores up to .* were cut off/));
  });

  test('the folder of the run itself', async () => {
    await images({ 'a.jpg': 'table.jpg' });
    await annotate({ candidates: true });
    const call = postprocessRun(at.out, { out: at.out });
    await expect(call).rejects.toThrow(complaint('E_ARGUMENT', /expected options\.out to be another folder/));
  });

  test('to resume without them, or with them a run that has none', async () => {
    await images({ 'a.jpg': 'table.jpg' });
    await annotate({ candidates: true });
    await expect(annotate()).rejects.toThrow(complaint('E_ARGUMENT', /candidates\.floor 0\.05 there, none here/));
  });
});

describe('resumed, the file is the same as in one go', () => {
  test.each<[string, (file: string) => Promise<unknown>, number]>([
    ['a block that was cut off', async (file) => truncate(file, (await readFile(file)).length - 3), 1],
    ['a block without a line', (file) => appendFile(file, 'a block that was begun'), 0],
    ['no file', (file) => rm(file), 3],
    ['not the file', (file) => truncate(file, 5), 3],
  ])('%s', async (_, spoil, todo) => {
    await images(three);
    await annotate({ candidates: true });
    const whole = await bytesOf(at.out, 'candidates.bin');
    await spoil(join(at.out, 'candidates.bin'));
    const events = await annotate({ candidates: true });
    expect(startOf(events).todo).toBe(todo);
    expect(endOf(events)).toMatchObject({ complete: true });
    expect((await bytesOf(at.out, 'candidates.bin')).equals(whole)).toBe(true);
  });
});
