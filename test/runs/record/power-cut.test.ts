import { cp, mkdir, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { FORMAT_NAMES } from '../../../src/formats/format.js';
import { built } from '../../support/built.js';
import { randomNumbers } from '../../support/random.js';
import { sample } from '../../support/run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

// What a disk may hold after a power cut, made up; bench/power-cuts.ts makes real ones.

const CUTS = Number(process.env.SIGBOX_CUTS ?? 5);
const BLOCK = 4096;

test(`${CUTS} folders as a power cut may leave them are mended to the same files`, async () => {
  const folder = await temporaryFolder();
  const [input, whole] = [join(folder, 'in'), join(folder, 'whole')];
  await mkdir(join(input, 'sub'), { recursive: true });
  for (const name of ['a.jpg', 'b.jpg', 'sub/c.jpg']) await cp(sample('street.jpg'), join(input, name));
  for (const name of ['d.jpg', 'sub/e.jpg']) await cp(sample('table.jpg'), join(input, name));
  for (const name of ['bad.jpg', 'sub/bad.jpg']) await writeFile(join(input, name), 'no picture');
  await annotate(input, whole);
  const expected = await filesOf(whole);
  for (let cut = 0; cut < CUTS; cut++) {
    const out = join(folder, `${cut}`);
    await cp(whole, out, { recursive: true });
    const done = await spoil(out, randomNumbers(cut));
    await annotate(input, out);
    expect(await filesOf(out), `${cut}: ${done.join(', ')}`).toEqual(expected);
  }
});

async function annotate(input: string, out: string): Promise<void> {
  const options = { workers: 0, pictureSize: 64, crops: true, confidence: true, formats: [...FORMAT_NAMES] };
  for await (const event of built.annotate(input, { out, ...options })) {
    if (event.type === 'end') expect(event.summary).toMatchObject({ images: 5, failures: [{}, {}] });
  }
}

/** @returns what was done, for people */
async function spoil(out: string, random: () => number): Promise<string[]> {
  const done: string[] = [];
  const some = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  for (const record of ['unfiltered.jsonl', 'failures.jsonl']) {
    const file = join(out, record);
    const lines = (await readFile(file, 'utf8')).split(/(?<=\n)/);
    await writeFile(
      file,
      lines
        .map((line) => [random(), line] as const)
        .sort(([a], [b]) => a - b)
        .map(([, line]) => line),
    );
    const how = some(Object.keys(LOSSES) as (keyof typeof LOSSES)[]);
    await LOSSES[how](file, random);
    done.push(`${record} ${how}`);
  }
  for (const name of await namesIn(out)) {
    const stays = random() < 0.6 || /(jsonl|run\.json|\.sigbox-export)$/.test(name);
    if (stays) continue;
    const isEmpty = random() < 0.3 && !/^(yolo|voc|labelme)\//.test(name); // these are on the disk before they have their name
    if (isEmpty) await writeFile(join(out, name), '');
    else await rm(join(out, name));
    done.push(`${name} ${isEmpty ? 'empty' : 'gone'}`);
  }
  for (const list of ['.', 'yolo', 'voc', 'labelme']) {
    const file = join(out, list, '.sigbox-export');
    await writeFile(file, `${await readFile(file, 'utf8')}["begun.t`);
  }
  const halves = [
    '.sigbox-0123456789abcdef.part',
    'pictures/sub/.sigbox-0123456789abcdef.part',
    'voc/Annotations/.sigbox-0123456789abcdef.part',
  ];
  for (const half of halves) {
    await mkdir(dirname(join(out, half)), { recursive: true });
    await writeFile(join(out, half), '');
  }
  await leaveLock(join(out, 'run.lock'), random() < 0.5);
  return done;
}

/** What may be lost of a file that grows: what was not given to the disk yet, or was not written there. */
const LOSSES = {
  whole: async () => {},
  empty: (file) => truncate(file),
  cut: async (file, random) => truncate(file, Math.floor(random() * (await stat(file)).size)),
  'cut, and zeros to the end of the block': async (file, random) => {
    const size = Math.floor(random() * (await stat(file)).size);
    await truncate(file, size);
    await truncate(file, Math.ceil((size + 1) / BLOCK) * BLOCK);
  },
  'zeros from somewhere on': async (file, random) => {
    const { size } = await stat(file);
    await truncate(file, Math.floor(random() * size));
    await truncate(file, size);
  },
  'a block of zeros': async (file, random) => {
    const bytes = await readFile(file);
    const start = Math.floor((random() * bytes.length) / BLOCK) * BLOCK;
    await writeFile(file, bytes.fill(0, start, Math.min(start + BLOCK, bytes.length)));
  },
} satisfies Record<string, (file: string, random: () => number) => Promise<void>>;

/** Of a process that is no more; its content may be lost as well. */
async function leaveLock(file: string, isEmpty: boolean): Promise<void> {
  const holder = { pid: 2 ** 22 + 1, host: hostname(), start: '1', since: '2026-11-24T12:00:00.000Z', id: 'x' };
  await writeFile(file, isEmpty ? '' : JSON.stringify(holder));
  await utimes(file, 1e9, 1e9);
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => file.slice(folder.length + 1).replaceAll('\\', '/')).sort();
}

/** Content by name, but for what says how fast a run went. */
async function filesOf(folder: string): Promise<Record<string, string>> {
  const names = (await namesIn(folder)).filter((name) => !['summary.txt', '.sigbox-export'].includes(name));
  const contents = names.map(async (name) => [name, await readFile(join(folder, name), 'latin1')] as const);
  return Object.fromEntries(await Promise.all(contents));
}
