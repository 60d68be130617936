import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { lockFolder } from '../../src/files/lock.js';
import { OwnedFiles } from '../../src/files/owned-files.js';
import { settleOptions } from '../../src/options/plan.js';
import { mergeRuns } from '../../src/runs/merge.js';
import { readRun } from '../../src/runs/record/read-run.js';
import { failureLine, resultLine } from '../../src/runs/record/record.js';
import { complaint } from '../support/complaint.js';
import { filesOf } from '../support/files-of.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { failureOf, headerOf, recordOf, regionOf, writeRun } from './runs.js';

let folder: string;
let out: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  out = join(folder, 'out');
});

const shard = (part: string | null) => headerOf({ inputs: { ...headerOf().inputs, root: `/of/${part}`, shard: part } });
const region = regionOf([1, 2, 3, 4], [1, 0.5]);
const [a, b, c, d] = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'].map((name) => recordOf(name, region));

async function part(name: string, run: Parameters<typeof writeRun>[1]): Promise<string> {
  await writeRun(join(folder, name), run);
  return join(folder, name);
}

test('parts become one run, in the order of names', async () => {
  const one = await part('1', { header: shard('1/2'), results: [d!, b!], failures: [failureOf('z.jpg')] });
  const two = await part('2', { header: shard('2/2'), results: [c!, a!], failures: [failureOf('e.jpg')] });
  const { summary, warnings } = await mergeRuns([one, two], { out });
  expect(warnings).toEqual([]);
  expect(summary).toMatchObject({ images: 4, labels: [{ label: 'person', regions: 4, images: 4 }] });
  expect(summary.failures.map(({ image }) => image)).toEqual(['e.jpg', 'z.jpg']);
  const read = (file: string) => readFile(join(out, file), 'utf8');
  expect(await read('unfiltered.jsonl')).toBe([a!, b!, c!, d!].map(resultLine).join(''));
  expect(await read('failures.jsonl')).toBe([failureOf('e.jpg'), failureOf('z.jpg')].map(failureLine).join(''));
  expect((await readRun(out)).header.inputs.shard).toBeNull();
  expect(JSON.parse(await read('coco.json')).images).toHaveLength(4);
  expect((await readdir(out)).sort()).toEqual([
    '.sigbox-export',
    'annotations.csv',
    'coco-results.json',
    'coco.json',
    'failures.jsonl',
    'index.html',
    'run.json',
    'summary.txt',
    'unfiltered.jsonl',
  ]);
});

test('an image twice: the same line counts once, a result counts instead of a failure', async () => {
  const one = await part('1', { results: [a!, b!] });
  const two = await part('2', { results: [b!], failures: [failureOf(a!.image)] });
  const { summary } = await mergeRuns([two, one], { out });
  expect(summary).toMatchObject({ images: 2, failures: [] });
});

test.each([
  ['missing ones', ['2/4', '3/4'], ['of 4 parts these are missing: 1, 4']],
  ['different divisions', ['1/2', '2/3'], ['the parts are of different divisions: into 2 and 3']],
  ['none are parts', [null, null], []],
])('parts: %s', async (_, parts, expected) => {
  const folders = await Promise.all(parts.map((one, i) => part(String(i), { header: shard(one) })));
  expect((await mergeRuns(folders, { out })).warnings).toEqual(expected);
});

const options = (changes: object) => headerOf({ options: { ...headerOf().options, ...changes } });

test.each([
  ['another model', headerOf({ model: { file: 'm', sha256: 'b'.repeat(64) } }), /model\.sha256 "a+" there, "b+" here/],
  ['another option', options({ iouThreshold: 0.6 }), /options\.iouThreshold 0\.5 there, 0\.6 here/],
  ['another floor', options({ scoreThreshold: 0.1 }), /options\.floor 0\.05 there, 0\.1 here/],
  ['other labels', headerOf({ spec: { ...headerOf().spec, labels: ['x'] } }), /spec\.labels .* there, \["x"\] here/],
  ['other scores', headerOf({ thresholds: { scoreThreshold: 0.5, labelThresholds: {} } }), /the scores differ/],
])('refuses %s, and writes nothing', async (_, header, message) => {
  const [one, two] = [await part('1', { results: [a!] }), await part('2', { header })];
  await expect(mergeRuns([one, two], { out })).rejects.toThrow(complaint('E_ARGUMENT', message));
  await expect(readdir(out)).rejects.toThrow('ENOENT');
});

