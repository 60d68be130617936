import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { linux } from '../support/machine.js';
import { sample, sigbox } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

// Named pipes without a writer, and devices without an end, in the place of files: each is refused at once.

let folder: string;
let pipe: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  pipe = join(folder, 'pipe.json');
  if (linux) execFileSync('mkfifo', [pipe]);
});

describe.skipIf(!linux)('a named pipe or a device', () => {
  const regular = /is not a regular file|expected annotations in a recognisable format/;

  test.each<[string, (file: string) => string[]]>([
    ['a model', (file) => ['inspect', file]],
    ['--spec', (file) => ['inspect', '--spec', file]],
    ['--labels-file', (file) => ['inspect', '--labels-file', file]],
    ['--map', (file) => ['detect', sample('table.jpg'), '--map', file]],
    ['--config', (file) => ['inspect', '--config', file]],
    ['an image', (file) => ['detect', file, '--workers', '0']],
    ['annotations', (file) => ['export', file, '--format', 'coco', '--out', join(folder, 'out')]],
    ['thresholds', (file) => ['detect', sample('table.jpg'), '--thresholds', file]],
  ])('%s', async (_, command) => {
    for (const file of [pipe, '/dev/zero']) {
      const { stderr, status } = await sigbox(command(file));
      expect(stderr).toMatch(/^sigbox: [^\n]*\n$/);
      expect(stderr).toMatch(regular);
      expect(status).toBeGreaterThan(60);
    }
  });

  test.each(['run.json', 'unfiltered.jsonl', 'failures.jsonl', '.sigbox-export', 'run.lock'])('as %s', async (name) => {
    const [input, out] = [join(folder, 'in'), join(folder, 'out')];
    await mkdir(input);
    await copyFile(sample('table.jpg'), join(input, 'a.jpg'));
    const command = ['annotate', input, '--out', out, '--workers', '0', '--no-pictures'];
    await sigbox(command);
    execFileSync('bash', ['-c', 'rm -f "$1"; mkfifo "$1"', 'bash', join(out, name)]);
    const { stderr, status } = await sigbox(command);
    expect(stderr).toMatch(/^sigbox: [^\n]*\n$/);
    expect([stderr, status]).toEqual([expect.stringMatching(regular), 66]);
  });
});

describe('class numbers and names that no list can hold', () => {
  const huge = { 1000000000: 'x' };
  const long = { 0: 'x'.repeat(20_000_000) };
  const many = Array.from({ length: 200_000 }, (_, i) => `class ${i}`);

  test.each<[string, unknown, RegExp]>([
    ['a number of a thousand million', huge, /expected class numbers from 0 to 65535, received 1000000000/],
    ['a name of 20 MB', long, /expected names of at most 1000 characters, received 20000000/],
    ['200,000 names', many, /expected class numbers from 0 to 65535, received 65536/],
    ['under "names"', { names: huge }, /received 1000000000/],
  ])('--labels-file: %s', async (_, content, message) => {
    const file = join(folder, 'labels.json');
    await writeFile(file, JSON.stringify(content));
    const { stderr, status } = await sigbox(['inspect', '--labels-file', file]);
    expect(stderr).toMatch(message);
    expect(stderr.length).toBeLessThan(600);
    expect(status).toBe(64);
  });
});
