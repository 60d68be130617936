import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { copyFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { loopModel } from '../support/loop-model.js';
import { bin, sample } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const IMAGES = 400;

describe.skipIf(process.platform === 'win32')('annotate, interrupted', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s: finishes what is in flight, and every file is whole', async (signal, status) => {
    const { child, out } = await annotateMany();
    child.kill(signal);
    expect(await once(child, 'close')).toEqual([status, null]);
    const lines = (await readFile(join(out, 'unfiltered.jsonl'), 'utf8')).trimEnd().split('\n');
    const images = lines.map((line) => JSON.parse(line).image);
    expect(images.length).toBeGreaterThan(0);
    expect(images.length).toBeLessThan(IMAGES);
    const coco = JSON.parse(await readFile(join(out, 'coco.json'), 'utf8'));
    expect(coco.images.map((image: { file_name: string }) => image.file_name)).toEqual(images);
    expect((await readdir(join(out, 'pictures'))).sort()).toEqual(images);
  });

  test('twice: stops at once, and no picture has its name before it is whole', async () => {
    const { child, out } = await annotateMany();
    const closed = once(child, 'close');
    let told = '';
    child.stderr.on('data', (text) => {
      told += text;
      if (/finishing the images in flight; interrupt again to stop at once/.test(told)) child.kill('SIGINT');
    });
    child.kill('SIGINT');
    expect(await closed, told).toEqual([130, null]);
    expect(told).toMatch(/interrupt again to stop at once/);
    for (const name of await readdir(join(out, 'pictures'))) expect(name).toMatch(/\.(jpg|part)$/);
  });
});

describe.skipIf(process.platform !== 'linux')('a model whose inference never ends', () => {
  test.each([
    ['SIGINT', '0'],
    ['SIGTERM', '1'],
  ] as const)('%s ends the process, with %s workers', async (signal, workers) => {
    const folder = await temporaryFolder();
    const model = join(folder, 'endless.onnx');
    await writeFile(model, loopModel());
    const args = [
      'annotate',
      sample('street.jpg'),
      '--model',
      model,
      '--out',
      join(folder, 'out'),
      '--workers',
      workers,
    ];
    const child = spawn(process.execPath, [bin, ...args], { stdio: 'ignore' });
    const closed = once(child, 'close');
    await vi.waitFor(() => expect(secondsOf(child.pid!)).toBeGreaterThan(3), { timeout: 60_000, interval: 100 });
    child.kill(signal);
    expect(await closed).toEqual([null, signal]);
  });
});

/** Processor time of a process so far, of its threads together. */
function secondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Starts a run over many images and waits until it is in the middle. */
async function annotateMany() {
  const input = await temporaryFolder();
  const out = join(await temporaryFolder(), 'out');
  const copies = Array.from({ length: IMAGES }, (_, i) => join(input, `${String(i).padStart(3, '0')}.jpg`));
  await Promise.all(copies.map((copy) => copyFile(sample('street.jpg'), copy)));
  const child = spawn(process.execPath, [bin, 'annotate', input, '--out', out], { stdio: ['ignore', 'pipe', 'pipe'] });
  await vi.waitFor(async () => expect((await stat(join(out, 'unfiltered.jsonl'))).size).toBeGreaterThan(0), {
    timeout: 60_000,
    interval: 20,
  });
  return { child, out };
}