test('refuses different results of one image', async () => {
  const one = await part('1', { results: [a!] });
  const two = await part('2', { results: [recordOf(a!.image)] });
  const message = /^merge: expected one result of "a\.jpg", received different ones from .*1 and .*2\.$/;
  await expect(mergeRuns([one, two], { out })).rejects.toThrow(complaint('E_ARGUMENT', message));
});

test('refuses a folder that holds a run, unless it may go', async () => {
  const one = await part('1', { results: [a!] });
  await writeRun(out, { results: [b!] });
  const message = /out: expected a folder without a run, received "run\.json"\..*--restart/;
  await expect(mergeRuns([one], { out })).rejects.toThrow(complaint('E_IO', message));
  await writeRun(out, { header: headerOf({ exports: ['coco', 'jsonl', 'of a later version'] }), results: [b!] });
  const files = await OwnedFiles.open(out);
  await files.write('annotations.jsonl', ['{}\n']);
  await files.close();
  const { summary } = await mergeRuns([one], { out, restart: true });
  expect(summary).toMatchObject({ images: 1 });
  expect(await readdir(out)).not.toContain('annotations.jsonl');
  expect((await readRun(out)).header.exports).toEqual(['coco', 'coco-results', 'csv']);
});

test.each([
  ['itself', '1', false],
  ['itself, to begin anew', '1', true],
  ['by another path', '../parts/1', true],
  ['by a link', 'link', true],
])('refuses to write into a part: %s', async (_, name, restart) => {
  folder = join(folder, 'parts');
  const one = await part('1', { results: [a!], failures: [failureOf('z.jpg')] });
  const two = await part('2', { results: [b!] });
  await symlink(one, join(folder, 'link'));
  const before = await filesOf(folder);
  const message =
    /^merge: expected options\.out to be another folder than the runs that are joined, received ".*"\. It is .*1\.$/;
  const merging = mergeRuns([two, one], { out: `${folder}/${name}`, restart });
  await expect(merging).rejects.toThrow(complaint('E_ARGUMENT', message));
  expect(await filesOf(folder)).toEqual(before);
  expect(await readdir(one)).toContain('run.json');
});

test('refuses what is no run, and nothing at all', async () => {
  await mkdir(join(folder, 'empty'));
  await expect(mergeRuns([join(folder, 'empty')], { out })).rejects.toThrow(
    complaint('E_IO', /expected the folder of a run/),
  );
  await expect(mergeRuns([], { out })).rejects.toThrow(complaint('E_ARGUMENT', /expected one or more runs/));
  const one = await part('1', { results: [a!] });
  await writeFile(join(one, 'run.json'), JSON.stringify({ ...headerOf(), options: settleOptions({}), version: 9 }));
  await expect(mergeRuns([one], { out })).rejects.toThrow(complaint('E_IO', /expected version 2, received 9/));
});

describe('parts that lack something are named', () => {
  const state = { images: 5, complete: false };

  test('a run that was killed: how many images are missing', async () => {
    const one = await part('1', { results: [a!] });
    const two = await part('2', { header: headerOf({ state }), results: [b!, c!], failures: [failureOf('z.jpg')] });
    const { summary, warnings } = await mergeRuns([one, two], { out });
    expect(warnings).toEqual([
      expect.stringMatching(/2: its run did not end: 2 of 5 images are missing\. Run annotate/),
    ]);
    expect(summary).toMatchObject({ images: 3, notBegun: 2 });
    expect((await readRun(out)).header.state).toEqual({ images: 6, complete: false });
  });

  test('lines that are spoilt or cut off', async () => {
    const one = await part('1', { results: [a!, b!, c!] });
    const file = join(one, 'unfiltered.jsonl');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"width"', 'width').slice(0, -9));
    const { summary, warnings } = await mergeRuns([one], { out });
    expect(warnings).toEqual([expect.stringMatching(/1: 2 lines of its record can’t be read\./)]);
    expect(summary.images).toBe(1);
  });

  test('one that is being written is refused: it may sort its record meanwhile', async () => {
    const [one, two] = [await part('1', { results: [a!] }), await part('2', { results: [b!] })];
    await using _lock = await lockFolder(two);
    await expect(mergeRuns([one, two], { out })).rejects.toThrow(
      complaint('E_IO', /2\/run\.lock: .*is held by process/),
    );
    expect(existsSync(join(out, 'unfiltered.jsonl'))).toBe(false);
    expect(await readdir(one)).not.toContain('run.lock');
  });
});
