import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { FolderStore } from '../../../src/files/store/folder-store.js';
import { StoreError } from '../../../src/files/store/store.js';
import { complaint } from '../../support/complaint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let store: FolderStore;

beforeEach(async () => {
  store = new FolderStore(join(await temporaryFolder(), 'store'));
});

async function keys(prefix: string, after?: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(prefix, after === undefined ? {} : { after })) found.push(key);
  return found;
}

const bytes = (text: string) => Buffer.from(text);

test('what is written is read, whole or in pieces, and found', async () => {
  expect(await store.write('a/b.txt', bytes('one'))).toBe('written');
  expect(Buffer.from((await store.read('a/b.txt')).bytes).toString()).toBe('one');
  let text = '';
  for await (const piece of store.stream('a/b.txt')) text += Buffer.from(piece).toString();
  expect(text).toBe('one');
  expect(await store.find('a/b.txt')).toMatchObject({ key: 'a/b.txt', size: 3 });
  expect(await store.find('a')).toBeNull();
  expect(await store.find('a/c.txt')).toBeNull();
});

test('ifAbsent leaves what is there, and of many writers one writes', async () => {
  const all = await Promise.all(
    Array.from({ length: 8 }, (_, i) => store.write('x', bytes(`${i}`), { ifAbsent: true })),
  );
  expect(all.filter((outcome) => outcome === 'written')).toHaveLength(1);
  expect(Buffer.from((await store.read('x')).bytes).toString()).toBe(String(all.indexOf('written')));
  expect(await store.write('x', bytes('new'))).toBe('written');
  expect(Buffer.from((await store.read('x')).bytes).toString()).toBe('new');
  expect(await readdir(store.name)).toEqual(['x']); // nothing half-written is left
});

test('keys come in the order of their bytes, from any prefix and after any key', async () => {
  const names = ['a', 'a-b', 'a/b', 'a/c/d', 'a.b', 'b', 'ﬀ', '😀', 'é'];
  const folders = new Set(names.filter((name) => names.some((other) => other.startsWith(`${name}/`))));
  const files = names.filter((name) => !folders.has(name));
  for (const name of files) await store.write(name, bytes('1'));
  const sorted = [...files].sort((a, b) => Buffer.compare(bytes(a), bytes(b)));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('', 'a', 'a/', 'a/c', 'a/c/d', 'b', 'z', 'é'),
      fc.constantFrom(undefined, 'a', 'a-b', 'a/b', 'a/c', 'a/c/d', 'b', '😀', 'zz'),
      async (prefix, after) => {
        const isAfter = (key: string) => after === undefined || Buffer.compare(bytes(key), bytes(after)) > 0;
        expect(await keys(prefix, after)).toEqual(sorted.filter((key) => key.startsWith(prefix) && isAfter(key)));
      },
    ),
  );
});

test('hidden files and links that lead nowhere are no keys; a folder that is missing has none', async () => {
  expect(await keys('')).toEqual([]);
  await mkdir(join(store.name, '.hidden'), { recursive: true });
  await writeFile(join(store.name, '.hidden', 'a'), '1');
  await writeFile(join(store.name, '.b'), '1');
  await symlink('nowhere', join(store.name, 'link'));
  expect(await keys('')).toEqual([]);
});

test.each(['../a', 'a/../../b', '/etc/passwd', 'a//b', '', 'a/.', 'a\0b'])(
  'a key that leads out of the store is refused: %j',
  async (key) => {
    const refusal = complaint('E_IO', /expected a key below the store/);
    await expect(store.read(key)).rejects.toThrow(refusal);
    await expect(store.write(key, bytes('1'))).rejects.toThrow(refusal);
    await expect(store.remove(key)).rejects.toThrow(refusal);
  },
);

test('removes what killed writers left behind', async () => {
  await store.write('parts/1.jsonl', bytes('1'));
  const old = new Date(Date.now() - 2 * 3_600_000);
  const parts = join(store.name, 'parts');
  const temporary = (digit: string) => `.sigbox-${digit.repeat(16)}.part`;
  const names = [temporary('a'), temporary('b'), '.sigbox-notes.part', '1.jsonl'];
  for (const name of names) await writeFile(join(parts, name), 'x');
  for (const name of names.filter((each) => each !== temporary('b'))) await utimes(join(parts, name), old, old);
  await store.removeAbandoned('parts');
  await store.removeAbandoned('no/such/folder');
  expect((await readdir(parts)).sort()).toEqual([temporary('b'), '.sigbox-notes.part', '1.jsonl'].sort());
});

test('says what the trouble is', async () => {
  const error = await store.read('a').catch((cause) => cause);
  expect(error).toBeInstanceOf(StoreError);
  expect(error).toMatchObject({ code: 'E_IO', trouble: 'missing' });
  await store.remove('a'); // which is as good as removed
  await store.write('f', bytes('1'));
  expect(await store.read('f/x').catch((cause) => cause)).toMatchObject({ trouble: 'missing' });
  expect(await store.write('f/x', bytes('1')).catch((cause) => cause)).toBeInstanceOf(StoreError);
});
