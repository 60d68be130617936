import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSpecFile } from '../../../src/cli/options/read-spec-file.js';
import { complaint } from '../../support/complaint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('parts of a spec, as they are', async () => {
  const file = join(await temporaryFolder(), 'a.json');
  await writeFile(file, '{"head":{"boxUnit":"input-pixels"}}');
  expect(await readSpecFile(file)).toEqual({ head: { boxUnit: 'input-pixels' } });
});

test.each([
  ['no file', undefined, 'E_IO', 'cannot be read: ENOENT.*'],
  ['no JSON', '{"name":', 'E_MODEL', 'is not JSON: .*JSON.*'],
] as const)('%s', async (_, content, code, why) => {
  const file = join(await temporaryFolder(), 'a.json');
  if (content !== undefined) await writeFile(file, content);
  await expect(readSpecFile(file)).rejects.toThrow(complaint(code, new RegExp(`^spec .*a\\.json: ${why}$`)));
});
