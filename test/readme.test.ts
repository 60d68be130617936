import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { npm, pack } from './support/packed.js';
import { type Outcome, root, run } from './support/run.js';

// Everything that README.md says to type, in its order, in an empty folder with the packed tarball.

const readme = await readFile(join(root, 'README.md'), 'utf8');
const INSTALL = 'npm install sigbox --ignore-scripts';

interface Step {
  command: string;
  /** What the README shows of its output. */
  shown?: string;
}

interface File {
  file: string;
  code: string;
}

/** Commands and files, in the order in which they stand there. */
function steps(markdown: string): (Step | File)[] {
  const blocks = [...markdown.matchAll(/^```(\w*)\n(.*?)^```/gms)];
  return blocks.flatMap(([, kind, content], i): (Step | File)[] => {
    if (kind === 'js') return [{ file: /^\/\/ (\S+)/.exec(content!)![1]!, code: content! }];
    if (kind !== 'sh') return [];
    const commands = content!.split('\n').flatMap((line) => line.replace(/\s+#.*/, '').trim() || []);
    const next = blocks[i + 1];
    const shown = next?.[1] === '' ? { shown: next[2]! } : {};
    return commands.map((command, n) => (n === commands.length - 1 ? { command, ...shown } : { command }));
  });
}

/** Machines differ in the last digits, and so in the order. */
function shape(text: string): string[] {
  return text
    .replace(/\d+(\.\d+)?/g, '0')
    .replace(/ +/g, ' ')
    .split('\n')
    .sort();
}

describe.skipIf(process.platform === 'win32')('README.md', () => {
  let folder: string;
  let tarball: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sigbox-readme-'));
    tarball = await pack(folder);
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function follow(command: string): Promise<Outcome> {
    if (command === INSTALL) {
      const stdout = await npm(['install', tarball, '--ignore-scripts', '--prefer-offline', '--no-audit'], folder);
      const model = 'models/ssdlite-mobilenet-v2-coco.onnx';
      await copyFile(join(folder, 'node_modules/sigbox', model), join(folder, 'best.onnx')); // the reader's own
      return { status: 0, stdout, stderr: '' };
    }
    if (command.startsWith('npx sigbox review')) return untilServed(command.split(' ').slice(2));
    return run('sh', ['-c', command.replace(/^npx /, 'node_modules/.bin/')], { cwd: folder });
  }

  /** The page is served until it is interrupted, as Ctrl-C does it. */
  function untilServed(args: string[]): Promise<Outcome> {
    const child = spawn('node_modules/.bin/sigbox', [...args, '--no-open'], { cwd: folder });
    const said = { stdout: '', stderr: '' };
    child.stderr.on('data', (text) => {
      said.stderr += text;
    });
    child.stdout.on('data', (text) => {
      said.stdout += text;
      if (/http:\/\/127\.0\.0\.1:\d+/.test(said.stdout)) child.kill('SIGINT');
    });
    return new Promise((resolve) => {
      child.once('exit', (status, signal) => resolve({ status: status ?? signal ?? 'unknown', ...said }));
    });
  }

  test.each(steps(readme).map((step) => [JSON.stringify(step).slice(0, 90), step] as const))(
    '%s',
    async (_, step) => {
      if ('file' in step) return writeFile(join(folder, step.file), step.code);
      if (step.command.includes('--model dfine-n')) return; // the one that downloads
      const { status, stdout, stderr } = await follow(step.command);
      expect(status, `${stdout}\n${stderr}`).toBe(0);
      if (step.shown !== undefined) expect(shape(stdout)).toEqual(expect.arrayContaining(shape(step.shown)));
    },
    300_000,
  );
});

test('README.md has at most 200 lines', () => {
  expect(readme.split('\n').length).toBeLessThanOrEqual(200);
});
