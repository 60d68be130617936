import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { SigboxError } from '../../src/errors.js';
import { writeWhole } from '../../src/files/write-whole.js';
import { complaint } from '../support/complaint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, 'file.json');
});

const text = 'é\n'.repeat(40_000); // more than one chunk

test.each([
  ['bytes', () => Buffer.from(text), text],
  ['pieces', () => pieces(text.slice(0, 9), '', text.slice(9)), text],
  ['no bytes', () => new Uint8Array(0), ''],
  ['no pieces', () => pieces(), ''],
])('%s', async (_, content, expected) => {
  await writeWhole(file, content());
  expect(await readFile(file, 'utf8')).toBe(expected);
  expect(await readdir(folder)).toEqual(['file.json']);
});

test('folders that are missing are made', async () => {
  const deep = join(folder, 'a', 'b', 'c.json');
  await writeWhole(deep, pieces('x'));
  expect(await readFile(deep, 'utf8')).toBe('x');
});

test('a file of that name is replaced, and stands until the new one is whole', async () => {
  await writeFile(file, 'old and longer');
  const seen: string[] = [];
  async function* slow() {
    yield 'new';
    seen.push(await readFile(file, 'utf8'));
  }
  await writeWhole(file, slow());
  expect(seen).toEqual(['old and longer']);
  expect(await readFile(file, 'utf8')).toBe('new');
});

test.each([
  ['a fault of the source', new Error('broken'), complaint('E_IO', /^.*file\.json: cannot be written: broken\.$/)],
  ['its own error as it is', new SigboxError('E_IMAGE', 'no image'), complaint('E_IMAGE', /^no image$/)],
])('%s leaves the old file and nothing else', async (_, fault, expected) => {
  await writeFile(file, 'old');
  async function* failing() {
    yield 'half';
    throw fault;
  }
  await expect(writeWhole(file, failing())).rejects.toThrow(expected);
  expect(await readFile(file, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['file.json']);
});

test('a folder of that name', async () => {
  await mkdir(file);
  const message = /^.*file\.json: cannot be written: E(ISDIR|PERM|EXIST).*\.$/;
  await expect(writeWhole(file, pieces('x'))).rejects.toThrow(complaint('E_IO', message));
  expect(await readdir(folder)).toEqual(['file.json']);
});

test('a file where a folder would have to be', async () => {
  await writeFile(file, 'a file');
  const message = /^.*inside\.json: cannot be written: E(NOTDIR|EXIST).*\.$/;
  await expect(writeWhole(join(file, 'inside.json'), pieces('x'))).rejects.toThrow(complaint('E_IO', message));
  expect(existsSync(join(file, 'inside.json'))).toBe(false);
});

async function* pieces(...parts: string[]) {
  yield* parts;
}

test('a name as long as the file system allows', async () => {
  const longest = join(folder, 'é'.repeat(127));
  await writeWhole(longest, pieces('x'));
  expect(await readFile(longest, 'utf8')).toBe('x');
});
