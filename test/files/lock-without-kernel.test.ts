import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { lockFolder } from '../../src/files/lock.js';
import { complaint } from '../support/complaint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

// Where the kernel keeps no lock: some network file systems, and platforms without the compiled part.
vi.mock('../../src/files/kernel-lock.js', () => ({ lockFile: () => null, isLocal: () => false }));

const held = complaint('E_IO', /run\.lock: expected a folder that no other run writes to/);
const holder = { host: hostname(), pid: process.ppid, start: null, since: '2026-11-24T12:00:00.000Z', id: 'x' };

test('a free folder is locked, and says that the kernel keeps nothing', async () => {
  const folder = await temporaryFolder();
  await using lock = await lockFolder(folder);
  lock.requireHeld();
  expect(JSON.parse(await readFile(join(folder, 'run.lock'), 'utf8'))).not.toHaveProperty('kernel');
});

test.each([
  ['a process that runs', holder],
  ['another machine', { ...holder, host: 'elsewhere', kernel: true }],
])('one of %s: refused', async (_, content) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'run.lock'), JSON.stringify(content));
  await expect(lockFolder(folder)).rejects.toThrow(held);
});

test('one that another run has written over in the meantime: refused', async () => {
  const folder = await temporaryFolder();
  const taking = lockFolder(folder);
  await vi.waitFor(async () => expect(await readFile(join(folder, 'run.lock'), 'utf8')).toMatch(/"pid"/), {
    interval: 1,
  });
  await writeFile(join(folder, 'run.lock'), JSON.stringify({ ...holder, id: 'later' }));
  await expect(taking).rejects.toThrow(held);
});
