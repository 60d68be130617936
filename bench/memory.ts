/** Resident memory of a folder run while it goes on: of the command, and of all its processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { link, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { cliUrl } from './built.js';
import { street } from './images.js';
import { printTable } from './measure.js';

const IMAGES = Number(process.env.IMAGES ?? 10_000);
/** Images that are no measure yet: heaps grow to their size, workers start. */
const WARM_UP = IMAGES / 5;
const HUGE = 16_000;

await using folder = await temporaryFolder();
await small();
if (process.env.ONLY !== 'small') await huge();

async function small(): Promise<void> {
  const input = join(folder.path, 'small');
  await mkdir(input);
  const picture = join(folder.path, 'small.jpg');
  await sharp(street).resize(320).jpeg().toFile(picture);
  await manyOf(picture, input, IMAGES);
  const samples = await watch(input);
  const later = samples.filter(({ images }) => images >= WARM_UP && images < IMAGES); // then it writes the exports
  printTable(`${IMAGES} images of 320 × 180: MB resident`, [
    ...[0.1, 0.2, 0.4, 0.6, 0.8, 1].map((part) => {
      const { images, command, all } = samples.findLast((sample) => sample.images <= part * IMAGES)!;
      return { images, command: command.toFixed(0), 'all processes': all.toFixed(0) };
    }),
  ]);
  const slopes = (['command', 'all'] as const).map((key) => slope(lowest(later, key)) * 1000);
  const peak = Math.max(...samples.map(({ all }) => all));
  console.log(
    `\nslope of the lows after ${WARM_UP} images, MB per 1,000: command ${slopes[0]!.toFixed(2)}, all processes ` +
      `${slopes[1]!.toFixed(2)}; peak of all ${peak.toFixed(0)} MB`,
  );
}

async function huge(): Promise<void> {
  const kinds = {
    '1-bit PNG': (picture: Sharp) => picture.png({ palette: true, colours: 2, compressionLevel: 9 }),
    JPEG: (picture: Sharp) => picture.jpeg(),
  };
  const rows = [];
  for (const [kind, encode] of Object.entries(kinds)) {
    const input = join(folder.path, kind);
    await mkdir(input);
    const picture = join(folder.path, `huge ${kind}`);
    const blank = sharp({
      create: { width: HUGE, height: HUGE, channels: 3, background: '#ffffff' },
      limitInputPixels: false,
    });
    await encode(blank).toFile(picture);
    await manyOf(picture, input, 8);
    const samples = await watch(input);
    const peak = Math.max(...samples.map(({ all }) => all));
    rows.push({ kind, images: 8, 'peak of all processes, MB': peak.toFixed(0) });
  }
  printTable(`${HUGE} × ${HUGE} pixels`, rows);
}

/** The least of each twentieth of the images: between two of them garbage comes and goes, below them lies what is kept. */
function lowest(samples: Sample[], key: 'command' | 'all'): [number, number][] {
  const lows = new Map<number, [number, number]>();
  for (const { images, [key]: megabytes } of samples) {
    const part = Math.floor((20 * images) / IMAGES);
    if (megabytes < (lows.get(part)?.[1] ?? Number.POSITIVE_INFINITY)) lows.set(part, [images, megabytes]);
  }
  return [...lows.values()];
}

interface Sample {
  images: number;
  command: number;
  all: number;
}

/** Runs the command over a folder, and looks at its memory with every hundredth part of the images, and every 50 ms. */
async function watch(input: string): Promise<Sample[]> {
  const args = ['annotate', input, '--out', `${input}-out`, '--no-pictures', '--json', '--no-config'];
  const child = spawn(process.execPath, [fileURLToPath(cliUrl), ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  const samples: Sample[] = [];
  let images = 0;
  const look = () => samples.push({ images, ...residentOf(child) });
  const timer = setInterval(look, 50);
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{"type":"image"')) images++;
  }
  clearInterval(timer);
  if (child.exitCode === null) await once(child, 'exit');
  return samples.filter(({ command }) => command > 0);
}

function residentOf({ pid }: ChildProcess): { command: number; all: number } {
  const command = residentMegabytes(String(pid));
  const children = childrenOf(String(pid)).map(residentMegabytes);
  return { command, all: children.reduce((sum, one) => sum + one, command) };
}

function residentMegabytes(pid: string): number {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) / 1000;
  } catch {
    return 0; // it has just ended
  }
}

function childrenOf(pid: string): string[] {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    return tasks.flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
    );
  } catch {
    return [];
  }
}

async function manyOf(picture: string, into: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await link(picture, join(into, `${String(i).padStart(6, '0')}.jpg`));
}

/** Least squares. */
function slope(points: [x: number, y: number][]): number {
  const mean = (k: 0 | 1) => points.reduce((sum, point) => sum + point[k], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const shared = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return shared / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'sigbox-bench-memory-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
