import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtinModel } from '../../src/model/builtin.js';
import { mergeRuns } from '../../src/runs/merge.js';
import { sample, sigbox } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

// The built-in model beside itself: what several models are called, recorded and resumed as does not depend on what they find.

const street = sample('street.jpg');
const both = ['--model', builtinModel(), '--model', `${builtinModel()}:2`];
const labels = (stdout: string) =>
  (JSON.parse(stdout) as { detections: { label: string; score: number }[] }).detections.map(({ label }) => label);

test('detect: a model beside itself finds what it finds alone, and its score by wbf', async () => {
  const alone = await sigbox(['detect', street, '--json', '--workers', '0']);
  const joined = await sigbox(['detect', street, '--json', '--workers', '0', ...both]);
  expect([joined.status, labels(joined.stdout)]).toEqual([0, labels(alone.stdout)]);
  const voted = await sigbox([
    'detect',
    street,
    '--json',
    '--workers',
    '0',
    ...both,
    '--min-models',
    '2',
    '--suppression',
    'wbf',
  ]);
  expect(labels(voted.stdout).toSorted()).toEqual(labels(alone.stdout).toSorted());
});

test('detect: a thresholds file for each', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'strict.json');
  const content = { format: 'sigbox-thresholds', version: 1, made: [], options: { scoreThreshold: 0.99 } };
  await writeFile(file, JSON.stringify(content));
  const strict = await sigbox([
    'detect',
    street,
    '--json',
    '--workers',
    '0',
    ...both,
    '--thresholds',
    `${file},${file}`,
  ]);
  expect([strict.status, strict.stderr, labels(strict.stdout)]).toEqual([0, '', []]);
  const one = await sigbox(['detect', street, '--json', '--workers', '0', ...both, '--thresholds', `${file},`]);
  expect(labels(one.stdout)).toContain('person');
  const missing = await sigbox(['detect', street, ...both, '--thresholds', file]);
  expect([missing.status, missing.stderr]).toEqual([
    64,
    expect.stringMatching(
      /^sigbox: --thresholds: expected a thresholds file for each of 2 models, separated by commas/,
    ),
  ]);
});

test('annotate: run.json has all models; a run of others is not resumed, nor merged', async () => {
  const folder = await temporaryFolder();
  const annotate = (out: string, more: readonly string[]) =>
    sigbox(['annotate', street, '--out', join(folder, out), '--workers', '1', '--no-pictures', ...more]);
  expect((await annotate('a', both)).status).toBe(0);
  const header = JSON.parse(await readFile(join(folder, 'a', 'run.json'), 'utf8'));
  expect(header.models.map(({ weight }: { weight: number }) => weight)).toEqual([1, 2]);
  expect((await annotate('a', both)).stdout).toMatch(/^1 image annotated/);
  const other = await annotate('a', ['--model', builtinModel(), '--model', builtinModel()]);
  expect([other.status, other.stderr]).toEqual([64, expect.stringMatching(/models\.1 /)]);
  expect((await annotate('b', [])).status).toBe(0);
  const folders = ['a', 'b'].map((name) => join(folder, name));
  await expect(mergeRuns(folders, { out: join(folder, 'c') })).rejects.toThrow(/models\.0/);
  await mergeRuns(folders.slice(0, 1), { out: join(folder, 'd') });
});

test('a queue: planned with several models, worked on with the same', async () => {
  const folder = await temporaryFolder();
  const store = join(folder, 'store');
  const planned = await sigbox(['plan', street, '--out', store, ...both]);
  expect([planned.status, planned.stderr]).toEqual([0, '']);
  const worked = await sigbox(['work', store, '--workers', '1']);
  expect([worked.status]).toEqual([0]);
  const out = join(folder, 'collected');
  expect((await sigbox(['collect', store, '--out', out])).status).toBe(0);
  const direct = join(folder, 'direct');
  await sigbox(['annotate', street, '--out', direct, '--workers', '1', '--no-pictures', ...both]);
  const record = (of: string) => readFile(join(of, 'unfiltered.jsonl'), 'utf8');
  expect(await record(out)).toBe(await record(direct));
});

test('a spec beside several models is refused', async () => {
  const { status, stderr } = await sigbox(['detect', street, ...both, '--size', '320']);
  expect([status, stderr]).toEqual([
    64,
    expect.stringMatching(/^sigbox: --model: expected no size beside several models/),
  ]);
});
