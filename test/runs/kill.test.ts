import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FORMAT_NAMES } from '../../src/formats/format.js';
import { filesOf } from '../support/files-of.js';
import { randomNumbers } from '../support/random.js';
import { bin, sample, sigbox } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

// SIGBOX_KILLS=50 npx vitest run test/runs/kill.test.ts: 50 kills of a run over 200 images.
const KILLS = Number(process.env.SIGBOX_KILLS ?? 4);
const IMAGES = 4 * KILLS;
/** Of the kills, so many fall while images are done, from the first to the last; the others while files are made of them. */
const WHILE_WORKING = Math.ceil(KILLS * 0.6);
const OPTIONS = ['--crops', '--candidates', '--confidence', '--format', FORMAT_NAMES.join(',')];

test.skipIf(process.platform === 'win32')(
  `after ${KILLS} kills, ${IMAGES} images give the same files as without`,
  async () => {
    const input = await makeImages();
    const out = await temporaryFolder();
    const whole = join(out, 'whole');
    expect(await sigbox(['annotate', input, '--out', whole, ...OPTIONS])).toMatchObject({ status: 3 });
    const killed = join(out, 'killed');
    const random = randomNumbers(KILLS);
    const seen: string[] = [];
    for (let kill = 0; kill < KILLS; kill++) seen.push(await killOnce(input, killed, { kill, random }));
    const { status, stdout } = await sigbox(['annotate', input, '--out', killed, ...OPTIONS]);
    expect(status).toBe(3);
    expect(stdout).toMatch(new RegExp(`^${IMAGES} images annotated, 1 failed`));
    const [expected, found] = [await filesOf(whole), await filesOf(killed)];
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [name, content] of Object.entries(expected)) {
      expect(found[name] === content, `${name} after kills ${seen.join(', ')}`).toBe(true);
    }
    console.log(`${Object.keys(expected).length} files; killed ${seen.join(', ')}`);
  },
  30 * 60_000,
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
 * Begins or goes on with the run and kills it: while it starts, while it works, or while it makes files of its record.
 *
 * @returns when that was
 */
async function killOnce(input: string, out: string, { kill, random }: { kill: number; random: () => number }) {
  const record = join(out, 'unfiltered.jsonl');
  const begun = Date.now();
  const child = spawn(process.execPath, [bin, 'annotate', input, '--out', out, ...OPTIONS], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const until = async (happens: () => Promise<boolean>) => {
    while (child.exitCode === null && !(await happens())) await sleep(1);
  };
  let when = '';
  if (kill >= WHILE_WORKING) {
    const file = ONE_AFTER_THE_OTHER[Math.floor(random() * ONE_AFTER_THE_OTHER.length)]!;
    await until(async () => (await changed(join(out, file))) >= begun);
    await sleep(random() * 60);
    when = ` after ${file}`;
  } else if (random() < 0.15) {
    await sleep(random() * 800);
  } else {
    const target = Math.floor((IMAGES * (kill + random())) / WHILE_WORKING);
    await until(async () => (await linesOf(record)) >= target);
    await sleep(random() * 30);
  }
  child.kill('SIGKILL');
  await ended;
  return `at ${await linesOf(record)}${when}`;
}

/** Files that a run makes anew each time, in the order in which they appear; between them come folders of files. */
const ONE_AFTER_THE_OTHER = [
  ...['coco.json', 'coco-results.json', 'cvat.xml', 'label-studio.json', 'label-studio.xml'],
  ...['annotations.csv', 'annotations.jsonl', 'summary.txt'],
];

/** When a file was changed, milliseconds since 1970; 0 where it is not there. */
async function changed(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

async function linesOf(file: string): Promise<number> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').length - 1;
}
