import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OwnedFiles } from '../../src/files/owned-files.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Opens the list of a folder, and lists what is there once the work is done. */
async function session(folder: string, work: (files: OwnedFiles) => Promise<unknown>): Promise<void> {
  const files = await OwnedFiles.open(folder);
  await work(files);
  await files.rewrite();
}

test.each<[string, (files: OwnedFiles) => Promise<unknown>]>([
  [
    'was removed and written again with the same content',
    async (files) => {
      await files.remove('a.txt');
      await files.write('a.txt', ['one']);
    },
  ],
  [
    'was changed and changed back',
    async (files) => {
      await files.write('a.txt', ['two']);
      await files.write('a.txt', ['one']);
    },
  ],
])('a file that %s is still sigbox’s own', async (_, work) => {
  const folder = join(await temporaryFolder(), 'out');
  await session(folder, (files) => files.write('a.txt', ['one']));
  await session(folder, work);
  await session(folder, (files) => files.write('a.txt', ['three']));
  expect(await (await OwnedFiles.open(folder)).isForeign('a.txt')).toBe(false);
});
