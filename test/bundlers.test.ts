import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { beforeEach, describe, expect, test } from 'vitest';
import { root, run, sample } from './support/run.js';
import { temporaryFolder } from './support/temporary-folder.js';

// An application that a bundler has made of sigbox and its own code, as a server's is. Native packages stay outside.

const APPLICATION = `
  import { createDetector, drawDetections } from 'sigbox';
  import { readFile } from 'node:fs/promises';
  await using detector = await createDetector({ workers: Number(process.argv[3]) });
  const bytes = await readFile(process.argv[2]);
  const { detections } = await detector.detect(bytes);
  const drawn = await drawDetections(bytes, detections, { size: 64 });
  console.log(detections.some(({ label }) => label === 'car'), drawn.length > 0);
`;

let folder: string;

/** Packages of the project that the bundle finds beside it; sigbox among them or not. */
async function installed({ sigbox }: { sigbox: boolean }): Promise<void> {
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  const packages = (await readdir(join(root, 'node_modules'))).filter(
    (name) => !name.startsWith('.') && name !== 'sigbox',
  );
  for (const name of packages) await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  if (sigbox) await symlink(root, join(folder, 'node_modules', 'sigbox'));
}

async function bundled(options: BuildOptions): Promise<string> {
  const outfile = join(folder, 'app.mjs');
  const common = {
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile,
    logLevel: 'silent',
  } as const;
  const stdin = { contents: APPLICATION, resolveDir: root };
  // Packages of CommonJS that are bundled ask for their modules by require.
  const banner = { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" };
  await build({ ...common, stdin, banner, ...options });
  return outfile;
}

const start = (app: string, workers: number) => {
  return run(process.execPath, [app, sample('street.jpg'), String(workers)], { cwd: folder });
};

beforeEach(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
});

describe('esbuild', () => {
  const inside = { alias: { sigbox: join(root, 'dist/index.js') }, external: ['sharp', 'onnxruntime-node'] };

  test.each([0, 1])('sigbox stays outside; %i workers', async (workers) => {
    await installed({ sigbox: true });
    const app = await bundled({ packages: 'external' });
    expect(await start(app, workers)).toEqual({ status: 0, stdout: 'true true\n', stderr: '' });
  });

  test('sigbox is bundled, and finds its files where it is installed', async () => {
    await installed({ sigbox: true });
    const app = await bundled(inside);
    expect(await start(app, 0)).toEqual({ status: 0, stdout: 'true true\n', stderr: '' });
  });

  test('sigbox is bundled, and is to start workers: one line says what to do', async () => {
    await installed({ sigbox: true });
    const { status, stderr } = await start(await bundled(inside), 1);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /sigbox was bundled, so that workers can’t start: mark sigbox external .*, or use workers: 0\./,
    );
  });

  test('sigbox is bundled and not installed: one line says what to do', async () => {
    await installed({ sigbox: false });
    const app = await bundled(inside);
    const { status, stderr } = await start(app, 0);
    expect(status).toBe(1);
    expect(stderr).toMatch(/sigbox was bundled and can’t find its own files .*mark sigbox external/);
  });
});
