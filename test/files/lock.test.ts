import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { lockFolder } from '../../src/files/lock.js';
import { complaint } from '../support/complaint.js';
import { run } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, 'run.lock');
});

const held = complaint(
  'E_IO',
  /run\.lock: expected a folder that no other run writes to, received one that is held by/,
);

test('is there while it is held, and then gone', async () => {
  {
    await using _lock = await lockFolder(folder);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid, host: hostname() });
  }
  expect(await readdir(folder)).toEqual([]);
});

test('a second one in this process is refused, also by another path', async () => {
  await using _lock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(held);
  await expect(lockFolder(join(folder, '..', folder.split('/').at(-1)!))).rejects.toThrow(held);
});

test('after it was given back it can be had again', async () => {
  for (let i = 0; i < 3; i++) await (await lockFolder(folder))[Symbol.asyncDispose]();
});

test('a folder that is not there', async () => {
  const message = /^.*missing: cannot be written: ENOENT: .*\.$/;
  await expect(lockFolder(join(folder, 'missing'))).rejects.toThrow(complaint('E_IO', message));
});

describe('one that is there', () => {
  const holder = { pid: process.ppid, host: hostname(), start: null, since: '2026-11-24T12:00:00.000Z', id: 'x' };

  test.each([
    ['of a process that runs', holder],
    ['of another machine', { ...holder, host: 'elsewhere', pid: 1 }],
    ['of process 1, which belongs to someone else', { ...holder, pid: 1 }],
  ])('%s: refused', async (_, content) => {
    await writeFile(file, JSON.stringify(content));
    await expect(lockFolder(folder)).rejects.toThrow(held);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(content);
  });

  test.each([
    ['of a process that has died', async () => ({ ...holder, pid: await pidOfDead() })],
    ['of an earlier process of this one’s number', async () => ({ ...holder, pid: process.pid })],
  ])('%s: taken over', async (_, content) => {
    await writeFile(file, JSON.stringify(await content()));
    await using _lock = await lockFolder(folder);
    expect(await readdir(folder)).toEqual(['run.lock']);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid });
  });

  test.skipIf(process.platform !== 'linux')('of an earlier process of a number that another has now', async () => {
    await writeFile(file, JSON.stringify({ ...holder, start: '1' }));
    await (await lockFolder(folder))[Symbol.asyncDispose]();
  });

  test('without content: refused while it may just be written, taken over later', async () => {
    for (const age of [60_000, -60_000]) {
      // the latter after a clock was put back
      await writeFile(file, '');
      await expect(lockFolder(folder)).rejects.toThrow(held);
      const then = new Date(Date.now() - age);
      await utimes(file, then, then);
      await (await lockFolder(folder))[Symbol.asyncDispose]();
    }
  });

  test('of a dead process, and several want it: one gets it', async () => {
    await writeFile(file, JSON.stringify({ ...holder, pid: await pidOfDead() }));
    const outcomes = await Promise.allSettled([lockFolder(folder), lockFolder(folder), lockFolder(folder)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });
});

async function pidOfDead(): Promise<number> {
  return Number((await run(process.execPath, ['-p', 'process.pid'])).stdout);
}
