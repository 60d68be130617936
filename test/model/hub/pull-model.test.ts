import { lstat, mkdir, readdir, readFile, readlink, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { PullOptions } from '../../../src/model/hub/pull-model.js';
import { pullModel } from '../../../src/model/hub/pull-model.js';
import { hubSettings } from '../../../src/model/hub/settings.js';
import { complaint } from '../../support/complaint.js';
import { commitOf, type HubServer, type ServedRepository, serveHub, sha256Of } from '../../support/hub-server.js';
import { onnxModel } from '../../support/onnx.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const text = (value: string) => Buffer.from(value);
const model = onnxModel({ outputs: [{ name: 'out', dims: [1, 84, 8400] }] }); // 2.8 MB
const REPOSITORY: ServedRepository = {
  files: { 'onnx/model.onnx': model, 'config.json': text('{}'), 'README.md': text('not needed') },
  license: 'apache-2.0',
};

async function hubWith(repository: ServedRepository = REPOSITORY) {
  const hub = await serveHub({ 'org/name': repository });
  const cache = await temporaryFolder();
  const env = { HF_HUB_CACHE: cache, HF_ENDPOINT: hub.endpoint, HF_HOME: cache, XDG_CACHE_HOME: cache };
  const settings = hubSettings(env);
  const pull = (name = 'hf:org/name', options: PullOptions = {}) => pullModel(name, { settings, ...options });
  return { hub, cache, env, settings, pull };
}

const fetched = (hub: HubServer) => hub.requests.filter((request) => request.startsWith('store GET'));

test('a model and what is beside it go into the cache as huggingface_hub lays it out', async () => {
  const { cache, pull } = await hubWith();
  const commit = commitOf(REPOSITORY);
  const pulled = await pull();
  const snapshot = join(cache, 'models--org--name/snapshots', commit);
  expect(pulled).toEqual({
    file: join(snapshot, 'onnx/model.onnx'),
    name: `hf:org/name@${commit}/onnx/model.onnx`,
    revision: commit,
    sha256: sha256Of(model),
    license: 'apache-2.0',
    movedFrom: null,
  });
  expect(await readlink(pulled.file)).toBe(`../../../blobs/${sha256Of(model)}`);
  expect((await readFile(pulled.file)).equals(model)).toBe(true);
  expect(await readFile(join(cache, 'models--org--name/refs/main'), 'utf8')).toBe(commit);
  expect((await readdir(snapshot)).sort()).toEqual(['config.json', 'onnx']);
});

test('what is in the cache needs no request, and no connection', async () => {
  const { hub, pull, env } = await hubWith();
  const { file } = await pull();
  hub.requests.length = 0;
  expect((await pull()).file).toBe(file);
  expect((await pull('hf:org/name/onnx/model.onnx')).file).toBe(file);
  const settings = hubSettings({ ...env, HF_HUB_OFFLINE: '1' });
  expect((await pull(undefined, { settings, refresh: true })).file).toBe(file);
  expect(hub.requests).toEqual([]);
  await expect(pull('hf:org/other', { settings })).rejects.toThrow(
    complaint('E_IO', /^model hf:org\/other: it is not in .*HF_HUB_OFFLINE forbids/),
  );
});

test('a branch that moved is told when it is asked for', async () => {
  const { hub, pull } = await hubWith();
  const first = await pull();
  const next = { ...REPOSITORY, files: { ...REPOSITORY.files, 'config.json': text('{"a": 1}') } };
  hub.repositories['org/name'] = next;
  expect((await pull()).revision).toBe(first.revision);
  const second = await pull(undefined, { refresh: true });
  expect(second).toMatchObject({ revision: commitOf(next), movedFrom: first.revision });
  expect(fetched(hub)).toHaveLength(1); // the model is the same
  expect((await pull(`hf:org/name@${first.revision}`)).file).toBe(first.file);
});

test('the token goes to the hub, and not to where it redirects', async () => {
  const { hub, pull, env } = await hubWith({ ...REPOSITORY, access: 'hf_secret' });
  await pull(undefined, { settings: hubSettings({ ...env, HF_TOKEN: 'hf_secret' }) });
  const [store, others] = [
    hub.requests.filter((r) => r.startsWith('store')),
    hub.requests.filter((r) => !r.startsWith('store')),
  ];
  expect(store).toHaveLength(1);
  expect(store.join()).not.toContain('hf_secret');
  expect(others.every((request) => request.endsWith('Bearer hf_secret'))).toBe(true);
});

test('a connection that breaks is resumed where it broke', async () => {
  const { hub, pull } = await hubWith();
  let cuts = 0;
  hub.fault = (request, response, part) => {
    if (part !== 'store' || cuts === 3) return false;
    cuts++;
    const start = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0);
    response.writeHead(start === 0 ? 200 : 206, {
      'content-length': model.length - start,
      ...(start === 0 ? {} : { 'content-range': `bytes ${start}-${model.length - 1}/${model.length}` }),
    });
    response.write(model.subarray(start, start + 500_000), () => setTimeout(() => response.destroy(), 20));
    return true;
  };
  const { file } = await pull();
  expect((await readFile(file)).equals(model)).toBe(true);
  const starts = fetched(hub).map((request) => Number(/bytes=(\d+)/.exec(request)?.[1] ?? 0));
  expect(starts).toHaveLength(4);
  expect(starts.every((start, i) => i === 0 || start > starts[i - 1]!)).toBe(true);
});

