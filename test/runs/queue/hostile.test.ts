import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { built } from '../../support/built.js';
import { complaint } from '../../support/complaint.js';
import { at, photos, useStore, worked } from './queue-run.js';

// A store may come from somebody else: what is in it is checked before it is used.

useStore();

beforeEach(async () => {
  await photos('a.jpg', 'b.jpg');
  await built.planRun(at.photos, { out: at.store });
});

const read = (file: string) => readFile(join(at.store, file), 'utf8');
const write = (file: string, text: string) => writeFile(join(at.store, file), text);
const MANIFEST = 'manifest/00000000.jsonl';
const PART = 'parts/00000000.jsonl';

/** Changes the manifest, and the plan that names its digest. */
async function forge(change: (text: string) => string): Promise<void> {
  const text = change(await read(MANIFEST));
  await write(MANIFEST, text);
  const plan = JSON.parse(await read('plan.json'));
  const sha256 = createHash('sha256').update(text).digest('hex');
  await write('plan.json', JSON.stringify({ ...plan, files: [{ bytes: text.length, sha256 }] }));
}

test('a manifest that is not the planned one is refused', async () => {
  await write(MANIFEST, (await read(MANIFEST)).replace('a.jpg', 'c.jpg'));
  const events = await worked();
  expect(events.find(({ type }) => type === 'set-aside')).toMatchObject({
    message: expect.stringMatching(/expected the file that plan.json names/),
  });
});

test.each(['../../etc/passwd', '/etc/passwd', 'a/../../b', 'a\\u0000b', ''])(
  'a name that leads out of the images’ folder is refused: %s',
  async (name) => {
    await forge((text) => text.replace('a.jpg', name));
    expect((await worked()).find(({ type }) => type === 'set-aside')).toMatchObject({
      message: expect.stringMatching(/expected name to be a path below the root/),
    });
  },
);

test.each<[string, (text: string) => string]>([
  ['no JSON', () => '{'],
  ['another file', () => '{"hello":1}'],
  ['a later version', (text) => text.replace('"version": 1', '"version": 9')],
  ['an id that is a pattern', (text) => text.replace(/"id": "[0-9a-f]+"/, '"id": "*"')],
  ['no images', (text) => text.replace('"images": 2', '"images": 0')],
  ['more chunks than files', (text) => text.replace('"images": 2', '"images": 2000000')],
  ['a chunk of nothing', (text) => text.replace('"chunkSize": 100', '"chunkSize": 0')],
])('a plan that is none is refused: %s', async (_, change) => {
  await write('plan.json', change(await read('plan.json')));
  await expect(worked()).rejects.toThrow(complaint('E_IO', /plan\.json/));
});

test.each<[string, (text: string) => string]>([
  ['a line too few', (text) => `${text.split('\n')[0]}\n`],
  ['a line that is cut off', (text) => text.slice(0, -10)],
  ['the lines of other images', (text) => text.replace('a.jpg', 'c.jpg')],
  ['images in another order', (text) => `${text.trimEnd().split('\n').reverse().join('\n')}\n`],
  ['a path out of the folder', (text) => text.replace('a.jpg', '../a.jpg')],
  ['no record', (text) => text.replace('"detections"', '"others"')],
  ['scores that are none', (text) => text.replace(/"score":[\d.]+/, '"score":"high"')],
])('a part that is none is refused, and --partial does not help: %s', async (_, change) => {
  await worked();
  await write(PART, change(await read(PART)));
  const refusal = complaint('E_IO', /parts\/00000000\.jsonl: expected .* Remove it and run sigbox work again/);
  await expect(built.collect(at.store, { out: at.out, partial: true })).rejects.toThrow(refusal);
});

test('what is no part, by its name, counts for nothing', async () => {
  await mkdir(join(at.store, 'parts'), { recursive: true });
  for (const name of ['00000001.jsonl', '0.jsonl', '-0000001.jsonl', '99999999999.jsonl', '00000000.jsonl.part', 'x'])
    await write(`parts/${name}`, 'x');
  expect(await built.runStatus(at.store)).toMatchObject({ chunks: { all: 1, done: 0 } });
});
