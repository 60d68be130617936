/**
 * Runs on many machines: planning and collecting a million images, the queue's memory, how fast chunks are dealt out, and
 * what two workers cost against one run. Needs redis-server.
 *
 *     npm run bench -- scale
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cliUrl } from './built.js';
import { makeImages } from './images.js';
import { interleave, printTable, summarize } from './measure.js';
import { makeStore } from './scale/made-up.js';

const IMAGES = Number(process.env.IMAGES ?? 1_000_000);
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const { ONLY } = process.env;
const CHUNK = 250;
const folder = await mkdtemp(join(tmpdir(), 'sigbox-bench-scale-'));
const redis = await startRedis();
try {
  if (ONLY === undefined || ONLY === 'million') await million();
  if (ONLY === undefined || ONLY === 'workers') await workers();
  if (ONLY === undefined || ONLY === 'overhead') await overhead();
} finally {
  redis.stop();
  await rm(folder, { recursive: true, force: true });
}

interface Told {
  seconds: number;
  before: number;
  moreAtMost: number;
  [more: string]: number;
}

function part(name: string, ...args: (string | number)[]): Told {
  const file = fileURLToPath(new URL('scale/parts.ts', import.meta.url));
  const given = [...process.execArgv, file, name, ...args.map(String)];
  return JSON.parse(execFileSync(process.execPath, given, { encoding: 'utf8' }).trim().split('\n').at(-1)!);
}

async function million(): Promise<void> {
  const store = join(folder, 'store');
  part('make', IMAGES, store);
  const rows = {
    'plan: sort and write the manifest': part('plan', IMAGES),
    'collect the record': part('collect', 0, store),
    'collect with COCO files': part('collect', 0, store, 'exports'),
  };
  const memory = Object.entries(rows).map(([what, { seconds, before, moreAtMost }]) => ({
    what,
    seconds: seconds.toFixed(1),
    'images per second': (IMAGES / seconds).toFixed(0),
    'MB before': megabytes(before),
    'MB more at most': megabytes(moreAtMost),
  }));
  printTable(`${IMAGES} images in chunks of ${CHUNK}, each in a process of its own`, memory);
  const { seconds, chunks, bytes } = part('queue', IMAGES, redis.url);
  printTable(`The queue of ${IMAGES} images`, [
    {
      chunks: String(chunks),
      'seconds to fill': seconds.toFixed(2),
      'MB in Redis': megabytes(bytes!),
      'bytes per chunk': (bytes! / chunks!).toFixed(0),
      'bytes per image': (bytes! / IMAGES).toFixed(2),
    },
  ]);
  await rm(store, { recursive: true });
}

/** Without inference: how many images a second the queue and the store can deal out. */
async function workers(): Promise<void> {
  const rows: Record<string, string>[] = [];
  for (const count of [1, 4, 16]) {
    await redis.empty();
    const store = join(folder, `store-${count}`);
    await makeStore(store, IMAGES, CHUNK);
    const file = fileURLToPath(new URL('scale/parts.ts', import.meta.url));
    const all = Array.from({ length: count }, async () => {
      const given = [...process.execArgv, file, 'worker', '0', store, redis.url];
      const child = spawn(process.execPath, given, { stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (piece) => {
        text += piece;
      });
      await once(child, 'close');
      return JSON.parse(text.trim().split('\n').at(-1)!) as { chunks: number; begun: number; last: number };
    });
    const told = (await Promise.all(all)).filter(({ chunks }) => chunks > 0);
    const begun = Math.min(...told.map((one) => one.begun));
    const seconds = (Math.max(...told.map(({ last }) => last)) - begun) / 1000;
    rows.push({
      workers: String(count),
      seconds: seconds.toFixed(1),
      'chunks per second': (Math.ceil(IMAGES / CHUNK) / seconds).toFixed(0),
      'images per second': (IMAGES / seconds).toFixed(0),
    });
    await rm(store, { recursive: true });
  }
  printTable(`Workers that only write parts, ${IMAGES} images in chunks of ${CHUNK}, Redis and all workers here`, rows);
}

/** CPU seconds of all processes, of which the start of each is a part. */
async function overhead(): Promise<void> {
  await using images = await makeImages();
  const [vga] = images.all;
  const rows: Record<string, string>[] = [];
  for (const count of [200, 2_000]) {
    const photos = join(folder, `photos-${count}`);
    await mkdir(photos);
    for (let i = 0; i < count; i++) await link(vga!.path, join(photos, `${String(i).padStart(6, '0')}.jpg`));
    const samples = await interleave(
      {
        annotate: () => cpuSeconds(`annotate ${photos} --out ${photos}-run --no-pictures --format csv --quiet`, photos),
        work: () =>
          cpuSeconds(
            `work ${photos}-run --queue ${redis.url} --workers 1 --quiet`,
            photos,
            `plan ${photos} --out ${photos}-run`,
          ),
      },
      { rounds: ROUNDS },
    );
    const [annotate, work] = [samples.annotate!, samples.work!];
    rows.push({
      images: String(count),
      'annotate, CPU s': summarize(annotate).median.toFixed(2),
      'two workers, CPU s': summarize(work).median.toFixed(2),
      ratio: summarize(work.map((seconds, round) => seconds / annotate[round]!)).median.toFixed(3),
    });
  }
  printTable(`One run of two processes against two workers of one each, VGA, ${ROUNDS} rounds by turns; medians`, rows);
}

/** @param plan  run first, not counted; then two processes of the command side by side. Else one */
async function cpuSeconds(command: string, photos: string, plan?: string): Promise<number> {
  const cli = `${process.execPath} ${fileURLToPath(cliUrl)}`;
  if (plan !== undefined) execFileSync('bash', ['-c', `${cli} ${plan} >/dev/null`]);
  const twice = plan === undefined ? `${cli} ${command}` : `${cli} ${command} & ${cli} ${command}; wait`;
  const script = `TIMEFORMAT='%U %S'; time (${twice} >/dev/null 2>&1)`;
  const text = execFileSync('bash', ['-c', `{ ${script}; } 2>&1`], { encoding: 'utf8' });
  await rm(`${photos}-run`, { recursive: true });
  return text
    .trim()
    .split('\n')
    .at(-1)!
    .split(' ')
    .map(Number)
    .reduce((sum, seconds) => sum + seconds);
}

async function startRedis() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const text of child.stdout.setEncoding('utf8')) if (String(text).includes('Ready to accept')) break;
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: () => child.kill('SIGKILL'),
    empty: async () => execFileSync('redis-cli', ['-p', String(port), 'flushall']),
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
