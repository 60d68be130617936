import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256 } from '../../../src/runs/inputs/file-state.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('the hash of several files is that of their content in a row', async () => {
  const folder = await temporaryFolder();
  const [a, b, none] = [join(folder, 'a'), join(folder, 'b'), join(folder, 'none')];
  await writeFile(a, 'one ');
  await writeFile(b, 'two');
  await writeFile(none, '');
  const of = (text: string) => createHash('sha256').update(text).digest('hex');
  expect(await sha256(a)).toBe(of('one '));
  expect(await sha256(a, none, b)).toBe(of('one two'));
  expect(await sha256(b, a)).toBe(of('twoone '));
  await expect(sha256(a, join(folder, 'gone'))).rejects.toThrow(/ENOENT/);
});
