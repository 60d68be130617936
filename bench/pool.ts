/** What other ways to run the workers would give: images per second with as many workers as cores. */

import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { serialize } from 'node:v8';
import { Tinypool } from 'tinypool';
import type { ImageSource } from '../src/types/pictures.js';
import type { WorkerAnswer, WorkerTask } from '../src/workers/protocol.js';
import { options, workerUrl } from './built.js';
import { builtinModel } from './builtin-model.js';
import { makeImages } from './images.js';
import { elapsed, interleave, printTable, summarize } from './measure.js';

const ROUNDS = 9;
const cores = availableParallelism();
let found = 0;

const { file, spec } = await builtinModel();
const task = { pipeline: serialize({ file, spec, threads: 1 }), number: 0 } satisfies WorkerTask;
const plan = { id: 1, bytes: serialize(options.planOf(spec, {})) };
const pools = {
  'processes, 2 images each (as shipped)': openPool('child_process', 2),
  'processes, 1 image each': openPool('child_process', 1),
  'processes, 3 images each': openPool('child_process', 3),
  'threads, 2 images each': openPool('worker_threads', 2),
};
const SHIPPED = Object.keys(pools)[0]!;

await using images = await makeImages();
const [small, , large] = images.all;
await measure('VGA, path', { kind: 'path', path: small!.path }, 160);
await measure('12 MP, path', { kind: 'path', path: large!.path }, 60);
await measure('12 MP, bytes', { kind: 'bytes', bytes: await readFile(large!.path) }, 60);
for (const pool of Object.values(pools)) await pool.destroy();
console.log(`\nsum of results: ${found} regions`);

function openPool(runtime: 'child_process' | 'worker_threads', concurrentTasksPerWorker: number): Tinypool {
  return new Tinypool({
    runtime,
    filename: workerUrl.href,
    minThreads: cores,
    maxThreads: cores,
    concurrentTasksPerWorker,
    env: process.env as Record<string, string>,
    execArgv: [],
    ...(runtime === 'child_process' ? { serialization: 'advanced' } : {}),
  });
}

async function measure(name: string, source: ImageSource, count: number): Promise<void> {
  const cases = Object.entries(pools).map(([way, pool]) => [way, () => imagesPerSecond(pool, source, count)]);
  const samples = await interleave(Object.fromEntries(cases), { rounds: ROUNDS });
  const rows = Object.entries(samples).map(([way, rates]) => {
    const { q1, median, q3 } = summarize(rates);
    return {
      way,
      'images/s': median.toFixed(1),
      quartiles: `${q1.toFixed(1)}–${q3.toFixed(1)}`,
      'of the shipped': summarize(rates.map((rate, round) => rate / samples[SHIPPED]![round]!)).median.toFixed(2),
    };
  });
  printTable(`${name}, ${count} images, ${cores} workers`, rows);
}

async function imagesPerSecond(pool: Tinypool, source: ImageSource, count: number): Promise<number> {
  const image = { source, plan, written: false };
  const ms = await elapsed(async () => {
    const answers = Array.from({ length: count }, (): Promise<WorkerAnswer> => pool.run({ ...task, image }));
    for (const answer of await Promise.all(answers)) {
      if (!('result' in answer)) throw new Error('error' in answer ? answer.error.message : 'no plan');
      found += answer.result!.detections.length;
    }
  });
  return (count * 1000) / ms;
}
