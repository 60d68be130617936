import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { built } from '../../support/built.js';
import { complaint } from '../../support/complaint.js';
import { filesOf } from '../../support/files-of.js';
import { annotated, at, photos, recordIn, useStore, worked } from './queue-run.js';

useStore();

const plan = (options: object = {}) => built.planRun(at.photos, { out: at.store, chunk: 2, ...options });
const collect = (options: object = {}) => built.collect(at.store, { out: at.out, ...options });
const end = (events: Awaited<ReturnType<typeof worked>>) => events.find(({ type }) => type === 'end');

test('a run in chunks is what one machine writes, byte by byte', async () => {
  await photos('b.jpg', 'a/1.jpg', 'a.jpg', 'z.jpg', 'ﬀ.jpg', '😀.jpg', 'no.txt.jpg');
  expect(await plan()).toMatchObject({ images: 7, chunks: 4, otherFiles: 0, unreadable: [] });
  expect(end(await worked())).toEqual({ type: 'end', complete: true, chunks: 4, images: 7, failures: 1, setAside: 0 });
  const { summary, missing } = await collect();
  expect(missing).toBe(0);
  expect(summary.failures.map(({ image, code }) => ({ image, code }))).toEqual([
    { image: 'no.txt.jpg', code: 'E_IMAGE' },
  ]);
  await annotated();
  expect(await recordIn(at.out)).toEqual(await recordIn(at.single));
});

test('candidates are recorded and collected', async () => {
  await photos('a.jpg', 'b.txt.jpg', 'c.jpg');
  await plan({ candidates: true });
  await worked();
  await collect();
  await annotated({ candidates: true });
  expect(await recordIn(at.out)).toEqual(await recordIn(at.single));
  const candidates = (folder: string) => readFile(join(folder, 'candidates.bin'));
  expect((await candidates(at.out)).equals(await candidates(at.single))).toBe(true);
});

