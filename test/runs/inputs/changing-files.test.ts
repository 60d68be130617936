import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { built } from '../../support/built.js';
import { sample } from '../../support/run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const NAMES = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg', 'f.jpg'];

test('files that are replaced during a run are not mixed up: in the end each has the result of what it is', async () => {
  const folder = await temporaryFolder();
  const [input, out] = [join(folder, 'in'), join(folder, 'out')];
  await mkdir(input);
  for (const name of NAMES) await copyFile(sample('street.jpg'), join(input, name));
  let turns = 0;
  const replacing = new AbortController();
  const replaced = (async () => {
    for (; !replacing.signal.aborted; turns++) {
      const kind = turns % 2 === 0 ? 'table.jpg' : 'street.jpg';
      for (const name of NAMES.slice(2)) {
        await copyFile(sample(kind), join(folder, name));
        await rename(join(folder, name), join(input, name));
      }
    }
  })();
  await annotate(input, out, 1);
  replacing.abort();
  await replaced;
  expect(turns).toBeGreaterThan(1);
  await annotate(input, out, 0);
  await annotate(input, `${out}2`, 0);
  for (const file of ['unfiltered.jsonl', 'coco.json', 'failures.jsonl']) {
    expect(await readFile(join(out, file), 'utf8'), file).toBe(await readFile(join(`${out}2`, file), 'utf8'));
  }
  expect(await readdir(join(out))).toEqual(await readdir(join(`${out}2`)));
});

test('a file that grows as long as it is read is named, and done when it is whole', async () => {
  const folder = await temporaryFolder();
  const [input, out] = [join(folder, 'in'), join(folder, 'out')];
  await mkdir(input);
  await copyFile(sample('table.jpg'), join(input, 'a.jpg'));
  const growing = new AbortController();
  const grown = (async () => {
    for (let i = 0; !growing.signal.aborted; i++)
      await writeFile(join(input, 'a.jpg'), '\0'.repeat(i % 100), { flag: 'a' });
  })();
  const [failure] = await annotate(input, out, 1);
  growing.abort();
  await grown;
  expect(failure).toMatchObject({ image: 'a.jpg', code: 'E_IO', message: 'it changes while it is read' });
  expect(await annotate(input, out, 0)).toEqual([]);
});

/** @returns the failures */
async function annotate(input: string, out: string, workers: number) {
  for await (const event of built.annotate(input, { out, workers, pictures: false })) {
    if (event.type === 'end') return event.summary.failures;
  }
  throw new Error('the run has no end');
}
