/**
 * How long the review page takes, in Chromium: from the command to the first pictures of a run of 10,000 images, from a
 * knob to the boxes of the visible pictures, from a knob to the numbers of 5,000 images with 500,000 labels, and what a
 * run of a million images takes.
 */
import { fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { link, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { CANDIDATES_MAGIC, encodeBlock } from '../src/postprocess/candidates/codec.js';
import { resultLine } from '../src/runs/record/record.js';
import type { RecordedCandidates } from '../src/types/candidates.js';
import type { Detection } from '../src/types/detections.js';
import { headerOf, LABELS, recordOf } from '../test/runs/runs.js';
import { CHROMIUM_FLAGS, chromiumPath } from '../test/support/chromium.js';
import { randomNumbers } from '../test/support/random.js';
import { street } from './images.js';
import { printTable, summarize } from './measure.js';

const TURNS = 60;
const SIZE = { width: 640, height: 480 };
const MILLION = Number(process.env.IMAGES ?? 1_000_000);

interface Made {
  folder: string;
  truth: string;
}

/** A run of so many images, all of them the same picture, with so many labels each; and a ground truth of some of them. */
async function makeRun(
  folder: string,
  images: number,
  regionsPerImage: number,
  pictures: boolean,
  recorded = false,
): Promise<Made> {
  const random = randomNumbers(7);
  const [root, run] = [join(folder, 'images'), join(folder, 'run')];
  await mkdir(root, { recursive: true });
  await mkdir(run, { recursive: true });
  const header = headerOf();
  const candidates = { floor: 0.05, max: 30_000 };
  await writeFile(
    join(run, 'run.json'),
    JSON.stringify({ ...header, inputs: { ...header.inputs, root }, ...(recorded && { candidates }) }),
  );
  const blocks = recorded ? createWriteStream(join(run, 'candidates.bin')) : undefined;
  blocks?.write(CANDIDATES_MAGIC);
  await writeFile(join(run, 'failures.jsonl'), '');
  const results = createWriteStream(join(run, 'unfiltered.jsonl'));
  const truth = { images: [] as object[], annotations: [] as object[], categories: [] as object[] };
  truth.categories = LABELS.flatMap((name, id) => (name === null ? [] : [{ id, name }]));
  for (let i = 0; i < images; i++) {
    const name = `${String(i).padStart(7, '0')}.jpg`;
    if (pictures) await link(street, join(root, name)).catch(() => {});
    const detections = Array.from({ length: regionsPerImage }, (_, k) => region(random, k / regionsPerImage));
    const line = resultLine({ ...recordOf(name, ...detections), ...SIZE });
    if (!results.write(line)) await new Promise<void>((drained) => results.once('drain', () => drained()));
    if (blocks?.write(encodeBlock(name, candidatesOf(detections))) === false) {
      await new Promise<void>((drained) => blocks.once('drain', () => drained()));
    }
    if (!pictures) continue;
    truth.images.push({ id: i + 1, file_name: name, ...SIZE });
    for (const { box, classId } of detections.slice(0, 5)) {
      const [x1, y1, x2, y2] = box;
      const bbox = [x1 + 2, y1 + 2, x2 - x1, y2 - y1];
      truth.annotations.push({ id: truth.annotations.length + 1, image_id: i + 1, category_id: classId, bbox });
    }
  }
  await new Promise<void>((closed) => results.end(closed));
  await new Promise<void>((closed) => (blocks === undefined ? closed() : blocks.end(closed)));
  await writeFile(join(folder, 'truth.json'), JSON.stringify(truth));
  return { folder: run, truth: join(folder, 'truth.json') };
}

/** Each region as a row of the head with one class. */
function candidatesOf(detections: readonly Detection[]): RecordedCandidates {
  const { width, height } = SIZE;
  return {
    geometry: {
      ...{ imageWidth: width, imageHeight: height, fittedWidth: width, fittedHeight: height },
      ...{ offsetX: 0, offsetY: 0, inputWidth: width, inputHeight: height },
    },
    space: 'image',
    rows: Uint32Array.from(detections.keys()),
    classIds: Uint16Array.from(detections, ({ classId }) => classId),
    scores: Float32Array.from(detections, ({ score }) => score),
    boxes: Float32Array.from(detections.flatMap(({ box }) => box)),
    best: new Uint8Array(detections.length).fill(1),
    floor: 0.05,
    cut: null,
  };
}

function region(random: () => number, rank: number): Detection {
  const [x, y] = [500 * random(), 380 * random()].map(Math.fround) as [number, number];
  const classId = 1 + Math.floor(3 * random());
  const own = { label: LABELS[classId]!, classId, score: Math.fround(0.95 - 0.89 * rank) };
  return {
    box: [x, y, Math.fround(x + 20 + 100 * random()), Math.fround(y + 20 + 80 * random())],
    ...own,
    labels: [own],
  };
}

/** The command in a process of its own. */
async function serve(run: string, truth?: string) {
  const begun = performance.now();
  const child = fork(fileURLToPath(new URL('review-server.mjs', import.meta.url)), [run, ...(truth ? [truth] : [])], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const url = await new Promise<string>((told, failed) => {
    child.once('message', (message) => told(String(message)));
    child.once('exit', () => failed(new Error('the server ended')));
  });
  return {
    url,
    begun,
    memory: async (field: 'VmRSS' | 'VmHWM') => {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1024;
    },
    [Symbol.asyncDispose]: async () => void child.kill(),
  };
}

async function settled(page: Page): Promise<void> {
  await page.waitForSelector('.summary[aria-busy="false"]', { timeout: 300_000 });
}

async function everyPicture(page: Page): Promise<void> {
  while (!(await page.evaluate('[...document.images].every(({ complete }) => complete)'))) await page.waitForTimeout(5);
}

/** Milliseconds of every turn of a knob until the page has answered it. */
async function turns(page: Page, measure: string, act: (i: number) => Promise<void>, count = TURNS): Promise<number[]> {
  const samples: number[] = [];
  for (let i = -3; i < count; i++) {
    await page.evaluate(`performance.clearMeasures(${JSON.stringify(measure)})`);
    await act(i);
    await settled(page);
    const found = `performance.getEntriesByName(${JSON.stringify(measure)}).map(({ duration }) => duration)`;
    let durations: number[] = [];
    while (durations.length === 0) durations = await page.evaluate(found);
    if (i >= 0) samples.push(durations.at(-1)!);
  }
  return samples;
}

function row(name: string, samples: readonly number[]): Record<string, string> {
  const sorted = [...samples].sort((a, b) => a - b);
  const { min, median } = summarize(samples);
  return {
    '': name,
    min: min.toFixed(1),
    median: median.toFixed(1),
    '95 %': sorted[Math.floor(0.95 * (sorted.length - 1))]!.toFixed(1),
  };
}

async function turnScore(page: Page, i: number): Promise<void> {
  await page.evaluate(`{
    const slider = document.querySelector('.panel.knobs input[type=range]');
    slider.value = ${(0.2 + (0.6 * ((i + 3) % 37)) / 37).toFixed(2)};
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  }`);
}

async function turnIou(page: Page, i: number): Promise<void> {
  await page.evaluate(`{
    const slider = document.querySelector('.group input[type=range]');
    slider.value = ${(0.2 + (0.6 * ((i + 3) % 37)) / 37).toFixed(2)};
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  }`);
}

async function turnMethod(page: Page, i: number): Promise<void> {
  const methods = ['nms', 'soft-linear', 'soft-gaussian', 'matrix-gaussian'];
  await page.getByLabel('Method').selectOption(methods[(i + 4) % methods.length]!);
}

if (chromiumPath === undefined) process.exit();
const folder = await mkdtemp(join(tmpdir(), 'sigbox-review-'));
const browser = await chromium.launch({ executablePath: chromiumPath, args: CHROMIUM_FLAGS });
const only = process.env.ONLY?.split(',') ?? ['first', 'numbers', 'million'];
try {
  if (only.includes('first')) await first();
  if (only.includes('numbers')) await numbers();
  if (only.includes('million')) await million();
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}

/** 10,000 images: the first gallery, and the boxes of 24 pictures. */
async function first(): Promise<void> {
  const made = await makeRun(join(folder, 'first'), 10_000, 12, true);
  const starts: Record<string, number[]> = { 'address printed': [], 'first boxes': [], 'all pictures': [] };
  for (let i = 0; i < 5; i++) {
    await using server = await serve(made.folder);
    starts['address printed']!.push(performance.now() - server.begun);
    const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    await page.goto(server.url);
    await page.waitForSelector('canvas[data-regions]');
    starts['first boxes']!.push(performance.now() - server.begun);
    await everyPicture(page);
    starts['all pictures']!.push(performance.now() - server.begun);
    await page.close();
  }
  printTable(
    '10,000 images with 12 labels each, from the command on, ms',
    Object.entries(starts).map(([name, samples]) => row(name, samples)),
  );
  await using server = await serve(made.folder);
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  await page.goto(server.url);
  await settled(page);
  await page.evaluate(
    `{ const size = document.querySelector('.size'); size.value = 140; size.dispatchEvent(new Event('input', { bubbles: true })); }`,
  );
  await page.waitForTimeout(1000);
  const cards: number = await page.evaluate(`document.querySelectorAll('.card').length`);
  printTable(`From the score knob to the boxes of ${cards} pictures, ms`, [
    row('score', await turns(page, 'sigbox shown', (i) => turnScore(page, i))),
  ]);
  await page.close();
}

/** 5,000 images with 100 labels each, against ground truth. */
async function numbers(): Promise<void> {
  const made = await makeRun(join(folder, 'numbers'), 5_000, 100, true, true);
  await using server = await serve(made.folder, made.truth);
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  await page.goto(server.url);
  await settled(page);
  printTable('From a knob to the numbers of 5,000 images with 500,000 candidates, ms', [
    row('score', await turns(page, 'sigbox counted', (i) => turnScore(page, i))),
    row('IoU', await turns(page, 'sigbox counted', (i) => turnIou(page, i), 12)),
    row('method', await turns(page, 'sigbox counted', (i) => turnMethod(page, i), 12)),
  ]);
  printTable('From a knob to the boxes of the visible pictures, ms', [
    row('IoU', await turns(page, 'sigbox shown', (i) => turnIou(page, i), 12)),
    row('method', await turns(page, 'sigbox shown', (i) => turnMethod(page, i), 12)),
  ]);
  await page.close();
}

/** A million images with one label each; none of them is there, so that only the page and the server count. */
async function million(): Promise<void> {
  const made = await makeRun(join(folder, 'million'), MILLION, 1, false);
  await using server = await serve(made.folder);
  const told = performance.now() - server.begun;
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  await page.goto(server.url);
  await page.waitForSelector('canvas[data-regions]');
  const shown = performance.now() - server.begun;
  await page.evaluate(`document.querySelector('.grid').scrollTop = 1e9`);
  await page.waitForSelector(`.card[data-row="${MILLION - 1}"] canvas[data-regions]`);
  const end = performance.now() - server.begun - shown;
  await settled(page);
  const counted = performance.now() - server.begun;
  printTable(`A run of ${MILLION.toLocaleString('en-US')} images`, [
    { '': 'address printed, s', value: (told / 1000).toFixed(1) },
    { '': 'first boxes, s', value: (shown / 1000).toFixed(1) },
    { '': 'scrolled to the end, s', value: (end / 1000).toFixed(1) },
    { '': 'everything counted, s', value: (counted / 1000).toFixed(1) },
    { '': 'server, MB resident', value: (await server.memory('VmRSS')).toFixed(0) },
    { '': 'server, MB at most', value: (await server.memory('VmHWM')).toFixed(0) },
  ]);
  await page.close();
}
