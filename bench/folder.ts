/**
 * Images per second of a whole folder run (record, COCO files and summary included, pictures off), against what the cores
 * could do if nothing but the pipeline's own work ran, and against inference alone. Beside the clock's time the CPU time
 * of all processes of the run is counted, which holds where other programs run on the machine as well.
 */
import { readFileSync } from 'node:fs';
import { link, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { batch, decode, feeds, heads, options, pipeline, session as sessions } from './built.js';
import { builtinModel } from './builtin-model.js';
import { type BenchImage, makeImages } from './images.js';
import { cpuTime, interleave, printTable, summarize } from './measure.js';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const COUNT: Record<string, number> = { VGA: 1500, '1080p': 1000, '12 MP': 500 };
const cores = availableParallelism();
/** One of the three sizes, by its name; default all. */
const { ONLY } = process.env;
const libvipsThreads = sharp.concurrency();
let found = 0;

const { file, spec } = await builtinModel();
const single = await pipeline.openPipeline({ file, spec, threads: 1 });
const head = heads.headOf(spec.head);
const session = await sessions.openSession(file, { input: spec.input, outputs: head.outputs(spec.head), threads: 1 });
const plan = options.planOf(spec, { scoreThreshold: 0.05 }); // the floor, as in the run

await using images = await makeImages();
for (const image of images.all) if (ONLY === undefined || image.name === ONLY) await measure(image);
await single.close();
await session.close();
console.log(`\nsum of results: ${found} regions`);

async function measure(image: BenchImage): Promise<void> {
  const count = COUNT[image.name]!;
  await using folder = await folderOf(image, count);
  const cpuOfRun: number[] = [];
  const samples = await interleave(
    {
      cpu: () => cpuPerImage(image, Math.ceil(count / 10)),
      inference: () => cpuPerInference(image, 60),
      run: async () => {
        const { seconds, cpu } = await runFolder(folder.path);
        cpuOfRun.push((cpu * 1000) / count);
        return count / seconds;
      },
    },
    { rounds: ROUNDS },
  );
  const cpu = cpuOfRun.slice(-ROUNDS); // without the warm-up
  const per = (ms: number) => (cores * 1000) / ms;
  const bounds = samples.cpu!.map(per);
  const { q1, median, q3, max } = summarize(samples.run!);
  printTable(`${image.name}: folders of ${count} images, ${ROUNDS} rounds by turns; medians`, [
    {
      image: image.name,
      'inference alone': summarize(samples.inference!.map(per)).median.toFixed(1),
      bound: summarize(bounds).median.toFixed(1),
      'whole run': median.toFixed(1),
      quartiles: `${q1.toFixed(1)}–${q3.toFixed(1)}`,
      'of the bound': summarize(samples.run!.map((rate, round) => rate / bounds[round]!)).median.toFixed(3),
      'best of best': (max / Math.max(...bounds)).toFixed(3),
      'CPU ms': summarize(cpu).median.toFixed(2),
      'of it the pipeline’s': summarize(cpu.map((ms, round) => samples.cpu![round]! / ms)).median.toFixed(3),
      'cores busy': summarize(cpu.map((ms, round) => (ms * samples.run![round]!) / (1000 * cores))).median.toFixed(3),
    },
  ]);
}

/** The same picture under many names, which cost no room. */
async function folderOf({ path }: BenchImage, count: number) {
  const folder = await mkdtemp(join(tmpdir(), 'sigbox-bench-folder-'));
  await mkdir(join(folder, 'in'));
  for (let i = 0; i < count; i++) await link(path, join(folder, 'in', `${String(i).padStart(6, '0')}.jpg`));
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** From the moment when all is found and the model is loaded to the last file. */
async function runFolder(folder: string): Promise<{ seconds: number; cpu: number }> {
  let start = { at: 0, cpu: 0 };
  let end = start;
  for await (const event of batch.annotate(join(folder, 'in'), { out: join(folder, 'out'), pictures: false })) {
    if (event.type === 'start') start = await now();
    if (event.type === 'image') found += event.result?.detections.length ?? 0;
    if (event.type === 'end') end = await now(); // before the workers end, and their times with them
  }
  await rm(join(folder, 'out'), { recursive: true });
  return { seconds: (end.at - start.at) / 1000, cpu: end.cpu - start.cpu };
}

/** Milliseconds on the clock, and seconds of CPU time of this process and its children so far. */
async function now(): Promise<{ at: number; cpu: number }> {
  const { user, system } = process.cpuUsage();
  const children = await childrenOf(process.pid);
  const ticks = children.map((pid) => ticksOf(pid)).reduce((sum, one) => sum + one, 0);
  return { at: performance.now(), cpu: (user + system) / 1e6 + ticks / 100 };
}

async function childrenOf(pid: number): Promise<string[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  return threads.flatMap((thread) => {
    const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
    return text.split(' ').filter((child) => child !== '');
  });
}

/** User and system time: fields 14 and 15 of Linux' /proc/PID/stat, a hundredth of a second each. */
function ticksOf(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Decode, tensor, inference and post-processing, one image after the other, with one thread each. */
async function cpuPerImage({ path }: BenchImage, count: number): Promise<number> {
  return withOneThread(count, async () => {
    found += (await single.detect({ kind: 'path', path }, plan)).detections.length;
  });
}

async function cpuPerInference({ path }: BenchImage, count: number): Promise<number> {
  const fitted = await decode.decodeImage({ kind: 'path', path }, spec.input, plan);
  return withOneThread(count, async () => {
    using turn = await session.turn();
    found += Object.keys(await turn.run(feeds.makeFeeds(fitted, spec.input, turn.picture))).length;
  });
}

async function withOneThread(count: number, work: () => Promise<void>): Promise<number> {
  sharp.concurrency(1);
  const ms = await cpuTime(async () => {
    for (let i = 0; i < count; i++) await work();
  });
  sharp.concurrency(libvipsThreads);
  return ms / count;
}