test('an unfinished file of an earlier process is continued; a spoilt one is fetched again', async () => {
  const { hub, cache, pull } = await hubWith();
  const blobs = join(cache, 'models--org--name/blobs');
  const left = join(blobs, `${sha256Of(model)}.dead.sigbox-incomplete`);
  await mkdir(blobs, { recursive: true });
  await writeFile(left, model.subarray(0, 1_000_000));
  const { file } = await pull();
  expect(fetched(hub)).toEqual([expect.stringMatching(/bytes=1000000-$/)]);
  await rm(join(blobs, sha256Of(model)));
  await writeFile(left, Buffer.alloc(1_000_000, 7));
  await pull();
  expect((await readFile(file)).equals(model)).toBe(true);
  expect(await readdir(blobs)).toHaveLength(2);
});

test('content with another hash never gets its name', async () => {
  const { hub, cache, pull } = await hubWith();
  hub.fault = (_, response, part) => {
    if (part !== 'store') return false;
    const flipped = Buffer.from(model);
    flipped[1234]! ^= 1;
    response.writeHead(200, { 'content-length': flipped.length }).end(flipped);
    return true;
  };
  await expect(pull()).rejects.toThrow(
    complaint('E_IO', /expected content with the hash .* received other content twice/),
  );
  expect(
    (await readdir(join(cache, 'models--org--name/blobs'))).filter((name) => name.startsWith(sha256Of(model))),
  ).toEqual([]);
});

test('a blob that was spoilt on disk is noticed and fetched again', async () => {
  const { hub, pull } = await hubWith();
  const { file } = await pull();
  await truncate(file, 1000);
  expect((await readFile((await pull()).file)).equals(model)).toBe(true);
  expect(fetched(hub)).toHaveLength(2);
});

test('servers that are busy are asked again', async () => {
  const { hub, pull } = await hubWith();
  const failures = [429, 503, 500];
  hub.fault = (_, response) => {
    const status = failures.pop();
    if (status === undefined) return false;
    response.writeHead(status, { 'retry-after': '0' }).end();
    return true;
  };
  await pull();
});

const pinned = { ...REPOSITORY, commit: '380d2839c327efaf65dd0fe0c2c10ab7fadd5473' };

test.each<[string, Record<string, ServedRepository>, string, RegExp]>([
  ['no repository', {}, 'hf:org/name', /^model hf:org\/name: 127.* knows no such repository\. .*set HF_TOKEN\.$/],
  [
    'a private one',
    { 'org/name': { ...REPOSITORY, access: 'hf_x' } },
    'hf:org/name',
    /no such repository\. .*set HF_TOKEN/,
  ],
  [
    'a gated one',
    { 'org/name': { ...REPOSITORY, access: 'nobody' } },
    'hf:org/name',
    /refuses access\. Ask for it at http.*org\/name, and set HF_TOKEN/,
  ],
  ['no such revision', { 'org/name': REPOSITORY }, 'hf:org/name@v9', /knows no revision "v9" of it/],
  [
    'another hash than the short name has',
    { 'onnx-community/dfine_n_coco-ONNX': pinned },
    'dfine-n',
    /dfine_n_coco-ONNX@380d.*: expected onnx\/model\.onnx with the SHA-256/,
  ],
])('refused: %s', async (_, repositories, name, message) => {
  const { hub, pull } = await hubWith();
  hub.repositories = repositories;
  await expect(pull(name)).rejects.toThrow(complaint('E_IO', message));
  expect(fetched(hub)).toEqual([]);
});

