import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { makeFolder } from '../../src/files/make-folder.js';
import { temporaryFolder } from '../support/temporary-folder.js';

vi.mock('node:fs/promises', { spy: true });

const failure = (code: string) => Object.assign(new Error(code), { code });

test('with those above it, also where it is there', async () => {
  const folder = await temporaryFolder();
  for (let i = 0; i < 2; i++) await makeFolder(join(folder, 'a', 'b'));
  expect(await readdir(folder, { recursive: true })).toEqual(['a', join('a', 'b')]);
});

test('a file in its place', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  await expect(makeFolder(file)).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder(join(file, 'a'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test('a link to a folder is as good as one, a link to nothing is not', async () => {
  const folder = await temporaryFolder();
  const [good, dangling] = [join(folder, 'good'), join(folder, 'dangling')];
  await symlink('.', good);
  await symlink('missing', dangling);
  await makeFolder(good);
  await makeFolder(join(good, 'a'));
  await expect(makeFolder(dangling)).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder(join(dangling, 'b'))).rejects.toMatchObject({ code: 'EEXIST' });
  expect((await readdir(folder)).sort()).toEqual(['a', 'dangling', 'good']);
});

/** What mkdir says in /proc, where Node's own making of many at once never ends. */
test('a folder that takes no others, though it is there', async () => {
  const folder = await temporaryFolder();
  vi.mocked(mkdir).mockImplementation(async (path) => {
    throw failure(path === folder ? 'EEXIST' : 'ENOENT');
  });
  try {
    await expect(makeFolder(join(folder, 'a'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(makeFolder(join(folder, 'a', 'b'))).rejects.toMatchObject({ code: 'ENOENT' });
    for (const [, options] of vi.mocked(mkdir).mock.calls) expect(options).toBeUndefined();
  } finally {
    vi.mocked(mkdir).mockReset();
  }
});

test('a disk that is full is told, not the folder that is missing for it', async () => {
  const folder = join(await temporaryFolder(), 'a');
  vi.mocked(mkdir).mockRejectedValueOnce(failure('ENOENT')).mockResolvedValueOnce(undefined);
  vi.mocked(mkdir).mockRejectedValueOnce(failure('ENOSPC'));
  await expect(makeFolder(folder)).rejects.toMatchObject({ code: 'ENOSPC' });
});
