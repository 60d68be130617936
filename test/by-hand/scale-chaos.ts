/**
 * Kills whatever a run on many machines depends on, and compares what is collected with one machine's run:
 *
 *     MOTO_SERVER=venv/bin/moto_server npx tsx test/by-hand/scale-chaos.ts [SEED] [IMAGES]
 *
 * Three workers take chunks of images in a bucket; 30 times one of them is killed, once one is frozen for longer than its
 * lock, three times Redis is killed and comes back empty; 5 % of the answers of the S3 server are errors, late, or cut off.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import sharp from 'sharp';
import { S3Store } from '../../src/files/store/s3-store.js';
import type { WorkEvent } from '../../src/runs/queue/work.js';
import { faultProxy } from '../support/fault-proxy.js';
import { freePort } from '../support/free-port.js';
import { randomNumbers } from '../support/random.js';
import { bin } from '../support/run.js';

const [seed = 1, images = 2_000] = process.argv.slice(2).map(Number);
const { MOTO_SERVER = 'moto_server' } = process.env;
const WORKERS = 3;
const KILLS = 30;
const REDIS_KILLS = 3;
const FROZEN_MS = 12_000;
const FAULTS = 0.05;
const STORE = 's3://bucket/run';

const random = randomNumbers(seed);
const folder = await mkdtemp(join(tmpdir(), 'sigbox-chaos-'));
const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

const s3Port = await startMoto();
const proxy = await faultProxy(s3Port, { share: FAULTS, random: randomNumbers(seed + 1) });
const variables = {
  AWS_ACCESS_KEY_ID: 'someone',
  AWS_SECRET_ACCESS_KEY: 'topsecret',
  AWS_REGION: 'us-east-1',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};
Object.assign(process.env, variables, { AWS_ENDPOINT_URL: `http://127.0.0.1:${s3Port}` });
const redisPort = await freePort();
const queue = `redis://127.0.0.1:${redisPort}`;

await makeImages();
console.log(`seed ${seed}: ${images} images`);
await sigbox('annotate', join(folder, 'photos'), '--out', join(folder, 'single'), '--no-pictures', '--quiet');
await sigbox('plan', 's3://bucket/photos', '--out', STORE, '--chunk', '20');
let redis = await startRedis();

const begun = performance.now();
let lastKill = begun;
const takeovers: number[] = [];
const counts = { chunks: 0, again: 0, retries: 0, setAside: 0, stalled: 0 };
let isDone = false;
const workers = Array.from({ length: WORKERS }, startWorker);
const chaos = harm();
await Promise.all(workers.map(({ ended }) => ended));
isDone = true;
await chaos;
const seconds = (performance.now() - begun) / 1000;

const { stdout: told } = await sigbox('collect', STORE, '--out', join(folder, 'collected'));
const single = await record('single');
const collected = await record('collected');
const same = JSON.stringify(single) === JSON.stringify(collected);
console.log(told.split('\n')[0]);
console.log(`${seconds.toFixed(0)} s; ${JSON.stringify(counts)}; faults of S3: ${JSON.stringify(proxy.counts)}`);
const sorted = takeovers.sort((a, b) => a - b);
console.log(`chunks dealt out again, after the last kill: ${sorted.map((ms) => (ms / 1000).toFixed(1)).join(' ')} s`);
console.log(same ? 'the same as one machine' : 'DIFFERENT from one machine');
proxy.close();
await rm(folder, { recursive: true });
process.exit(same && counts.setAside === 0 ? 0 : 1);

/** What must be equal: all but the state of files, which a disk and a bucket see differently. */
async function record(run: string) {
  const lines = async (file: string) =>
    (await readFile(join(folder, run, file), 'utf8')).split('\n').map((line) => line.replace(/,"file":\{.*/, ''));
  const coco = await readFile(join(folder, run, 'coco.json'), 'utf8');
  return { results: await lines('unfiltered.jsonl'), failures: await lines('failures.jsonl'), coco };
}

/** Small images with something to be found in some of them, one in fifty spoilt. */
async function makeImages(): Promise<void> {
  await new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'bucket' }));
  const bucket = await S3Store.open('s3://bucket/photos');
  await mkdir(join(folder, 'photos'));
  const street = await sharp(join(import.meta.dirname, '../../samples/street.jpg'))
    .resize(320)
    .png()
    .toBuffer();
  const { width = 0, height = 0 } = await sharp(street).metadata();
  for (let i = 0; i < images; i++) {
    const [left, top] = [Math.floor((width - 160) * random()), Math.floor((height - 120) * random())];
    const cut = sharp(street).extract({ left, top, width: 160, height: 120 });
    const bytes = i % 50 === 49 ? Buffer.from('spoilt') : await cut.jpeg().toBuffer();
    const name = `${String(i).padStart(5, '0')}.jpg`;
    await writeFile(join(folder, 'photos', name), bytes);
    await bucket.write(name, bytes);
  }
}

