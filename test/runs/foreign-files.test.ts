import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AnnotateOptions } from '../../src/runs/run-options.js';
import { complaint } from '../support/complaint.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { annotate, at, endOf, images, useFolders } from './folder-run.js';

// Files that a run did not write are nobody's but their owner's, whatever their names.

useFolders();

const drawn = { pictures: true, pictureSize: 64 };
const refused = (what: RegExp) =>
  complaint('E_IO', new RegExp(`^.*: ${what.source}.* would be replaced, and sigbox did not`));

/** Every file below a folder, by its path. */
async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(file, 'latin1')] as const)),
  );
}

describe('photographs where the run would draw', () => {
  test.each<[string, Partial<AnnotateOptions>, (out: string) => Promise<string>, RegExp]>([
    ['in pictures/ itself', drawn, async (out) => join(out, 'pictures'), /pictures\/a\.jpg/],
    [
      'behind a link',
      drawn,
      async (out) => {
        const elsewhere = join(await temporaryFolder(), 'photos');
        await mkdir(elsewhere);
        await symlink(elsewhere, join(out, 'pictures'));
        return elsewhere;
      },
      /pictures\/a\.jpg/,
    ],
    ['in crops/', { crops: true }, async (out) => join(out, 'crops', 'car'), /crops\/car\/a-1\.jpg/],
  ])('%s: refused before anything is written', async (_, options, place) => {
    await mkdir(at.out, { recursive: true });
    at.input = await place(at.out);
    await images({ 'a.jpg': 'street.jpg', 'a-1.jpg': 'table.jpg' });
    const before = await contents(dirname(at.out));
    await expect(annotate(options)).rejects.toThrow(refused(/(pictures|crops\/car)\/a(-1)?\.jpg/));
    await expect(annotate({ ...options, restart: true })).rejects.toThrow(
      refused(/(pictures|crops\/car)\/a(-1)?\.jpg/),
    );
    expect(await contents(dirname(at.out))).toEqual(before);
  });

  test('that the run drew itself are no input of it', async () => {
    await images({ 'a.jpg': 'street.jpg' });
    await annotate(drawn);
    at.input = join(at.out, 'pictures');
    const before = await contents(at.out);
    const message = /^annotate: expected images that this run did not draw itself, received ".*pictures\/a\.jpg"/;
    await expect(annotate({ ...drawn, restart: true })).rejects.toThrow(complaint('E_ARGUMENT', message));
    expect(await contents(at.out)).toEqual(before);
  });
});

describe('a file of a user’s own', () => {
  test.each(['coco.json', 'coco-results.json', 'summary.txt', 'pictures/a.jpg'])(
    '%s: nothing is written over it',
    async (name) => {
      await images({ 'a.jpg': 'table.jpg' });
      await mkdir(dirname(join(at.out, name)), { recursive: true });
      await writeFile(join(at.out, name), 'mine');
      for (const restart of [false, true]) {
        await expect(annotate({ ...drawn, restart })).rejects.toThrow(refused(new RegExp(name.replace('.', '\\.'))));
      }
      expect(await contents(at.out)).toEqual({ [join(at.out, name)]: 'mine' });
    },
  );

  test('all that must be moved are named at once; without them --restart begins', async () => {
    await images({ 'a.jpg': 'table.jpg' });
    await mkdir(at.out, { recursive: true });
    const own = ['summary.txt', 'coco.json', 'coco-results.json'];
    for (const name of own) await writeFile(join(at.out, name), 'mine');
    const message = /summary\.txt, .*coco.*\.json would be replaced, .* write them, .* or move them away\.$/;
    await expect(annotate({ restart: true })).rejects.toThrow(complaint('E_IO', message));
    for (const name of own) await rm(join(at.out, name));
    await annotate({ restart: true });
  });

  test('beside those of the run, of any name, stays: through runs, restarts and other options', async () => {
    await images({ 'a.jpg': 'street.jpg', 'b.jpg': 'table.jpg' });
    const own = [
      'x.part',
      '.0123456789abcdef.part',
      'run.lock.old',
      'pictures/mine.jpg',
      'crops/car/mine.jpg',
      'notes.txt',
    ];
    for (const name of own) {
      await mkdir(dirname(join(at.out, name)), { recursive: true });
      await writeFile(join(at.out, name), 'mine');
    }
    const options = { ...drawn, crops: true };
    await annotate(options);
    await annotate({ ...options, scoreThreshold: 0.6 });
    await annotate({ ...options, restart: true });
    await annotate({ restart: true });
    const there = await contents(at.out);
    for (const name of own) expect(there[join(at.out, name)], name).toBe('mine');
    expect(Object.keys(there).filter((name) => /[ab](-\d)?\.jpg$/.test(name))).toEqual([]);
  });

  test('that the run wrote and somebody changed stays as it is', async () => {
    await images({ 'a.jpg': 'street.jpg' });
    await annotate();
    await writeFile(join(at.out, 'coco.json'), 'corrected');
    await expect(annotate()).rejects.toThrow(refused(/coco\.json/));
    expect(await readFile(join(at.out, 'coco.json'), 'utf8')).toBe('corrected');
    await rm(join(at.out, 'coco.json'));
    expect(endOf(await annotate()).complete).toBe(true);
  });

  test.each([
    ['run.json', '{"format":"my tool"}', /run\.json: expected a file of a sigbox run, received "another file"/],
    ['unfiltered.jsonl', '{"id":1}\n', /unfiltered\.jsonl: expected a file of a sigbox run, received "another file"/],
    ['failures.jsonl', '{"id":1}\n', /failures\.jsonl: expected a file of a sigbox run, received "another file"/],
  ])('%s: --restart does not remove it, nor does a run begin', async (name, content, message) => {
    await images({ 'a.jpg': 'table.jpg' });
    await mkdir(at.out);
    await writeFile(join(at.out, name), content);
    await expect(annotate()).rejects.toThrow(complaint('E_IO', /./));
    await expect(annotate({ restart: true })).rejects.toThrow(complaint('E_IO', message));
    expect(await contents(at.out)).toEqual({ [join(at.out, name)]: content });
  });
});