test('pictures and crops are drawn into the store, as annotate draws them', async () => {
  await photos('a.jpg', 'sub/b.jpg', 'no.txt.jpg');
  await plan({ pictures: true, pictureSize: 200, crops: true });
  await worked();
  await collect();
  await annotated({ pictures: true, pictureSize: 200, crops: true });
  const drawn = async (folder: string) => {
    const files = Object.entries(await filesOf(folder)).filter(([name]) => /^(pictures|crops)\//.test(name));
    return Object.fromEntries(files);
  };
  expect(Object.keys(await drawn(at.store)).length).toBeGreaterThan(2);
  expect(await drawn(at.store)).toEqual(await drawn(at.single));
  expect((await built.readRun(at.out)).header.rendering.pictures).toBe(false);
});

test('pictures that some file systems take for the same are refused', async () => {
  await photos('a.jpg', 'A.JPG');
  await expect(plan({ pictures: true })).rejects.toThrow(complaint('E_ARGUMENT', /two named a\.jpg.*without pictures/));
  await plan();
});

test('shares are worked on by themselves, and nothing is done twice', async () => {
  await photos('a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg');
  await plan();
  expect(end(await worked({ shard: '1/2' }))).toMatchObject({ chunks: 2, images: 3 });
  await expect(collect()).rejects.toThrow(complaint('E_IO', /expected parts of all 3 chunks, received 2\b.*--partial/));
  const partial = await collect({ partial: true });
  expect(partial).toMatchObject({ missing: 1, summary: { images: 3, notBegun: 2 } });
  expect((await built.readRun(at.out)).header.state).toEqual({ images: 5, complete: false });
  expect(end(await worked({ shard: '2/2' }))).toMatchObject({ chunks: 1, images: 2 });
  expect(end(await worked())).toMatchObject({ chunks: 0, images: 0, complete: true });
  await collect();
  await annotated();
  expect(await recordIn(at.out)).toEqual(await recordIn(at.single));
});

test('a run is collected into its store unless a folder is named', async () => {
  await photos('a.jpg', 'b.jpg', 'c.jpg');
  await plan();
  await worked();
  const { out } = await built.collect(at.store);
  expect(out).toBe(join(at.store, 'collected'));
  await annotated();
  expect(await recordIn(out)).toEqual(await recordIn(at.single));
  expect(await built.runStatus(at.store)).toMatchObject({ chunks: { done: 2 } });
});

test('a collected run is collected again, but not over what was added to it', async () => {
  await photos('a.jpg', 'b.jpg', 'c.jpg');
  await plan();
  await worked({ shard: '2/2' });
  await collect({ partial: true });
  await annotated({ out: at.out }); // which goes on with it
  await worked();
  await expect(collect()).rejects.toThrow(complaint('E_IO', /expected a folder without a run.*--restart/));
  await collect({ restart: true });
  expect((await collect()).summary.images).toBe(3);
});

test('an image that changed after it was planned is not taken for the one that was planned', async () => {
  await photos('a.jpg', 'b.jpg');
  await plan();
  await utimes(join(at.photos, 'a.jpg'), new Date(0), new Date(0));
  await worked();
  const { summary } = await collect();
  const message = expect.stringMatching(/^it changed since the run was planned: expected \d+ bytes of/);
  expect(summary.failures).toEqual([{ image: 'a.jpg', code: 'E_IO', message }]);
});

test('where no image of a chunk can be read, the chunk is set aside and named', async () => {
  await photos('a.jpg', 'b.jpg', 'c.jpg');
  await plan();
  await rm(join(at.photos, 'a.jpg'));
  await rm(join(at.photos, 'b.jpg'));
  const events = await worked();
  expect(events.filter(({ type }) => type === 'retry')).toHaveLength(2);
  const aside = { chunk: 0, attempts: 3, first: 'a.jpg', last: 'b.jpg', code: 'E_IO' };
  expect(events).toContainEqual({ type: 'set-aside', ...aside, message: expect.stringMatching(/none of 2 images/) });
  expect(end(events)).toMatchObject({ chunks: 1, setAside: 1 });
  expect(await built.runStatus(at.store)).toMatchObject({
    chunks: { all: 2, done: 1, setAside: 1 },
    images: { all: 3, done: 1 },
    setAside: [aside],
  });
  expect(end(await worked())).toMatchObject({ chunks: 0, setAside: 0 }); // it is not tried again by itself
  await expect(collect()).rejects.toThrow(complaint('E_IO', /Set aside: 1 chunk, named by sigbox status/));
  expect((await collect({ partial: true })).setAside).toMatchObject([aside]);
});

test('an interrupted worker leaves nothing half-done', async () => {
  await photos('a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg', 'f.jpg');
  await plan({ chunk: 1 });
  const stop = new AbortController();
  const events = await worked({ signal: stop.signal }, (event) => {
    if (event.type === 'chunk') stop.abort();
  });
  expect(end(events)).toMatchObject({ complete: false });
  const parts = (await readdir(join(at.store, 'parts'))).length;
  expect(parts).toBeGreaterThan(0);
  expect(parts).toBeLessThan(6);
  await worked();
  await collect();
  await annotated();
  expect(await recordIn(at.out)).toEqual(await recordIn(at.single));
});

test('an application deals out chunks itself', async () => {
  await photos('a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg');
  await plan();
  await using worker = await built.openChunkWorker(at.store, { workers: 1 });
  expect(worker).toMatchObject({ images: 5, chunks: 3, queue: `sigbox-${worker.run}` });
  expect(await worker.missing()).toEqual([0, 1, 2]);
  const both = await Promise.all([worker.detect(2), worker.detect(0)]);
  expect(both.map(({ chunk, images, isNew }) => ({ chunk, images, isNew }))).toEqual([
    { chunk: 2, images: 1, isNew: true },
    { chunk: 0, images: 2, isNew: true },
  ]);
  expect(await worker.detect(2)).toMatchObject({ images: 0, isNew: false });
  expect(await worker.missing()).toEqual([1]);
  expect(await worker.setAside(1, 3, new Error('no'))).toMatchObject({ chunk: 1, first: 'c.jpg', message: 'no' });
  expect(await worker.missing()).toEqual([]);
  await expect(worker.detect(3)).rejects.toThrow(complaint('E_ARGUMENT', /a chunk, from 0 to 2, received 3/));
  const stop = new AbortController();
  stop.abort();
  await expect(worker.detect(1, { signal: stop.signal })).rejects.toThrow(/abort/);
});

test('an inventory says which images a plan has', async () => {
  await photos('a.jpg', 'b.jpg', 'c.jpg');
  const inventory = join(at.photos, 'list.csv');
  await writeFile(inventory, 'key\nc.jpg\na.jpg\na.jpg\nmissing.jpg\n');
  expect(await plan({ inventory: [inventory] })).toMatchObject({ images: 3, chunks: 2 });
  await worked();
  const { summary } = await collect();
  expect(summary.failures.map(({ image }) => image)).toEqual(['missing.jpg']);
  expect(summary.images).toBe(2);
});

test('a plan is never changed', async () => {
  await photos('a.jpg');
  await plan();
  const text = () => readFile(join(at.store, 'plan.json'), 'utf8');
  const before = await text();
  await expect(plan()).rejects.toThrow(complaint('E_IO', /expected a store without a run, received "plan.json"/));
  expect(await text()).toBe(before);
});

test('what a stopped plan has left is planned again', async () => {
  await photos('a.jpg', 'b.jpg', 'c.jpg');
  await plan();
  await rm(join(at.store, 'plan.json'));
  expect(await plan({ chunk: 1 })).toMatchObject({ images: 3, chunks: 3 });
  await expect(collect()).rejects.toThrow(complaint('E_IO', /received 0\b/));
});

test('the folder of another run is no store', async () => {
  await photos('a.jpg');
  await annotated();
  await expect(plan({ out: at.single })).rejects.toThrow(complaint('E_IO', /received "unfiltered.jsonl"/));
  await expect(built.collect(at.single, { out: at.out })).rejects.toThrow(complaint('E_IO', /sigbox plan/));
});

test('without images there is nothing to plan', async () => {
  await writeFile(join(at.photos, 'notes.txt'), 'none');
  await expect(plan()).rejects.toThrow(complaint('E_IO', /expected pictures, received "1 other file"/));
  expect(await readdir(at.store).catch(() => [])).toEqual([]);
});

test('another model than the planned one is refused', async () => {
  await photos('a.jpg');
  await plan();
  const file = join(at.store, 'run.json');
  const header = JSON.parse(await readFile(file, 'utf8'));
  header.model.sha256 = 'f'.repeat(64);
  await writeFile(file, JSON.stringify(header));
  await expect(worked()).rejects.toThrow(complaint('E_MODEL', /the run's model on this machine.*--model/));
  await expect(worked({ model: header.model.file })).rejects.toThrow(complaint('E_MODEL', /expected the run's model/));
});

test('a machine without the images is told so before it spoils the run', async () => {
  await photos('a.jpg', 'b.jpg');
  await plan();
  await expect(worked({ root: join(at.photos, 'nowhere') })).rejects.toThrow(complaint('E_IO', /--root/));
  expect(end(await worked({ root: at.photos }))).toMatchObject({ images: 2 });
});