interface Taker {
  process: ChildProcess;
  ended: Promise<void>;
}

/** A worker that is started again whenever it was killed, until it ends by itself. */
function startWorker(): Taker {
  const args = [bin, 'work', STORE, '--queue', queue, '--workers', '1', '--json'];
  const env = { ...process.env, AWS_ENDPOINT_URL: `http://127.0.0.1:${proxy.port}` };
  const taker: Taker = { process: spawnWorker(), ended: Promise.resolve() };
  function spawnWorker() {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    children.add(child);
    createInterface({ input: child.stdout }).on('line', (line) => hear(JSON.parse(line)));
    return child;
  }
  taker.ended = (async () => {
    for (;;) {
      const [status] = await once(taker.process, 'exit');
      children.delete(taker.process);
      if (status === 0) return;
      taker.process = spawnWorker();
    }
  })();
  return taker;
}

function hear(event: WorkEvent): void {
  if (event.type === 'chunk') counts[event.isNew ? 'chunks' : 'again']++;
  if (event.type === 'retry') counts.retries++;
  if (event.type === 'set-aside') counts.setAside++;
  if (event.type !== 'stalled') return;
  counts.stalled++;
  takeovers.push(performance.now() - lastKill);
}

async function harm(): Promise<void> {
  const moments = [
    ...Array.from({ length: KILLS }, () => 'kill'),
    ...Array.from({ length: REDIS_KILLS }, () => 'redis'),
    'freeze',
  ].sort(() => random() - 0.5);
  for (const moment of moments) {
    await sleep(300 + 2_500 * random());
    if (isDone) return console.log(`done before all harm: ${moments.length}`);
    const one = workers[Math.floor(WORKERS * random())]!.process;
    if (moment === 'kill') {
      lastKill = performance.now();
      one.kill('SIGKILL');
    } else if (moment === 'freeze') {
      one.kill('SIGSTOP');
      setTimeout(() => one.kill('SIGCONT'), FROZEN_MS);
    } else {
      redis.kill('SIGKILL');
      await sleep(2_000 * random());
      redis = await startRedis();
    }
  }
}

async function startRedis(): Promise<ChildProcess> {
  const args = ['--port', String(redisPort), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  for await (const text of child.stdout.setEncoding('utf8')) if (String(text).includes('Ready to accept')) break;
  return child;
}

async function startMoto(): Promise<number> {
  const port = await freePort();
  const child = spawn(MOTO_SERVER, ['-H', '127.0.0.1', '-p', String(port)], { stdio: ['ignore', 'ignore', 'pipe'] });
  children.add(child);
  for await (const text of child.stderr.setEncoding('utf8')) if (String(text).includes('Running on')) break;
  child.stderr.resume();
  return port;
}

async function sigbox(...args: string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(process.execPath, [bin, ...args], { maxBuffer: 2 ** 28 }).catch((error) => {
    if (error.code === 3) return error; // some images failed, which they are meant to
    throw error;
  });
}
