import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linux, succeeds } from '../support/machine.js';
import { bin, run, sample } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

// System calls that fail, as they do on a disk that is broken or on a file system that lacks them.

const straces = linux && succeeds('strace', ['-f', '-e', 'inject=fsync:error=EIO', 'true']);
if (!straces) console.warn('skipped: system calls can’t be made to fail here (no strace)');

async function annotate(inject: string) {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'in'));
  await copyFile(sample('table.jpg'), join(folder, 'in', 'a.jpg'));
  const command = [process.execPath, bin, 'annotate', join(folder, 'in'), '--out', join(folder, 'out')];
  const [call] = inject.split(':');
  const args = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${inject}`, ...command];
  return run('strace', [...args, '--workers', '0', '--no-pictures']);
}

test.skipIf(!straces).each([
  ['fsync:error=EIO', /run\.json: cannot be written: EIO/],
  ['fsync:error=EIO:when=2+', /: cannot be written: EIO/],
  ['fdatasync:error=EIO', /results\.jsonl: cannot be written: EIO/],
  ['rename:error=EIO', /run\.json: cannot be written: EIO/],
  ['ftruncate:error=EIO', /run\.lock: cannot be written: EIO/],
  ['fsync:error=ENOSPC', /: cannot be written: ENOSPC/],
])('%s: one line, and its status', async (inject, message) => {
  const { status, stderr } = await annotate(inject);
  expect(stderr).toMatch(/^sigbox: [^\n]*\n$/);
  expect(stderr).toMatch(message);
  expect(status).toBe(66);
});

test.skipIf(!straces).each(['fsync:error=EOPNOTSUPP', 'fdatasync:error=EINVAL', 'fsync:error=ENOSYS'])(
  '%s: the file system has no such thing, and the run goes on',
  async (inject) => {
    expect(await annotate(inject)).toMatchObject({ status: 0, stderr: '' });
  },
);
