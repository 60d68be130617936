import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtinModel } from '../../../src/model/builtin.js';
import { commitOf, serveHub } from '../../support/hub-server.js';
import { bin, run, sample, sigbox } from '../../support/run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** The built-in model, as if somebody had published it. */
async function published() {
  const repository = { files: { 'model.onnx': await readFile(builtinModel()) }, license: 'agpl-3.0' };
  const hub = await serveHub({ 'org/street': repository });
  const folder = await temporaryFolder();
  const env = {
    ...process.env,
    HF_HUB_CACHE: join(folder, 'cache'),
    XDG_CACHE_HOME: folder,
    HF_ENDPOINT: hub.endpoint,
  };
  const sigbox = (...args: string[]) => run(process.execPath, [bin, ...args], { env, cwd: folder });
  return { hub, folder, sigbox, commit: commitOf(repository) };
}

test('detect --model hf:ORG/NAME fetches the model once, and tells its licence first', async () => {
  const { hub, sigbox } = await published();
  const args = ['detect', sample('street.jpg'), '--json', '--workers', '0', '--model', 'hf:org/street'];
  const first = await sigbox(...args);
  expect(first.status).toBe(0);
  expect(first.stderr).toMatch(/^sigbox: hf:org\/street is under agpl-3\.0: .*\nsigbox: model\.onnx: \d+ of \d+ MB\n/);
  const builtin = await run(process.execPath, [bin, ...args.slice(0, -2)]);
  expect(first.stdout).toBe(builtin.stdout);
  hub.requests.length = 0;
  const second = await sigbox(...args);
  expect(second).toMatchObject({ status: 0, stdout: first.stdout, stderr: '' });
  expect(hub.requests).toEqual([]);
});

test('run.json records name, revision and hash; another revision of the same bytes resumes the run', async () => {
  const { sigbox, folder, commit } = await published();
  const args = ['annotate', sample('street.jpg'), '--out', 'out', '--no-pictures', '--model', 'hf:org/street'];
  expect((await sigbox(...args)).status).toBe(0);
  const { model } = JSON.parse(await readFile(join(folder, 'out/run.json'), 'utf8'));
  expect(model).toMatchObject({ name: `hf:org/street@${commit}/model.onnx`, revision: commit });
  expect(model.file).toContain('models--org--street');
  const again = await sigbox(...args.slice(0, -1), builtinModel());
  expect(again.status).toBe(0);
});

test('models lists what is cached, and removes it', async () => {
  const { sigbox } = await published();
  expect((await sigbox('pull', 'hf:org/street')).stdout).toMatch(
    /models--org--street\/snapshots\/\w{40}\/model\.onnx\n$/,
  );
  const { known, cached } = JSON.parse((await sigbox('models', '--json')).stdout);
  expect(known.map(({ name }: { name: string }) => name)).toContain('dfine-n');
  expect(cached).toMatchObject([{ name: 'org/street', models: [{ path: 'model.onnx' }] }]);
  expect((await sigbox('models')).stdout).toMatch(
    /dfine-n +D-FINE +42\.8[\s\S]*In the cache:\n[\s\S]*org\/street +model\.onnx +18\n/,
  );
  expect((await sigbox('models', 'remove', 'org/street')).stdout).toMatch(/^org\/street: 18 MB removed, /);
  const gone = await sigbox('models', 'remove', 'hf:org/street');
  expect(gone).toMatchObject({ status: 66, stderr: expect.stringMatching(/hf:org\/street is not in the cache/) });
});

test('refused in one line', async () => {
  expect(await sigbox(['models', 'list'])).toMatchObject({
    status: 64,
    stderr: expect.stringMatching(/^sigbox: models: expected nothing, or remove/),
  });
  expect(await sigbox(['pull', 'model.onnx'])).toMatchObject({
    status: 64,
    stderr: expect.stringMatching(/^sigbox: model: expected hf:ORG/),
  });
});
