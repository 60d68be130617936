import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { fetchTarball, withPackage } from '../../../scripts/model/fetch.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { integrityOf, smallTarball } from './small-package.js';

const tarball = smallTarball();
const other = smallTarball({ 'package.json': '{"name":"small","version":"1.0.0","description":"another"}' });
const source = { package: 'file:small.tgz', integrity: integrityOf(tarball), path: 'model/model.json' };
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, '.cache', 'kept.tgz');
  vi.stubEnv('npm_config_cache', join(folder, 'npm')); // not the developer's own
  onTestFinished(() => void vi.unstubAllEnvs());
});

describe('fetchTarball', () => {
  test('a tarball beside the manifest', async () => {
    await writeFile(join(folder, 'small.tgz'), tarball);
    await fetchTarball(source, file, folder);
    expect(await readFile(file)).toEqual(tarball);
  });

  test('a package of the registry that npm is set to', async () => {
    await serve(registry({ promised: tarball, sent: tarball }));
    await fetchTarball({ ...source, package: 'small@1.0.0' }, file, folder);
    expect(await readFile(file)).toEqual(tarball);
  });

  const refused: [string, { package: string; registry?: Registry; beside?: Buffer }, RegExp][] = [
    [
      'no such file',
      { package: 'file:small.tgz' },
      /^package file:small\.tgz: expected its tarball, received "ENOENT.*small\.tgz.*"\. Is the registry reachable \(npm ping\) and the name right\?$/,
    ],
    [
      'another file than the manifest means',
      { package: 'file:small.tgz', beside: other },
      integrityMessage('file:small.tgz'),
    ],
    [
      'a registry that promises another tarball',
      { package: 'small@1.0.0', registry: registry({ promised: other, sent: other }) },
      integrityMessage('small@1.0.0'),
    ],
    [
      'a registry that sends another tarball than it promises',
      { package: 'small@1.0.0', registry: registry({ promised: tarball, sent: other }) },
      integrityMessage('small@1.0.0'),
    ],
    [
      'a registry without the package',
      { package: 'small@1.0.0', registry: () => undefined },
      /^package small@1\.0\.0: expected its tarball, received "404 Not Found - GET .*\/small.*"\. Is the registry/,
    ],
    [
      'a registry without the version',
      { package: 'small@2.0.0', registry: registry({ promised: tarball, sent: tarball }) },
      /^package small@2\.0\.0: expected its tarball, received "No matching version found for small@2\.0\.0\."\. Is the registry/,
    ],
  ];

  test.each(refused)('%s', async (_, { package: name, registry, beside }, message) => {
    if (beside) await writeFile(join(folder, 'small.tgz'), beside);
    if (registry) await serve(registry);
    const fetched = fetchTarball({ ...source, package: name }, file, folder);
    await expect(fetched).rejects.toMatchObject({ code: 'E_IO', message: expect.stringMatching(message) });
    await expect(fetched).rejects.toThrow(/^[^\n]*$/);
    expect(existsSync(file) || existsSync(join(folder, '.cache'))).toBe(false);
  });

  test('no network', async () => {
    const server = await serve(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    const fetched = fetchTarball({ ...source, package: 'small@1.0.0' }, file, folder);
    const message =
      /^package small@1\.0\.0: expected its tarball, received ".*ECONNREFUSED.*"\. Is the registry reachable/;
    await expect(fetched).rejects.toMatchObject({ code: 'E_IO', message: expect.stringMatching(message) });
  }, 20_000); // it tries three times
});

describe('withPackage', () => {
  test('gives a folder with the files, and removes it', async () => {
    const kept = join(folder, 'kept.tgz');
    await writeFile(kept, tarball);
    let unpacked = '';
    const names = await withPackage(source, kept, async (path) => {
      unpacked = path;
      return readdir(join(path, 'model'));
    });
    expect(names.sort()).toEqual(['model.json', 'weights.bin']);
    expect(existsSync(unpacked)).toBe(false);
  });

  test('removes the folder after a failure too', async () => {
    const kept = join(folder, 'kept.tgz');
    await writeFile(kept, tarball);
    let unpacked = '';
    const used = withPackage(source, kept, async (path) => {
      unpacked = path;
      throw new Error('in use');
    });
    await expect(used).rejects.toThrow('in use');
    expect(existsSync(unpacked)).toBe(false);
  });

  test('a kept tarball that was damaged', async () => {
    const kept = join(folder, 'kept.tgz');
    await writeFile(kept, tarball.subarray(0, 200));
    const message =
      /kept\.tgz: expected integrity sha512-.*==, received "sha512-.*=="\. Remove that file and run npm run model again\.$/;
    await expect(withPackage(source, kept, async () => {})).rejects.toMatchObject({
      code: 'E_IO',
      message: expect.stringMatching(message),
    });
  });
});

/** What a registry answers to a path; undefined: 404. */
type Registry = (path: string, address: string) => Buffer | string | undefined;

/** One package, small@1.0.0: the tarball whose integrity is promised, and the one that is sent. */
function registry({ promised, sent }: { promised: Buffer; sent: Buffer }): Registry {
  return (path, address) => {
    if (path === '/small.tgz') return sent;
    if (path !== '/small') return undefined;
    const dist = { tarball: `${address}/small.tgz`, integrity: integrityOf(promised) };
    const versions = { '1.0.0': { name: 'small', version: '1.0.0', dist } };
    return JSON.stringify({ name: 'small', 'dist-tags': { latest: '1.0.0' }, versions });
  };
}

/** A registry on this machine, to which npm's settings point until the test ends. */
async function serve(answer: Registry) {
  const server = createServer((request, response) => {
    const body = answer(request.url ?? '', address);
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('npm_config_registry', address);
  return server;
}

function integrityMessage(name: string): RegExp {
  const [expected, received] = [source.integrity, integrityOf(other)].map((hash) => hash.replaceAll('+', '\\+'));
  return new RegExp(
    `^package ${name}: expected integrity ${expected}, received "${received}"\\. Another tarball lies under`,
  );
}
