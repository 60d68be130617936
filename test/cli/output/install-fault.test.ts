import { cp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { root, run, sample } from '../../support/run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

// An installation that was cut short, or a system that onnxruntime-node has no library for.

const AGAIN = 'Delete the project’s node_modules and install again: npm install --ignore-scripts.';
const BUILD = `${process.platform}/${process.arch}`;
let folder: string;
let runtime: string;

/** sigbox as if installed in `folder`: its own files and onnxruntime-node without libraries are copies, the rest are links. */
beforeEach(async () => {
  folder = await temporaryFolder();
  runtime = join(folder, 'node_modules', 'onnxruntime-node');
  await mkdir(runtime, { recursive: true });
  for (const name of await readdir(join(root, 'node_modules')))
    if (name !== 'onnxruntime-node') await link(join('node_modules', name));
  for (const name of ['package.json', 'dist'])
    await cp(join(root, 'node_modules/onnxruntime-node', name), join(runtime, name), { recursive: true });
  for (const name of ['package.json', 'dist']) await cp(join(root, name), join(folder, name), { recursive: true });
  for (const name of ['models', 'fonts']) await link(name);
});

const link = (name: string) => symlink(join(root, name), join(folder, name), 'junction');
const start = (...args: string[]) => run(process.execPath, [...args], { cwd: folder });
const detect = () => start('dist/cli/main.js', 'detect', sample('street.jpg'));

async function leavesBinding(content: string): Promise<void> {
  const bin = join(runtime, 'bin/napi-v6', BUILD);
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'onnxruntime_binding.node'), content);
}

describe('a half-installed onnxruntime-node', () => {
  test('files that are missing', async () => {
    const { status, stdout, stderr } = await detect();
    const why = `onnxruntime-node cannot be loaded: its files for ${BUILD} are missing (${runtime}).`;

    expect({ status, stdout, stderr }).toEqual({ status: 66, stdout: '', stderr: `sigbox: ${why} ${AGAIN}\n` });
  });

  test('a file that is cut', async () => {
    await leavesBinding('');
    const { status, stderr } = await detect();
    expect(stderr).toMatch(/^sigbox: onnxruntime-node cannot be loaded: \S.*\. Delete .* --ignore-scripts\.\n$/);
    expect(status).toBe(66);
  });

  test('the library throws a SigboxError as it is imported', async () => {
    const code = "import('sigbox').catch(({ name, code }) => console.log(name, code))";
    expect(await start('--input-type=module', '-e', code)).toMatchObject({ status: 0, stdout: 'SigboxError E_IO\n' });
  });

  test('a platform without a build names those that have one', async () => {
    const code =
      "Object.defineProperty(process, 'arch', { value: 'ppc64' });" +
      "import('./dist/model/session.js').catch(({ code, message }) => console.log(code, message))";
    const { stdout } = await start('--input-type=module', '-e', code);
    expect(stdout).toMatch(
      /^E_IO .* no build for \w+\/ppc64, only for darwin\/arm64, linux\/arm64, linux\/x64, .*\.\n$/,
    );
  });

  test('a system with musl is told of glibc', async () => {
    const pretend = 'process.report.getReport = () => ({ header: {} });';
    const elsewhere = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`];
    const { stderr } = await start(...elsewhere, 'dist/cli/main.js', 'detect', sample('street.jpg'));
    if (process.platform === 'linux') expect(stderr).toMatch(/it needs glibc, .* Use a Debian image, .*\n$/);
    else expect(stderr).toMatch(/are missing/);
  });

  test('help needs no onnxruntime', async () => {
    expect(await start('dist/cli/main.js', '--help')).toMatchObject({ status: 0, stderr: '' });
  });
});

test('a package that is missing is named in one line', async () => {
  await rm(join(folder, 'node_modules', 'onnxruntime-node'), { recursive: true });
  const stderr = `sigbox: the package onnxruntime-node, which sigbox needs, is missing. ${AGAIN}\n`;
  expect(await detect()).toEqual({ status: 66, stdout: '', stderr });
});

test('sharp without its library is named in one line', async () => {
  await rm(join(folder, 'node_modules', 'sharp'));
  await cp(join(root, 'node_modules/sharp'), join(folder, 'node_modules/sharp'), { recursive: true });
  await rm(join(folder, 'node_modules', '@img'));
  await mkdir(join(folder, 'node_modules', '@img'));
  await symlink(join(root, 'node_modules/@img/colour'), join(folder, 'node_modules/@img/colour'), 'junction');
  const { status, stderr } = await detect();
  expect(stderr).toMatch(/^sigbox: Could not load the "sharp" module .*\. Delete .* and install again: .*\n$/);
  expect(status).toBe(66);
});