describe('a run folder from somebody else', () => {
  const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

  test.each(['../../precious.jpg', '/precious.jpg', 'sub/../../../precious.jpg'])(
    'with a record and a list that name %s: nothing outside is touched',
    async (name) => {
      await images({ 'a.jpg': 'street.jpg' });
      const options = { ...drawn, crops: true };
      await annotate(options);
      const outside = [join(at.out, 'pictures', name), join(at.out, name)].filter((file) => !file.startsWith(at.out));
      for (const file of outside) {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, 'precious');
      }
      const line = (await readFile(join(at.out, 'unfiltered.jsonl'), 'utf8')).replace('"a.jpg"', JSON.stringify(name));
      const list = [name, `pictures/${name}`].map((path) => `${JSON.stringify([path, digest('precious')])}\n`);
      for (const change of [{}, { scoreThreshold: 0.6 }, { restart: true }]) {
        await writeFile(join(at.out, 'unfiltered.jsonl'), line, { flag: 'a' });
        await writeFile(join(at.out, '.sigbox-export'), list.join(''), { flag: 'a' });
        await annotate({ ...options, ...change });
        for (const file of outside) expect(await readFile(file, 'utf8')).toBe('precious');
      }
    },
  );

  test('with lines that are no results, as detections that are null: done again', async () => {
    await images({ 'a.jpg': 'street.jpg', 'b.jpg': 'table.jpg' });
    await annotate();
    const whole = await readFile(join(at.out, 'unfiltered.jsonl'), 'utf8');
    const [a, b] = whole.trimEnd().split('\n') as [string, string];
    for (const detections of ['[null]', '[{}]', '[{"box":[1,2,3],"labels":[]}]', '[[]]', 'null']) {
      const spoilt = a.replace(/"detections":.*\],"file"/, `"detections":${detections},"file"`);
      expect(spoilt).not.toBe(a);
      for (const restart of [false, true]) {
        await writeFile(join(at.out, 'unfiltered.jsonl'), `${spoilt}\n${b}\n`);
        await annotate({ restart });
        expect(await readFile(join(at.out, 'unfiltered.jsonl'), 'utf8')).toBe(whole);
      }
    }
  });
});

test('names in use are made new: a link that waits under one is not followed', async () => {
  await images({ 'a.jpg': 'table.jpg' });
  await mkdir(at.out);
  const victim = join(dirname(at.out), 'victim');
  await writeFile(victim, 'precious');
  // What the name was made from before: the first 16 digits of the digest of the file's name.
  for (const name of ['run.json', 'coco.json', 'summary.txt', 'unfiltered.jsonl', 'failures.jsonl']) {
    const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
    await symlink(victim, join(at.out, `.${hash}.part`));
  }
  await annotate();
  expect(await readFile(victim, 'utf8')).toBe('precious');
});
