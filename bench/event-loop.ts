/** How long the caller's event loop is held up while 50 detections run: a timer of 5 ms, and how late it fires. */
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import type { Detector } from '../src/detector.js';
import type { ImageInput } from '../src/image/source.js';
import { detector } from './built.js';
import { makeImages, street } from './images.js';
import { interleave, printTable, summarize } from './measure.js';

const DETECTIONS = 50;
const RUNS = 9;
const PERIOD = 5; // ms
let found = 0;

await using images = await makeImages();
const inputs: Record<string, ImageInput> = {
  'street.jpg, path': street,
  'street.jpg, bytes': await readFile(street),
  '12 MP, bytes': await readFile(images.all.at(-1)!.path),
};
const modes = { workers: {}, 'in process': { workers: 0 }, 'in process, 1 thread': { workers: 0, threads: 1 } };
const open: Record<string, Detector> = {};
for (const [mode, options] of Object.entries(modes)) open[mode] = await detector.createDetector(options);

for (const [name, image] of Object.entries(inputs)) {
  const cases = Object.entries(open).map(([mode, used]) => [mode, () => maximalLateness(used, image)]);
  report(name, await interleave({ ...Object.fromEntries(cases), 'nothing at all': idle }, { rounds: RUNS, warmUp: 1 }));
}
report(
  'street.jpg, path, loading and starting of workers included',
  await interleave({ workers: fresh }, { rounds: RUNS }),
);
for (const used of Object.values(open)) await used.close();
console.log(`\nsum of results: ${found} regions`);

/** What the machine itself does to the timer. */
function idle(): Promise<number> {
  return timerWhile(() => setTimeout(600));
}

async function fresh(): Promise<number> {
  return timerWhile(async () => {
    await using used = await detector.createDetector();
    await detectMany(used, street);
  });
}

function maximalLateness(used: Detector, image: ImageInput): Promise<number> {
  return timerWhile(() => detectMany(used, image));
}

async function detectMany(used: Detector, image: ImageInput): Promise<void> {
  const results = await Promise.all(Array.from({ length: DETECTIONS }, () => used.detect(image)));
  for (const { detections } of results) found += detections.length;
}

/** Milliseconds by which the latest tick of the timer came too late while an action ran, its end included. */
async function timerWhile(action: () => Promise<void>): Promise<number> {
  let maximum = 0;
  let last = performance.now();
  const tick = () => {
    const now = performance.now();
    maximum = Math.max(maximum, now - last - PERIOD);
    last = now;
  };
  const timer = setInterval(tick, PERIOD);
  await action();
  tick();
  clearInterval(timer);
  return maximum;
}

function report(input: string, samples: Record<string, number[]>): void {
  const rows = Object.entries(samples).map(([mode, maxima]) => ({
    mode,
    'median of maxima': summarize(maxima).median.toFixed(1),
    'maximum of each run': maxima.map((maximum) => maximum.toFixed(0)).join(' '),
  }));
  printTable(`${DETECTIONS} detections of ${input}: ms of lateness`, rows);
}
