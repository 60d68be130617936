import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { commitOf, serveHub, sha256Of } from '../../support/hub-server.js';
import { succeeds } from '../../support/machine.js';
import { onnxModel } from '../../support/onnx.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

// SIGBOX_KILLS=50 npx vitest run test/model/hub/processes.test.ts: 50 kills of one download.
const KILLS = Number(process.env.SIGBOX_KILLS ?? 6);
const PYTHON = process.env.SIGBOX_PYTHON ?? 'python3';
const python = succeeds(PYTHON, ['-c', 'import huggingface_hub']);
const script = fileURLToPath(new URL('pull.mjs', import.meta.url));
const model = onnxModel({ outputs: [{ name: 'out', dims: [1, 84, 8400] }] }); // 2.8 MB
const run = promisify(execFile);

async function hubAndCache() {
  const repository = { files: { 'onnx/model.onnx': model, 'config.json': Buffer.from('{}') }, license: 'mit' };
  const hub = await serveHub({ 'org/name': repository });
  const cache = await temporaryFolder();
  const env = {
    ...process.env,
    HF_HUB_CACHE: cache,
    HF_HOME: cache,
    HF_ENDPOINT: hub.endpoint,
    HF_HUB_DISABLE_XET: '1',
  };
  return { hub, cache, env, commit: commitOf(repository) };
}

test('20 processes that ask for one model fetch it once', async () => {
  const { hub, cache, env } = await hubAndCache();
  hub.piece = 100_000;
  const runs = Array.from({ length: 20 }, () => run(process.execPath, [script, 'hf:org/name'], { env }));
  const files = new Set((await Promise.all(runs)).map(({ stdout }) => stdout.trim().split('\n').at(-1)!));
  expect(files.size).toBe(1);
  expect((await readFile([...files][0]!)).equals(model)).toBe(true);
  expect(hub.sent).toBe(model.length);
  expect(await readdir(join(cache, '.locks/models--org--name'))).toEqual([]);
});

test(`after ${KILLS} kills a download goes on, and nothing wrong has its name`, async () => {
  const { hub, cache, env } = await hubAndCache();
  const blob = join(cache, 'models--org--name/blobs', sha256Of(model));
  hub.piece = Math.ceil(model.length / KILLS / 4);
  for (let kill = 0; kill < KILLS; kill++) {
    const child = spawn(process.execPath, [script, 'hf:org/name'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    await bytesCome(child);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const found = await readFile(blob).catch(() => null);
    expect(found === null || found.equals(model)).toBe(true);
  }
  hub.piece = 0;
  await run(process.execPath, [script, 'hf:org/name'], { env });
  expect((await readFile(blob)).equals(model)).toBe(true);
  expect(await readdir(join(cache, 'models--org--name/blobs'))).toHaveLength(2);
  expect(hub.requests.filter((request) => /^store GET \S+ bytes=/.test(request)).length).toBeGreaterThan(0);
});

/** Until the process has told of bytes, or has ended: the last of the content may have come. */
async function bytesCome(child: ChildProcess): Promise<void> {
  await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')]);
}

test.skipIf(!python)(`huggingface_hub reads what sigbox has cached (where ${PYTHON} has it)`, async () => {
  const { hub, env, commit } = await hubAndCache();
  const { stdout } = await run(process.execPath, [script, 'hf:org/name'], { env });
  hub.requests.length = 0;
  const program =
    'from huggingface_hub import hf_hub_download, snapshot_download, scan_cache_dir\n' +
    'print(hf_hub_download("org/name", "onnx/model.onnx", local_files_only=True))\n' +
    'print(snapshot_download("org/name", local_files_only=True))\n' +
    'info = scan_cache_dir()\n' +
    'print([w for w in info.warnings], [r.commit_hash for repo in info.repos for r in repo.revisions])\n';
  const read = await run(PYTHON, ['-c', program], { env });
  const [file, folder, scan] = read.stdout.trim().split('\n');
  expect(file).toBe(stdout.trim().split('\n').at(-1));
  expect(file).toBe(join(folder!, 'onnx/model.onnx'));
  expect(scan).toBe(`[] ['${commit}']`);
  expect(hub.requests.filter((request) => request.includes('org/name'))).toEqual([]);
});

test.skipIf(!python)(`sigbox reads what huggingface_hub has cached (where ${PYTHON} has it)`, async () => {
  const { hub, env } = await hubAndCache();
  const program =
    'from huggingface_hub import snapshot_download\nprint(snapshot_download("org/name", allow_patterns=["*.onnx", "*.json"]))\n';
  const written = await run(PYTHON, ['-c', program], { env });
  hub.requests.length = 0;
  const { stdout } = await run(process.execPath, [script, 'hf:org/name'], { env });
  expect(stdout.trim()).toBe(join(written.stdout.trim(), 'onnx/model.onnx'));
  expect(hub.requests).toEqual([]);
});
