import { randomBytes } from 'node:crypto';
import { readdir, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readChunks } from '../../src/files/read-chunks.js';
import { complaint } from '../support/complaint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const content = Buffer.alloc(700_000, 'some text that repeats, but not for ever: ');

async function read(file: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of readChunks(file)) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}

test.each([
  ['plain', content, content],
  ['gzip', gzipSync(content), content],
  ['empty', Buffer.alloc(0), Buffer.alloc(0)],
  ['one byte', Buffer.of(0x1f), Buffer.of(0x1f)],
  ['two gzip members', Buffer.concat([gzipSync('a'), gzipSync('b')]), Buffer.from('ab')],
])('%s', async (_, bytes, expected) => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, bytes);
  expect((await read(file)).equals(expected)).toBe(true);
});

test.each([
  [
    'gzip that ends early',
    gzipSync(content).subarray(0, 900),
    /file: gzip data can't be unpacked: unexpected end of file\.$/,
  ],
  [
    'damaged gzip',
    Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff, 0xff]),
    /gzip data can't be unpacked: /,
  ],
])('%s is an error', async (_, bytes, message) => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, bytes);
  await expect(read(file)).rejects.toThrow(complaint('E_IO', message));
});

test('a file that is not there, and a folder', async () => {
  await expect(read(join(await temporaryFolder(), 'none'))).rejects.toThrow(
    complaint('E_IO', /none: cannot be read: ENOENT/),
  );
  await expect(read(await temporaryFolder())).rejects.toThrow(complaint('E_IO', /cannot be read: it is a folder/));
});

/** Large also when packed, so that the file is still open at its second part. */
const large = randomBytes(5_000_000);

// Linux lists the open files of a process.
test.skipIf(process.platform !== 'linux').each([
  ['plain', large, 1],
  ['plain', large, 2],
  ['gzip', gzipSync(large), 1],
  ['gzip', gzipSync(large), 2],
])('a reader that stops early closes the file: %s', async (_, bytes, parts) => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, bytes);
  let read = 0;
  for await (const _chunk of readChunks(file)) {
    if (read === 0) expect(await openFiles()).toContain(file);
    if (++read === parts) break;
  }
  expect(read).toBe(parts);
  expect(await openFiles()).not.toContain(file);
});

async function openFiles(): Promise<(string | null)[]> {
  const descriptors = await readdir('/proc/self/fd');
  return Promise.all(descriptors.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => null)));
}
