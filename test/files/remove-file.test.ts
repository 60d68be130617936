import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeFile } from '../../src/files/remove-file.js';
import { complaint } from '../support/complaint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test('a file goes, and one that is not there is none', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a'), '');
  await writeFile(join(folder, 'b'), '');
  for (const name of ['a', 'a', join('b', 'c'), join('d', 'e')]) await removeFile(join(folder, name));
  expect(await readdir(folder)).toEqual(['b']);
});

test('what can’t be removed is told', async () => {
  const folder = join(await temporaryFolder(), 'a');
  await mkdir(folder);
  await expect(removeFile(folder)).rejects.toThrow(complaint('E_IO', /^.*a: cannot be removed: E\w+: .*\.$/));
});
