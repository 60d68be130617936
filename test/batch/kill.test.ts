import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { randomNumbers } from '../support/random.js';
import { bin, sample, sigbox } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

// SIGBOX_KILLS=50 npx vitest run test/batch/kill.test.ts: 50 kills of a run over 200 images.
const KILLS = Number(process.env.SIGBOX_KILLS ?? 4);
const IMAGES = 4 * KILLS;

test.skipIf(process.platform === 'win32')(
  `after ${KILLS} kills, ${IMAGES} images give the same files as without`,
  async () => {
    const input = await makeImages();
    const out = await temporaryFolder();
    const whole = join(out, 'whole');
    expect(await sigbox(['annotate', input, '--out', whole, '--crops'])).toMatchObject({ status: 3 });
    const killed = join(out, 'killed');
    const random = randomNumbers(KILLS);
    const seen: string[] = [];
    for (let kill = 0; kill < KILLS; kill++) seen.push(await killOnce(input, killed, random));
    const { status, stdout } = await sigbox(['annotate', input, '--out', killed, '--crops']);
    expect(status).toBe(3);
    expect(stdout).toMatch(new RegExp(`^${IMAGES} images annotated, 1 failed`));
    const [expected, found] = [await filesOf(whole), await filesOf(killed)];
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [name, content] of Object.entries(expected)) {
      expect(found[name]!.equals(content), `${name} after kills ${seen.join(', ')}`).toBe(true);
    }
    console.log(`killed ${seen.join(', ')}`);
  },
  20 * 60_000,
);

/** Copies of the samples, one of each ten as PNG, and a file that fails. */
async function makeImages(): Promise<string> {
  const input = await temporaryFolder();
  await mkdir(join(input, 'sub'));
  for (let i = 0; i < IMAGES; i++) {
    const name = `${i % 3 === 0 ? 'sub/' : ''}${i}.jpg`;
    await copyFile(sample(['street.jpg', 'table.jpg', 'crossing.jpg'][i % 3]!), join(input, name));
  }
  await writeFile(join(input, 'bad.jpg'), 'no picture');
  return input;
}

/**
 * Begins or goes on with the run and kills it: while it starts, while it works, or while it finishes.
 *
 * @returns what it was at
 */
async function killOnce(input: string, out: string, random: () => number): Promise<string> {
  const child = spawn(process.execPath, [bin, 'annotate', input, '--out', out, '--crops'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const record = join(out, 'results.jsonl');
  const before = await linesOf(record);
  const moment = random();
  const more = Math.min(moment < 0.2 ? 0 : Math.ceil(random() * 10), IMAGES - before);
  if (moment < 0.1 || before === IMAGES) await sleep(random() * 1200);
  else while (child.exitCode === null && (await linesOf(record)) < before + more) await sleep(1);
  await sleep(random() * 30);
  child.kill('SIGKILL');
  await ended;
  return `at ${await linesOf(record)} of ${IMAGES}`;
}

async function linesOf(file: string): Promise<number> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').length - 1;
}

/** Content by name, but for what says when, and how fast, a run went. */
async function filesOf(folder: string): Promise<Record<string, Buffer>> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => !/^(summary\.txt|run\.json)$/.test(name));
  const files: Record<string, Buffer> = {};
  for (const name of names.sort()) {
    const path = join(folder, name);
    if ((await stat(path)).isFile()) files[name] = await readFile(path);
  }
  return files;
}
