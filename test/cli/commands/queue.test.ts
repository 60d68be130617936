import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { sample, sigbox } from '../../support/run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
  await mkdir(join(cwd, 'photos'));
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) await copyFile(sample('table.jpg'), join(cwd, 'photos', name));
});

const run = (...args: string[]) => sigbox(args, { cwd });
const read = (...path: string[]) => readFile(join(cwd, ...path), 'utf8');

test('plan, work, status and collect, as annotate would have done it', async () => {
  const planned = await run('plan', 'photos', '--out', 'store', '--chunk', '2');
  expect(planned).toMatchObject({ status: 0, stderr: '' });
  expect(planned.stdout).toMatch(
    /^3 images in 2 chunks: store\nNext: .*sigbox work store, .*sigbox collect store --out/,
  );
  expect((await run('status', 'store')).stdout).toBe('0 of 3 images (0 %), chunks: 0 of 2 done\n');
  expect(await run('collect', 'store', '--out', 'out')).toMatchObject({
    status: 66,
    stderr: expect.stringMatching(/expected parts of all 2 chunks, received 0\b/),
  });
  expect(await run('work', 'store', '--workers', '1')).toEqual({
    status: 0,
    stdout: '3 images in 2 chunks\n',
    stderr: 'sigbox: store: 3 images in 2 chunks, 0 of them done\n',
  });
  const { chunks } = JSON.parse((await run('status', 'store', '--json', '--watch')).stdout);
  expect(chunks).toEqual({ all: 2, done: 2, setAside: 0 });
  expect(await run('collect', 'store', '--out', 'out', '--format', 'csv')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^3 images annotated: out\n/),
    stderr: '',
  });
  await run('annotate', 'photos', '--out', 'single', '--no-pictures', '--format', 'csv', '--quiet');
  for (const file of ['unfiltered.jsonl', 'run.json', 'annotations.csv', 'index.html']) {
    expect(await read('out', file)).toBe(await read('single', file));
  }
});

test('events of a worker as JSON; a chunk that is set aside is status 3', async () => {
  await run('plan', 'photos', '--out', 'store');
  await rm(join(cwd, 'photos'), { recursive: true });
  await mkdir(join(cwd, 'photos'));
  const { status, stdout } = await run('work', 'store', '--json', '--workers', '1');
  expect(status).toBe(3);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.map(({ type }) => type)).toEqual(['start', 'retry', 'retry', 'set-aside', 'end']);
  expect(await run('status', 'store')).toMatchObject({
    status: 3,
    stdout: expect.stringMatching(/1 set aside\n {2}chunk 0, a\.jpg to c\.jpg: none of 3 images/),
  });
});

test('folders without a plan are named in one line', async () => {
  await writeFile(join(cwd, 'notes'), '');
  for (const command of ['work', 'status']) {
    const { status, stderr } = await run(command, 'nowhere');
    expect(status).toBe(66);
    expect(stderr).toMatch(/^sigbox: nowhere: expected a store with a plan, received "no plan\.json"\. .*\n$/);
  }
  expect((await run('work', 'notes')).status).toBe(66);
});