test('weights in files of their own come along; missing ones are fetched later', async () => {
  const fixtures = join(import.meta.dirname, '../../fixtures/models');
  const [onnx, weights] = await Promise.all(
    ['external.onnx', 'external.bin'].map((name) => readFile(join(fixtures, name))),
  );
  const { cache, pull } = await hubWith({ files: { 'a/external.onnx': onnx!, 'a/external.bin': weights! } });
  const { file } = await pull();
  const beside = join(dirname(file), 'external.bin');
  expect((await readFile(beside)).equals(weights!)).toBe(true);
  await rm(join(cache, 'models--org--name/blobs', sha256Of(weights!)));
  await pull();
  expect((await readFile(beside)).equals(weights!)).toBe(true);
});

test('weights that the repository lacks', async () => {
  const onnx = await readFile(join(import.meta.dirname, '../../fixtures/models/external.onnx'));
  const { pull } = await hubWith({ files: { 'external.onnx': onnx } });
  await expect(pull()).rejects.toThrow(
    complaint('E_MODEL', /its weights are in external\.bin, which the repository lacks/),
  );
});

test('without symbolic links, snapshots hold the files themselves', async () => {
  const { pull, env } = await hubWith();
  const settings = hubSettings({ ...env, HF_HUB_DISABLE_SYMLINKS: '1' });
  const { file } = await pull(undefined, { settings });
  expect((await lstat(file)).isFile()).toBe(true);
  expect((await pull(undefined, { settings })).file).toBe(file);
});

test('an address with a hash', async () => {
  const { hub, cache, pull } = await hubWith();
  const sha256 = sha256Of(model);
  const name = `http://${hub.storeHost}/${sha256}#sha256=${sha256}`;
  const { file } = await pull(name);
  expect(file).toBe(join(cache, 'sigbox/models', sha256, 'model.onnx'));
  expect((await pull(name)).file).toBe(file);
  expect(fetched(hub)).toHaveLength(1);
  const other = 'ab'.repeat(32);
  await expect(pull(`http://${hub.storeHost}/${sha256}#sha256=${other}`)).rejects.toThrow(
    complaint('E_IO', /other content twice/),
  );
});

test('licences and choices are told before anything is fetched', async () => {
  const files = { ...REPOSITORY.files, 'onnx/model_fp16.onnx': model };
  const { hub, pull } = await hubWith({ files, license: 'agpl-3.0' });
  const notices: string[] = [];
  await pull(undefined, {
    onNotice: (notice) => {
      expect(fetched(hub)).toEqual([]);
      notices.push(notice);
    },
  });
  expect(notices).toEqual([
    'hf:org/name: onnx/model.onnx is taken, of 2 ONNX files.',
    expect.stringMatching(/^hf:org\/name is under agpl-3\.0: an application/),
  ]);
});

test('a signal ends it, and the rest is fetched later', async () => {
  const { hub, pull } = await hubWith();
  hub.piece = 50_000;
  const controller = new AbortController();
  const onProgress = (file: string, received: number) => {
    if (file.endsWith('.onnx') && received > 200_000) controller.abort(new Error('enough'));
  };
  await expect(pull(undefined, { signal: controller.signal, onProgress })).rejects.toThrow('enough');
  hub.piece = 0;
  await pull();
  expect(Number(/bytes=(\d+)/.exec(fetched(hub)[1]!)?.[1])).toBeGreaterThan(100_000);
});

test('names that the hub makes up never become paths outside', async () => {
  const { hub, pull } = await hubWith({ files: { '../../../evil.onnx': model } });
  await expect(pull()).rejects.toThrow(complaint('E_IO', /expected paths and hashes of files from the hub/));
  expect(fetched(hub)).toEqual([]);
});

test('an answer that is no API', async () => {
  const { hub, pull } = await hubWith();
  hub.fault = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"a": 1}');
    return true;
  };
  await expect(pull()).rejects.toThrow(complaint('E_IO', /Is HF_ENDPOINT the address of a model hub\?/));
});
