import { readdir, readFile, rm, statfs, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { isLocal } from '../../src/files/kernel-lock.js';
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

  test('without content, as a disk that was full may leave it: taken over', async () => {
    for (const content of ['', '\0'.repeat(200)]) {
      await writeFile(file, content);
      await (await lockFolder(folder))[Symbol.asyncDispose]();
    }
  });

  test('that is no lock at all: left alone', async () => {
    await writeFile(file, 'my notes');
    const message =
      /run\.lock: expected the lock of a run, received "another file"\. Move it away, or use another folder\.$/;
    await expect(lockFolder(folder)).rejects.toThrow(complaint('E_IO', message));
    expect(await readFile(file, 'utf8')).toBe('my notes');
  });

  test('that is a link or a named pipe: not opened', async () => {
    await symlink(join(folder, 'elsewhere'), file);
    await expect(lockFolder(folder)).rejects.toThrow(complaint('E_IO', /run\.lock: cannot be written: ELOOP/));
    expect(await readdir(folder)).toEqual(['run.lock']);
  });

  test('of another machine whose kernel kept it as well: taken over where this kernel is the only one', async () => {
    await writeFile(file, JSON.stringify({ ...holder, host: 'container', kernel: true }));
    if (isLocal((await statfs(folder)).type)) await (await lockFolder(folder))[Symbol.asyncDispose]();
    else await expect(lockFolder(folder)).rejects.toThrow(held);
  });

  test('of a dead process, and several want it: one gets it', async () => {
    await writeFile(file, JSON.stringify({ ...holder, pid: await pidOfDead() }));
    const outcomes = await Promise.allSettled([lockFolder(folder), lockFolder(folder), lockFolder(folder)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });
});

describe('one that is lost', () => {
  const lost = complaint(
    'E_IO',
    /run\.lock: expected this run's lock, received another run's, or none\. This run stops/,
  );

  test.each([
    ['removed', () => rm(file)],
    [
      'taken by a run that could not see this one',
      () => writeFile(file, JSON.stringify({ pid: 1, host: 'b', id: 'y' })),
    ],
  ])('%s: told before the next write, and not given back', async (_, lose) => {
    {
      await using lock = await lockFolder(folder);
      lock.requireHeld();
      await lose();
      expect(() => lock.requireHeld()).toThrow(lost);
    }
    expect(await readdir(folder)).toEqual(_ === 'removed' ? [] : ['run.lock']);
  });

  test('written to the disk again by its own run, as a copy does: still held', async () => {
    await using lock = await lockFolder(folder);
    await writeFile(file, await readFile(file));
    lock.requireHeld();
  });
});

async function pidOfDead(): Promise<number> {
  return Number((await run(process.execPath, ['-p', 'process.pid'])).stdout);
}
