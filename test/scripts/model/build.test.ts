import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { buildModel, tarballOf } from '../../../scripts/model/build.js';
import { type BuildManifest, findManifests, readManifest } from '../../../scripts/model/manifest.js';
import { readModel } from '../../../src/model/onnx/metadata.js';
import { complaint } from '../../support/complaint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { smallFolder } from './small-package.js';

beforeEach(async () => {
  vi.stubEnv('npm_config_cache', join(await temporaryFolder(), 'npm')); // not the developer's own
  onTestFinished(() => void vi.unstubAllEnvs());
});

describe('buildModel', () => {
  test('with update: makes the model, keeps its package, and writes hash and size into the manifest', async () => {
    const { folder, file, manifest, onnx } = await smallFolder();
    const before = await readFile(file, 'utf8');
    const told = await buildModel(file, { update: true });
    const bytes = await readFile(onnx);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(told).toBe(`${onnx} built, ${bytes.length} bytes, sha256 ${sha256}`);
    const filled = before
      .replace('"sha256": ""', `"sha256": "${sha256}"`)
      .replace('"bytes": 0', `"bytes": ${bytes.length}`);
    expect(await readFile(file, 'utf8')).toBe(filled);
    expect(readModel(onnx).metadata.properties.names).toBe(`{1: "cat's eye"}`);
    expect(existsSync(tarballOf(manifest, folder))).toBe(true);
  });

  test('again: up to date, nothing is written', async () => {
    const { file, onnx } = await built();
    const before = await stat(onnx, { bigint: true });
    expect(await buildModel(file)).toBe(`${onnx} is up to date`);
    expect((await stat(onnx, { bigint: true })).mtimeNs).toBe(before.mtimeNs);
  });

  test.each([
    ['that is missing', (onnx: string) => rm(onnx)],
    ['that is another', (onnx: string) => writeFile(onnx, 'another')],
  ])('a model %s is made again, the same one', async (_, spoil) => {
    const { file, onnx } = await built();
    const before = await readFile(onnx);
    await spoil(onnx);
    expect(await buildModel(file)).toMatch(/ built, \d+ bytes, sha256 [0-9a-f]{64}$/);
    expect(await readFile(onnx)).toEqual(before);
  });

  test('from the kept package, when the first one is gone', async () => {
    const { folder, file, onnx } = await built();
    await rm(join(folder, 'small.tgz'));
    await rm(onnx);
    expect(await buildModel(file)).toMatch(/ built, /);
  });

  test('the kept package is fetched again where it is missing', async () => {
    const { folder, file, manifest } = await built();
    await rm(join(folder, '.cache'), { recursive: true });
    expect(await buildModel(file)).toMatch(/ is up to date; fetched its package again, for the parity test$/);
    expect(existsSync(tarballOf(manifest, folder))).toBe(true);
    expect(await buildModel(file)).toMatch(/ is up to date$/);
  });

  test('and where it cannot be, the build goes on', async () => {
    const { folder, file } = await built();
    await rm(join(folder, '.cache'), { recursive: true });
    await rm(join(folder, 'small.tgz'));
    vi.stubEnv('npm_config_cache', join(folder, 'empty')); // npm's has it too
    const message =
      /^[^\n]* is up to date; its package, for the parity test, is missing: package file:small\.tgz: expected .*$/;
    expect(await buildModel(file)).toMatch(message);
  });
});

