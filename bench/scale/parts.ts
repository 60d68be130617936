/**
 * Parts of bench/scale.ts, each in a process of its own so that its memory is its own: prints one line of JSON.
 *
 *     npx tsx bench/scale/parts.ts plan 1000000
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomNumbers } from '../../test/support/random.js';
import { makeResults, makeStore } from './made-up.js';
import { built } from './modules.js';

const CHUNK = 250;

const [part, count = '0', ...more] = process.argv.slice(2);
const images = Number(count);
const before = process.memoryUsage().rss;
const start = performance.now();

const folder = await mkdtemp(join(tmpdir(), 'sigbox-bench-scale-'));
try {
  const told = await run();
  const seconds = (performance.now() - start) / 1000;
  const moreAtMost = process.resourceUsage().maxRSS * 1024 - before;
  console.log(JSON.stringify({ seconds, before, moreAtMost, ...told }));
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function run(): Promise<object> {
  if (part === 'plan') return plan();
  if (part === 'make') return makeResults(more[0]!, images, CHUNK);
  if (part === 'collect') return collect(more[0]!, more[1] === 'exports');
  if (part === 'queue') return queue(more[0]!);
  return worker(more[0]!, more[1]!);
}

/** Keys of a bucket, in no order, are sorted and written in chunks. */
async function plan(): Promise<object> {
  const random = randomNumbers(7);
  await using sort = new built.sort.ExternalSort<{ name: string; file: object }>(({ name }) => name);
  const file = { bytes: 123_456, modified: '2026-11-24T12:00:00.000Z', etag: '"9bb58f26192e4ba00f01e2e7b136bbd8"' };
  for (let i = 0; i < images; i++) {
    const day = 1 + Math.floor(28 * random());
    await sort.add({ name: `camera-${i % 97}/2026-11-${day}/${Math.floor(1e12 * random())}-${i}.jpg`, file });
  }
  const store = await built.store.openStore(folder);
  const manifest = await built.plan.writeManifest(store, sort.sorted() as never, CHUNK);
  return { images: manifest.images, files: manifest.files.length };
}

async function collect(store: string, exports: boolean): Promise<object> {
  const out = join(folder, 'out');
  const { summary } = await built.collect.collect(store, { out, formats: exports ? ['coco', 'coco-results'] : [] });
  return { images: summary.images };
}

/** Fills a queue with all chunks of a plan. */
async function queue(url: string): Promise<object> {
  const plan = { id: '0123456789abcdef', images, chunkSize: CHUNK } as never;
  await using queue = await built.queue.ChunkQueue.open(plan, url);
  const { client } = queue.connection;
  const used = async () => Number(/used_memory:(\d+)/.exec(await client.info('memory'))![1]);
  const empty = await used();
  const chunks = await queue.fill(Array.from({ length: Math.ceil(images / CHUNK) }, (_, i) => i));
  return { chunks, bytes: (await used()) - empty };
}

/** Takes chunks and writes parts of a few bytes, without any inference: what is left is the scheduler. */
async function worker(where: string, url: string): Promise<object> {
  const run = await built.manifest.openPlan(where);
  const { store } = run;
  const manifest = new built.manifest.Manifest(run);
  const done = new built.files.DoneChunks(run);
  let [chunks, last] = [0, performance.now()];
  const detect = async (chunk: number) => {
    if ((await store.find(built.files.partKey(chunk))) !== null) return { chunk, images: 0, failures: 0, isNew: false };
    const own = await manifest.images(chunk);
    const bytes = Buffer.from(own.map(({ name }) => `${name}\n`).join(''));
    await store.write(built.files.partKey(chunk), bytes, { ifAbsent: true });
    return { chunk, images: own.length, failures: 0, isNew: true };
  };
  const tell = (event: { type: string }) => {
    if (event.type !== 'chunk') return;
    chunks++;
    last = performance.timeOrigin + performance.now();
  };
  const begun = performance.timeOrigin + performance.now();
  await built.work.workQueue({ run, detect } as never, { url, done }, tell, new AbortController().signal);
  return { chunks, begun, last };
}

export { makeStore };
