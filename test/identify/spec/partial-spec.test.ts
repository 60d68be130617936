import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { readSpecParts } from '../../../src/identify/spec/partial-spec.js';
import { complaint } from '../../support/complaint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('parts of a spec, as they are, and from a file by path or URL', async () => {
  const parts = { head: { boxUnit: 'input-pixels' } };
  const file = join(await temporaryFolder(), 'a.json');
  await writeFile(file, JSON.stringify(parts));
  expect(await readSpecParts(parts)).toBe(parts);
  expect(await readSpecParts(undefined)).toBeUndefined();
  expect(await readSpecParts(file)).toEqual(parts);
  expect(await readSpecParts(pathToFileURL(file))).toEqual(parts);
});

test.each([
  ['no file', undefined, 'E_IO', 'cannot be read: .*ENOENT.*'],
  ['no JSON', '{"name":', 'E_MODEL', 'is not JSON: .*JSON.*'],
] as const)('%s', async (_, content, code, why) => {
  const file = join(await temporaryFolder(), 'a.json');
  if (content !== undefined) await writeFile(file, content);
  await expect(readSpecParts(file)).rejects.toThrow(complaint(code, new RegExp(`^spec .*a\\.json: ${why}$`)));
});
