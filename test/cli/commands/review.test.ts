import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { madeRun } from '../../review/made-run.js';
import { root } from '../../support/run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const main = join(root, 'dist', 'cli', 'main.js');

function review(...args: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [main, 'review', ...args]);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function firstLine(child: ChildProcessWithoutNullStreams): Promise<string> {
  const [text] = await once(child.stdout, 'data');
  return String(text).trimEnd();
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<{ status: number | null; errors: string }> {
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const [status] = await once(child, 'close');
  return { status, errors };
}

test('the address is printed, the page is there, and SIGINT ends it', { timeout: 60_000 }, async () => {
  const { folder, groundTruth } = await madeRun(await temporaryFolder(), { images: 3 });
  const truth = join(folder, 'truth.json');
  await writeFile(truth, JSON.stringify(groundTruth));
  const child = review(folder, '--no-open', '--truth', truth);
  const url = await firstLine(child);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]+\/$/);
  const info = await (await fetch(`${url}data/page.json`)).json();
  expect(info).toMatchObject({ writable: true, groundTruth: { images: 3 }, paths: { groundTruth: truth } });
  child.kill('SIGINT');
  expect(await ended(child)).toEqual({ status: 0, errors: '' });
});

test('--export writes the page', { timeout: 60_000 }, async () => {
  const { folder } = await madeRun(await temporaryFolder(), { images: 3 });
  const out = join(await temporaryFolder(), 'page');
  const child = review(folder, '--export', out, '--anonymous');
  expect(await firstLine(child)).toBe(join(out, 'index.html'));
  expect((await ended(child)).status).toBe(0);
  expect(await readdir(join(out, 'pictures', '0'))).toEqual(['0.jpg', '1.jpg']);
});

test.each([
  ['a folder without a run', [root], 66, /expected the folder of a run/],
  ['a ground truth that is not there', [root, '--truth', 'none.json'], 66, /none\.json/],
  ['a port for files', [root, '--export', 'page', '--port', '80'], 64, /--port is for a server/],
  ['three runs', ['a', 'b', 'c'], 64, /the folder of a run, or of two/],
])('it refuses %s', { timeout: 60_000 }, async (_, args, status, message) => {
  const outcome = await ended(review(...args));
  expect(outcome).toEqual({ status, errors: expect.stringMatching(message) });
  expect(outcome.errors.trimEnd()).not.toContain('\n');
});
