import { beforeEach, expect, test } from 'vitest';
import { openBucketInputs } from '../../../src/runs/inputs/bucket-inputs.js';
import type { DiscoverOptions } from '../../../src/runs/inputs/discover.js';
import { complaint } from '../../support/complaint.js';
import { MemoryStore } from '../../support/memory-store.js';

let store: MemoryStore;
let opened: string[];

beforeEach(async () => {
  store = new MemoryStore();
  opened = [];
});

/** All objects of one bucket, `s3://bucket`; a store is of a prefix of it. */
async function found(inputs: string[], options: DiscoverOptions = {}) {
  const open = async (where: string) => {
    opened.push(where);
    const below = new MemoryStore(where);
    const prefix = where.slice('s3://bucket'.length + 1);
    for (const [key, file] of store.files) {
      if (prefix === '') below.files.set(key, file);
      else if (key.startsWith(`${prefix}/`)) below.files.set(key.slice(prefix.length + 1), file);
    }
    return below;
  };
  const { root, walk } = await openBucketInputs(inputs, options, open);
  const names: string[] = [];
  const left = await walk(({ name }) => void names.push(name));
  return { root, names, ...left };
}

async function objects(...keys: string[]): Promise<void> {
  for (const key of keys) await store.write(key, Buffer.from('x'));
}

test('pictures below a prefix, named from it on', async () => {
  await objects('day/a.jpg', 'day/b/c.PNG', 'day/notes.txt', 'day/.hidden/d.jpg', 'day/folder/', 'days/e.jpg');
  expect(await found(['s3://bucket/day/'])).toEqual({
    root: 's3://bucket/day',
    names: ['a.jpg', 'b/c.PNG'],
    otherFiles: 1,
    unreadable: [],
  });
});

test('several prefixes and objects share the deepest prefix above them', async () => {
  await objects('x/a/1.jpg', 'x/b/2.jpg', 'x/c/3.jpg', 'x/c/4');
  const { root, names } = await found(['s3://bucket/x/a', 's3://bucket/x/b', 's3://bucket/x/c/4']);
  expect({ root, names }).toEqual({ root: 's3://bucket/x', names: ['a/1.jpg', 'b/2.jpg', 'c/4'] });
  expect(opened).toEqual(['s3://bucket/x']);
});

test('a whole bucket; files that are asked for; another root', async () => {
  await objects('a/1.jpg', 'b/2.png');
  expect((await found(['s3://bucket'])).names).toEqual(['a/1.jpg', 'b/2.png']);
  expect(await found(['s3://bucket'], { includeFiles: ['*.png'] })).toMatchObject({
    names: ['b/2.png'],
    otherFiles: 1,
  });
  expect(await found(['s3://bucket/a'], { root: 's3://bucket' })).toMatchObject({
    root: 's3://bucket',
    names: ['a/1.jpg'],
  });
});

test('size, time and ETag of an object are those that were listed', async () => {
  await objects('a.jpg');
  const { walk } = await openBucketInputs(['s3://bucket'], {}, async () => store);
  await walk(({ file }) => expect(file).toEqual({ bytes: 1, modified: '1970-01-01T00:00:01.000Z', etag: '"0"' }));
});

test('a key that would lead out of a folder is named, and no image', async () => {
  await objects('a.jpg', '../b.jpg', '/c.jpg', 'd//e.jpg', 'f/../../g.jpg', 'h\0.jpg');
  const { names, unreadable } = await found(['s3://bucket']);
  expect(names).toEqual(['a.jpg']);
  expect(unreadable.map(({ path }) => path)).toEqual(['../b.jpg', '/c.jpg', 'd//e.jpg', 'f/../../g.jpg', 'h\0.jpg']);
});

test.each([[['s3://bucket/a', 'photos']], [['s3://bucket/a', 's3://other/a']]])(
  'inputs of several places are refused: %j',
  async (inputs) => {
    const refusal = complaint('E_ARGUMENT', /inputs: expected all of them in one bucket/);
    await expect(openBucketInputs(inputs, {}, async () => store)).rejects.toThrow(refusal);
  },
);
