import { copyFile, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linux, succeeds } from '../support/machine.js';
import { bin, root, run, sample } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

// System calls that fail, as they do on a disk that is broken or on a file system that lacks them.

const straces = linux && succeeds('strace', ['-f', '-e', 'inject=fsync:error=EIO', 'true']);
if (!straces) console.warn('skipped: system calls can’t be made to fail here (no strace)');

async function annotate(inject: string, file?: (folder: string) => string) {
  const folder = await realpath(await temporaryFolder());
  await mkdir(join(folder, 'in'));
  await copyFile(sample('table.jpg'), join(folder, 'in', 'a.jpg'));
  const command = [process.execPath, bin, 'annotate', join(folder, 'in'), '--out', join(folder, 'out')];
  const [call] = inject.split(':');
  const only = file === undefined ? [] : ['-P', file(folder)];
  const args = ['-f', '-qq', '-o', '/dev/null', ...only, '-e', `trace=${call}`, '-e', `inject=${inject}`, ...command];
  return run('strace', [...args, '--workers', '0', '--no-pictures']);
}

test.skipIf(!straces).each([
  ['fsync:error=EIO', /run\.json: cannot be written: EIO/],
  ['fsync:error=EIO:when=2+', /: cannot be written: EIO/],
  ['fdatasync:error=EIO', /unfiltered\.jsonl: cannot be written: EIO/],
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

// A file that was written may be lost with its last bytes; one that was only read is whole.
test.skipIf(!straces).each([
  ['unfiltered.jsonl', /unfiltered\.jsonl: cannot be written: EIO/],
  ['.sigbox-export', /\.sigbox-export: cannot be written: EIO/],
])('%s can’t be closed after it was written: one line, and its status', async (name, message) => {
  const { status, stderr } = await annotate('close:error=EIO', (folder) => join(folder, 'out', name));
  expect(stderr).toMatch(/^sigbox: [^\n]*\n$/);
  expect(stderr).toMatch(message);
  expect(status).toBe(66);
});

test.skipIf(!straces).each([
  ['the lock', (folder: string) => join(folder, 'out', 'run.lock')],
  // Of this process: onnxruntime, which opens it after that, refuses a model that it can't close.
  ['the model', () => join(root, 'models', 'ssdlite-mobilenet-v2-coco.onnx')],
  ['an image', (folder: string) => join(folder, 'in', 'a.jpg')],
])('%s can’t be closed after it was read: the run goes on', async (_, file) => {
  expect(await annotate('close:error=EIO:when=1', file)).toMatchObject({ status: 0, stderr: '' });
});
