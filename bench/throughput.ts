/** Images per second of detectAll, against what the cores could do if nothing but the pipeline's own work ran. */
import { availableParallelism } from 'node:os';
import sharp from 'sharp';
import type { Detector } from '../src/detector.js';
import type { DetectCallOptions } from '../src/options/detect-options.js';
import { detector, options, pipeline } from './built.js';
import { builtinModel } from './builtin-model.js';
import { type BenchImage, makeImages } from './images.js';
import { type Cases, cpuTime, elapsed, interleave, printTable, summarize } from './measure.js';

const ROUNDS = 9;
const COUNT: Record<string, number> = { VGA: 160, '1080p': 120, '12 MP': 60 };
const BOUND = 'CPU time';
const cores = availableParallelism();
const WITH_SIGNAL = `${cores}, with a signal`;
const { signal } = new AbortController();
const { ONLY } = process.env;
const libvipsThreads = sharp.concurrency();
let found = 0;

const { file, spec } = await builtinModel();
const single = await pipeline.openPipeline({ file, spec, threads: 1 });
const plan = options.planOf(spec, {});
const open = new Map<number, Detector>();
for (const workers of new Set([0, 1, cores])) open.set(workers, await detector.createDetector({ workers }));

await using images = await makeImages();
for (const image of images.all) if (ONLY === undefined || image.name === ONLY) await measure(image);
for (const used of open.values()) await used.close();
await single.close();
console.log(`\nsum of results: ${found} regions`);

async function measure(image: BenchImage): Promise<void> {
  const count = COUNT[image.name]!;
  const cases: Cases = { [BOUND]: () => cpuPerImage(image, count / 4) };
  for (const [workers, used] of open) cases[workers] = () => imagesPerSecond(used, image, count);
  cases[WITH_SIGNAL] = () => imagesPerSecond(open.get(cores)!, image, count, { signal });
  const samples = await interleave(cases, { rounds: ROUNDS });
  const cpu = samples[BOUND]!;
  const bounds = cpu.map((ms) => (cores * 1000) / ms);
  const rows = [...open.keys(), WITH_SIGNAL].map((workers) => {
    const rates = samples[workers]!;
    const { q1, median, q3, max } = summarize(rates);
    return {
      workers,
      'images/s': median.toFixed(1),
      quartiles: `${q1.toFixed(1)}–${q3.toFixed(1)}`,
      best: max.toFixed(1),
      'of the bound': summarize(rates.map((rate, round) => rate / bounds[round]!)).median.toFixed(2),
      'best of best': (max / Math.max(...bounds)).toFixed(2),
    };
  });
  const each = `${summarize(cpu).median.toFixed(2)} ms of CPU time per image`;
  printTable(`${image.name}, ${count} images: ${each}, bound ${summarize(bounds).median.toFixed(1)} images/s`, rows);
}

async function imagesPerSecond(
  used: Detector,
  { path }: BenchImage,
  count: number,
  call: DetectCallOptions = {},
): Promise<number> {
  const ms = await elapsed(async () => {
    const paths = Array.from({ length: count }, () => path);
    for await (const { detections } of used.detectAll(paths, call)) found += detections.length;
  });
  return (count * 1000) / ms;
}

/** Decode, tensor, inference and post-processing, one image after the other, with one thread each. */
async function cpuPerImage({ path }: BenchImage, count: number): Promise<number> {
  sharp.concurrency(1);
  const ms = await cpuTime(async () => {
    for (let i = 0; i < count; i++) {
      found += (await single.detect({ kind: 'path', path }, plan)).detections.length;
    }
  });
  sharp.concurrency(libvipsThreads);
  return ms / count;
}
