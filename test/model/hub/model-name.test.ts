import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KNOWN_MODELS } from '../../../src/model/hub/known-models.js';
import { isSafePath, remoteModel } from '../../../src/model/hub/model-name.js';
import { complaint } from '../../support/complaint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const digest = 'a1'.repeat(32);

test.each([
  ['hf:a/b', { repo: 'a/b', revision: 'main', file: null }],
  ['hf:a/b@v1.0', { repo: 'a/b', revision: 'v1.0', file: null }],
  ['hf:a/b/m.onnx', { repo: 'a/b', revision: 'main', file: 'm.onnx' }],
  ['hf:a-b/c_d.e@refs%2Fpr%2F1/onnx/m.ONNX', { repo: 'a-b/c_d.e', revision: 'refs/pr/1', file: 'onnx/m.ONNX' }],
])('%s lies in a repository', (name, expected) => {
  expect(remoteModel(name)).toEqual({ kind: 'hub', sha256: null, ...expected });
});

test('an address with a hash', () => {
  const expected = { kind: 'web', url: 'https://a.b/c%20d.onnx?x=1', sha256: digest };
  expect(remoteModel(`https://a.b/c d.onnx?x=1#sha256=${digest.toUpperCase()}`)).toEqual(expected);
});

test.each([
  ['a path', 'models/a.onnx'],
  ['a file whose name begins so', './hf:a'],
  ['an unknown short name', 'dfine'],
])('%s is on this machine', (_, name) => {
  expect(remoteModel(name)).toBeNull();
});

const repository = /^model: expected hf:ORG\/NAME, hf:ORG\/NAME@REVISION or .*, received "hf:/;

test.each([
  ['no organisation', 'hf:a', repository],
  ['nothing', 'hf:', repository],
  ['a way out by the repository', 'hf:../b', repository],
  ['a way out by the revision', 'hf:a/b@..', repository],
  ['a way out by the encoded revision', 'hf:a/b@x%2F..%2F..', repository],
  ['a way out by the file', 'hf:a/b/../../c.onnx', repository],
  ['a backslash', 'hf:a/b/c\\d.onnx', repository],
  ['another file', 'hf:a/b/config.json', repository],
  ['two revisions', 'hf:a/b@c@d', repository],
  ['a broken escape', 'hf:a/b@%E0%A4%A', repository],
  ['an address without hash', 'https://a.b/c.onnx', /ends in #sha256= .*Only a file with a known hash is fetched/],
  ['an address with a short hash', 'https://a.b/c.onnx#sha256=abc', /64 hexadecimal digits/],
  ['an address with a user', `https://me:secret@a.b/c.onnx#sha256=${digest}`, /a web address without a user/],
])('refused: %s', (_, name, message) => {
  expect(() => remoteModel(name)).toThrow(complaint('E_ARGUMENT', message));
});

test('a file wins over a short name', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'dfine-n'), '');
  const before = process.cwd();
  process.chdir(folder);
  try {
    expect(remoteModel('dfine-n')).toBeNull();
  } finally {
    process.chdir(before);
  }
});

test('every short name names one file with one hash', () => {
  for (const { name, sha256, license } of KNOWN_MODELS) {
    expect(remoteModel(name), name).toMatchObject({ sha256 });
    expect(sha256, name).toMatch(/^[0-9a-f]{64}$/);
    expect(license, name).toBe('Apache-2.0');
  }
  expect(new Set(KNOWN_MODELS.map(({ name }) => name)).size).toBe(KNOWN_MODELS.length);
  expect(new Set(KNOWN_MODELS.map(({ sha256 }) => sha256)).size).toBe(KNOWN_MODELS.length);
});

test.each(['a/../b', '', '/a', 'a//b', '.', 'a\\b', 'C:', 'a\u0000'])('%j is no path of a repository', (path) => {
  expect(isSafePath(path)).toBe(false);
});