describe('what it refuses, and then writes nothing', () => {
  const wrong = 'f'.repeat(64);
  const rows: [string, (manifest: BuildManifest) => void, 'E_MODEL' | 'E_IO', RegExp][] = [
    [
      'no hash yet',
      () => {},
      'E_MODEL',
      /small\.onnx, as converted: expected sha256 \(none yet\), received "[0-9a-f]{64}"\. If the spec or the converter was changed on purpose: npm run model -- --update\.$/,
    ],
    [
      'another hash',
      (manifest) => Object.assign(manifest, { sha256: wrong }),
      'E_MODEL',
      /small\.onnx, as converted: expected sha256 f{64}, received "[0-9a-f]{64}"\. If /,
    ],
    [
      'no model.json in the package',
      ({ source }) => Object.assign(source, { path: 'other/model.json' }),
      'E_MODEL',
      /^package file:small\.tgz: expected a file other\/model\.json, received "ENOENT.*"\.$/,
    ],
    [
      'another package than the manifest means',
      ({ source }) => Object.assign(source, { integrity: `sha512-${'A'.repeat(86)}==` }),
      'E_IO',
      /^package file:small\.tgz: expected integrity sha512-A{86}==, received "sha512-.*=="\./,
    ],
    [
      'an output that the graph does not have',
      ({ graph }) => Object.assign(graph.outputs[0], { tensor: 'nowhere' }),
      'E_MODEL',
      /^graph: expected a node nowhere, received undefined\.$/,
    ],
  ];

  test.each(rows)('%s', async (_, change, code, message) => {
    const { folder, file, onnx } = await smallFolder(change);
    const before = await readFile(file, 'utf8');
    await expect(buildModel(file)).rejects.toThrow(complaint(code, message));
    expect(existsSync(onnx)).toBe(false);
    expect((await readdir(folder)).filter((name) => name !== '.cache').sort()).toEqual(['small.json', 'small.tgz']);
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  test('another size', async () => {
    const { file, onnx } = await built();
    await rm(onnx);
    await writeFile(file, (await readFile(file, 'utf8')).replace(/"bytes": \d+/, '"bytes": 12'));
    const message = /small\.onnx, as converted: expected 12 bytes, received \d+\. If /;
    await expect(buildModel(file)).rejects.toThrow(complaint('E_MODEL', message));
    expect(existsSync(onnx)).toBe(false);
  });
});

describe('readManifest', () => {
  const changed = (change: Record<string, unknown>) => (manifest: BuildManifest) =>
    void Object.assign(manifest, change);
  const rows: [string, (manifest: BuildManifest) => void, RegExp][] = [
    ['a field too many', changed({ size: 3 }), /small\.json: expected one of the fields name, .*, received "size"\.$/],
    [
      'no licence',
      changed({ license: undefined }),
      /small\.json: expected license to be a string, received undefined\.$/,
    ],
    ['an empty licence', changed({ license: '' }), /small\.json: expected license to be .*, received ""\.$/],
    [
      'a file elsewhere',
      changed({ file: '../a.onnx' }),
      /small\.json: expected file to be .*, received "\.\.\/a\.onnx"\.$/,
    ],
    [
      'a weak integrity',
      ({ source }) => Object.assign(source, { integrity: 'sha1-abc=' }),
      /source\.integrity to be .*sha512.*, received "sha1-abc="/,
    ],
    [
      'no integrity',
      ({ source }) => Object.assign(source, { integrity: '' }),
      /expected source\.integrity to be .*, received ""\.$/,
    ],
    [
      'three dims',
      ({ graph }) => Object.assign(graph.input, { shape: [1, 4, 4] }),
      /expected graph\.input\.shape to be four dims, received Array of length 3\.$/,
    ],
    ['half a byte', changed({ bytes: 1.5 }), /expected bytes to be a whole number from 0, received 1\.5\.$/],
    [
      'no outputs',
      ({ graph }) => Object.assign(graph, { outputs: [] }),
      /expected graph\.outputs to be one or more outputs, received Array of length 0\.$/,
    ],
    [
      'a spec that is none',
      changed({ spec: {} }),
      /small\.json: spec: expected name to be a string, received undefined\./,
    ],
  ];

  test.each(rows)('%s', async (_, change, message) => {
    const { file } = await smallFolder(change);
    await expect(readManifest(file)).rejects.toThrow(complaint('E_MODEL', message));
    await expect(buildModel(file, { update: true })).rejects.toThrow(complaint('E_MODEL', message));
  });

  test('no JSON', async () => {
    const { file } = await smallFolder();
    await writeFile(file, '{"name":');
    await expect(readManifest(file)).rejects.toThrow(
      complaint('E_MODEL', /small\.json: expected JSON, received ".*"\.$/),
    );
  });
});

describe('findManifests', () => {
  test('all of them, by name', async () => {
    const folder = await temporaryFolder();
    for (const name of ['b.json', 'a.json', 'a.onnx', 'README.md']) await writeFile(join(folder, name), '');
    expect(await findManifests(folder)).toEqual(['a.json', 'b.json'].map((name) => join(folder, name)));
  });

  test('none, or no folder', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.onnx'), '');
    const none = /^.*: expected a manifest \(\*\.json\), received "1 other files"\.$/;
    await expect(findManifests(folder)).rejects.toThrow(complaint('E_IO', none));
    const missing = /gone: expected a folder of manifests, received "ENOENT.*"\.$/;
    await expect(findManifests(join(folder, 'gone'))).rejects.toThrow(complaint('E_IO', missing));
  });
});

test('tarballOf: another name for another integrity', () => {
  const source = {
    package: 'a@1.0.0',
    path: 'model.json',
    integrity: `sha512-${Buffer.alloc(64, 0xab).toString('base64')}`,
  };
  expect(tarballOf({ name: 'a', source }, 'models')).toBe(join('models', '.cache', 'a-abababababababab.tgz'));
});

async function built() {
  const small = await smallFolder();
  await buildModel(small.file, { update: true });
  return small;
}
