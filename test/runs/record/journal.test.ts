import { type FileHandle, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { Journal, lineAt } from '../../../src/runs/record/journal.js';
import { failureLine, resultLine } from '../../../src/runs/record/record.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { failureOf, recordOf, regionOf, writtenOf } from '../runs.js';

let folder: string;
let results: string;
let failures: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  results = join(folder, 'unfiltered.jsonl');
  failures = join(folder, 'failures.jsonl');
});

const [a, b, c] = ['a.jpg', 'b/é\u2028.jpg', 'c\n.jpg'].map((name) => recordOf(name, regionOf([1, 2, 3, 4], [1, 0.5])));
const lines = (...records: (typeof a)[]) => records.map((record) => resultLine(record!)).join('');
const failing = (...names: string[]) => names.map((name) => failureLine(failureOf(name))).join('');

async function written(change: (journal: Journal) => Promise<void> | void = () => {}): Promise<Journal> {
  const journal = await Journal.read(folder);
  await journal.begin();
  await change(journal);
  await journal.close();
  return journal;
}

test('lines are there at once, in the order they come, until they are sorted', async () => {
  await written(async (journal) => {
    await journal.addResult(writtenOf(b!));
    await journal.addFailure(failureOf('z.jpg'));
    await journal.addResult(writtenOf(a!));
    await journal.addFailure(failureOf('d.jpg'));
    expect(await readFile(results, 'utf8')).toBe(lines(b, a));
    expect(await readFile(failures, 'utf8')).toBe(failing('z.jpg', 'd.jpg'));
    await journal.sort();
  });
  expect(await readFile(results, 'utf8')).toBe(lines(a, b));
  expect(await readFile(failures, 'utf8')).toBe(failing('d.jpg', 'z.jpg'));
});

test('goes on where it ended', async () => {
  await written((journal) => journal.addResult(writtenOf(c!)));
  const journal = await written((again) => again.addResult(writtenOf(a!)));
  expect([...journal.results.images()]).toEqual([c!.image, a!.image]);
  expect(await readFile(results, 'utf8')).toBe(lines(c, a));
});

test('remembers files and damage', async () => {
  await writeFile(results, lines({ ...a!, damage: 'cut off' }, b));
  const { results: entries } = await Journal.read(folder);
  expect(entries.get(a!.image)).toMatchObject({ start: 0, damaged: true, file: a!.file });
  expect(entries.get(b!.image)).toMatchObject({ damaged: false });
});

test('what is forgotten is gone when writing begins', async () => {
  await writeFile(results, lines(a, b, c));
  await writeFile(failures, failing('d.jpg', 'e.jpg'));
  const journal = await Journal.read(folder);
  for (const name of [a!.image, 'd.jpg', 'unknown']) journal.forget(name);
  expect(await readFile(results, 'utf8')).toBe(lines(a, b, c));
  await journal.begin();
  await journal.addResult(writtenOf(a!));
  await journal.close();
  expect(await readFile(results, 'utf8')).toBe(lines(b, c, a));
  expect(await readFile(failures, 'utf8')).toBe(failing('e.jpg'));
});

describe('a killed process', () => {
  test('at any byte of a line: the line is taken away', async () => {
    const whole = Buffer.from(lines(a, b));
    const first = Buffer.byteLength(lines(a));
    for (let length = first; length < whole.length; length += 17) {
      await writeFile(results, whole.subarray(0, length));
      const journal = await written((again) => again.addResult(writtenOf(b!)));
      expect(await readFile(results, 'utf8'), `cut at ${length}`).toBe(lines(a, b));
      expect(journal.spoilt).toBe(0);
    }
  });

  test('in the middle of failures', async () => {
    await writeFile(failures, failing('d.jpg', 'e.jpg'));
    await truncate(failures, Buffer.byteLength(failing('d.jpg', 'e.jpg')) - 4);
    const journal = await written();
    expect([[...journal.failures.keys()], journal.spoilt]).toEqual([['d.jpg'], 0]);
    expect(await readFile(failures, 'utf8')).toBe(failing('d.jpg'));
  });
});

describe('lines that are none', () => {
  test.each([
    ['in the middle', () => `${lines(a)}{"image":"x"}\n${lines(b)}`, [a, b], 1],
    ['zeros at the end', () => `${lines(a, b)}${'\0'.repeat(50)}\n`, [a, b], 1],
    ['an image for the second time', () => lines(a, b, a), [a, b], 0],
    ['nothing but', () => 'x\ny\n', [], 2],
  ])('%s', async (_, content, kept, spoilt) => {
    await writeFile(results, content());
    const journal = await written();
    expect(journal.spoilt).toBe(spoilt);
    expect(await readFile(results, 'utf8')).toBe(lines(...kept));
  });

  test('a failure of an image that has a result', async () => {
    await writeFile(results, lines(a));
    await writeFile(failures, failing(a!.image));
    const journal = await written();
    expect([journal.results.size, journal.failures.size]).toEqual([1, 0]);
  });
});

test.each([1, 7, 1000])('a file system that gives %i bytes at a time: every line as it is', async (most) => {
  const text = lines(a, b, c);
  await writeFile(results, text);
  await using handle = await open(results);
  const short = {
    read: (bytes: Uint8Array, offset: number, length: number, position: number) =>
      handle.read(bytes, offset, Math.min(length, most), position),
  };
  expect(await lineAt(short as FileHandle, { start: 0, end: Buffer.byteLength(text) })).toBe(text);
});

test('a file that has become shorter is an error, not what memory happens to hold', async () => {
  await writeFile(results, lines(a));
  await using handle = await open(results);
  await expect(lineAt(handle, { start: 0, end: 5000 })).rejects.toThrow(/^it ends \d+ bytes too early$/);
});

test('no line is written once the folder is no longer this run’s', async () => {
  const journal = await Journal.read(folder);
  let own = true;
  await journal.begin(() => {
    if (!own) throw new Error('lost');
  });
  await journal.addResult(writtenOf(b!));
  own = false;
  await expect(journal.addResult(writtenOf(a!))).rejects.toThrow('lost');
  await expect(journal.addFailure(failureOf('z.jpg'))).rejects.toThrow('lost');
  await expect(journal.sort()).rejects.toThrow('lost');
  expect(await readFile(results, 'utf8')).toBe(lines(b));
});
