import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { WorkEvent } from '../../../src/runs/queue/work.js';
import { built } from '../../support/built.js';
import { complaint } from '../../support/complaint.js';
import { type RedisServer, startRedis, withRedis } from '../../support/redis.js';
import { bin, sigbox } from '../../support/run.js';
import { annotated, at, photos, recordIn, useStore, worked } from './queue-run.js';

const NAMES = Array.from({ length: 24 }, (_, i) => `${String(i).padStart(2, '0')}.jpg`);

/** A worker process, as on another machine. */
interface WorkerProcess {
  process: ChildProcess;
  events: WorkEvent[];
  /** Waits for an event; null: it ended before. */
  until(isWanted: (event: WorkEvent) => boolean): Promise<WorkEvent | null>;
  ended: Promise<unknown>;
}

function startWorker(queue: string): WorkerProcess {
  const args = [bin, 'work', at.store, '--queue', queue, '--json', '--workers', '1'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const events: WorkEvent[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const resolve of waiting) resolve();
  };
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    events.push(JSON.parse(line));
    wake();
  });
  let isOver = false;
  lines.on('close', () => {
    isOver = true;
    wake();
  });
  const until = async (isWanted: (event: WorkEvent) => boolean) => {
    for (;;) {
      const found = events.find(isWanted);
      if (found !== undefined || isOver) return found ?? null;
      await new Promise<void>((resolve) => {
        waiting.add(resolve);
      });
    }
  };
  return { process: child, events, until, ended };
}

const isChunk = ({ type }: WorkEvent) => type === 'chunk';
const isEnd = ({ type }: WorkEvent) => type === 'end';

async function requireSameAsOneMachine(): Promise<void> {
  expect(await built.runStatus(at.store)).toMatchObject({ chunks: { setAside: 0 }, secondsLeft: 0 });
  await built.collect(at.store, { out: at.out });
  await annotated();
  expect(await recordIn(at.out)).toEqual(await recordIn(at.single));
}

withRedis('with a queue', () => {
  let redis: RedisServer;
  useStore();

  beforeEach(async () => {
    redis = await startRedis();
    await photos(...NAMES, 'no.txt.jpg');
    await built.planRun(at.photos, { out: at.store, chunk: 2 });
  });

  test('workers share the chunks, and leave no job behind', async () => {
    const [a, b] = [startWorker(redis.url), startWorker(redis.url)];
    const ends = (await Promise.all([a.until(isEnd), b.until(isEnd)])) as (WorkEvent & { type: 'end' })[];
    expect(ends.map(({ complete }) => complete)).toEqual([true, true]);
    expect(ends[0]!.images + ends[1]!.images).toBe(25);
    expect(await built.runStatus(at.store, { queue: redis.url })).toMatchObject({
      queue: { running: 0, waiting: 0, delayed: 0 },
    });
    await requireSameAsOneMachine();
  });

  test('the chunks of a killed worker are taken over', async () => {
    const [a, b] = [startWorker(redis.url), startWorker(redis.url)];
    await a.until(isChunk);
    a.process.kill('SIGKILL');
    expect(await b.until(isEnd)).toMatchObject({ complete: true, setAside: 0 });
    await requireSameAsOneMachine();
  });

  test('a worker that was frozen for longer than its lock does no harm', async () => {
    const [a, b] = [startWorker(redis.url), startWorker(redis.url)];
    await a.until(isChunk);
    a.process.kill('SIGSTOP');
    expect(await b.until(isEnd)).toMatchObject({ complete: true, setAside: 0 });
    a.process.kill('SIGCONT');
    expect(await a.until(isEnd)).toMatchObject({ complete: true, setAside: 0 });
    expect([...a.events, ...b.events].filter(({ type }) => type === 'retry')).toEqual([]);
    await requireSameAsOneMachine();
  });

  test('a queue that is emptied is filled again', async () => {
    const worker = startWorker(redis.url);
    await worker.until(isChunk);
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
    expect(await worker.until(isEnd)).toMatchObject({ complete: true, images: 25 });
    await requireSameAsOneMachine();
  });

  test('a Redis that is killed is waited for, and found again empty', async () => {
    const worker = startWorker(redis.url);
    await worker.until(isChunk);
    await redis.stop();
    expect(await worker.until(({ type }) => type === 'warning')).toMatchObject({
      message: expect.stringMatching(/^redis:\/\/127\.0\.0\.1:\d+: .*; waiting until it answers$/),
    });
    await startRedis({ port: redis.port });
    expect(await worker.until(isEnd)).toMatchObject({ complete: true, setAside: 0 });
    await requireSameAsOneMachine();
  });

  test('an interrupted worker gives its chunks back at once', async () => {
    const stop = new AbortController();
    const events = await worked({ queue: redis.url, signal: stop.signal, workers: 1 }, (event) => {
      if (event.type === 'chunk') stop.abort();
    });
    expect(events.find(isEnd)).toMatchObject({ complete: false });
    const { queue } = await built.runStatus(at.store, { queue: redis.url });
    expect(queue).toMatchObject({ running: 0, delayed: 0 });
    expect(queue!.waiting).toBeGreaterThan(0);
    expect((await worked({ queue: redis.url, workers: 1 })).find(isEnd)).toMatchObject({ complete: true });
    await requireSameAsOneMachine();
  });

  test('a chunk that fails three times is set aside in the store, and tried again when that is asked for', async () => {
    const gone = join(at.photos, '..', 'gone');
    await mkdir(gone);
    for (const name of ['04.jpg', '05.jpg']) await rename(join(at.photos, name), join(gone, name));
    const events = await worked({ queue: redis.url, workers: 1 });
    expect(events.filter(({ type }) => type === 'retry')).toHaveLength(2);
    expect(events.find(isEnd)).toMatchObject({ complete: true, setAside: 1, images: 23 });
    const client = new Redis(redis.url);
    await client.flushall(); // that it was set aside does not depend on the queue
    client.disconnect();
    expect((await worked({ queue: redis.url, workers: 1 })).find(isEnd)).toMatchObject({ chunks: 0, setAside: 0 });
    for (const name of ['04.jpg', '05.jpg']) await rename(join(gone, name), join(at.photos, name));
    expect(await built.requeueRun(at.store, { queue: redis.url })).toEqual({ missing: 1, setAside: 1 });
    expect((await worked({ queue: redis.url, workers: 1 })).find(isEnd)).toMatchObject({ chunks: 1, images: 2 });
    await requireSameAsOneMachine();
  });

  test('a job that failed without a word in the store is named there', async () => {
    const { id } = JSON.parse(await recordOfPlan());
    const queue = new Queue(`sigbox-${id}`, { connection: { url: redis.url } });
    onTestFinished(() => queue.close());
    const failing = { jobId: `${id}-0`, attempts: 1 };
    await queue.add('chunk', { chunk: 0 }, failing);
    await failAll(queue.name, redis.url);
    const events = await worked({ queue: redis.url, workers: 1 });
    expect(events.find(({ type }) => type === 'set-aside')).toMatchObject({ chunk: 0, message: 'out of order' });
    expect(events.find(isEnd)).toMatchObject({ images: 23 });
  });

  test('jobs of others are no chunks', async () => {
    const { id } = JSON.parse(await recordOfPlan());
    const queue = new Queue(`sigbox-${id}`, { connection: { url: redis.url } });
    onTestFinished(() => queue.close());
    for (const chunk of [-1, 1e9, 0.5, '0', '../../x', null]) await queue.add('chunk', { chunk });
    expect((await worked({ queue: redis.url, workers: 1 })).find(isEnd)).toMatchObject({ images: 25, setAside: 0 });
    await requireSameAsOneMachine();
  });
});

withRedis('passwords of a queue', () => {
  useStore();

  test('a wrong one is told of without it; REDISCLI_AUTH may hold the right one', async () => {
    await photos('a.jpg');
    await built.planRun(at.photos, { out: at.store });
    const { url, port } = await startRedis({ more: ['--requirepass', 'rightsecret'] });
    const wrong = await sigbox(['work', at.store, '--queue', `redis://someone:wrongsecret@127.0.0.1:${port}`]);
    expect(wrong.status).toBe(66);
    expect(wrong.stderr).toMatch(new RegExp(`sigbox: redis://127.0.0.1:${port}: expected a Redis server that answers`));
    expect(wrong.stdout + wrong.stderr).not.toMatch(/secret|someone/);
    const right = await sigbox(['work', at.store, '--queue', url, '--json'], { env: { REDISCLI_AUTH: 'rightsecret' } });
    expect(right).toMatchObject({ status: 0, stderr: '' });
    expect(right.stdout).not.toMatch(/secret/);
  });
});

test.each(['http://u:secret@host', 'redis', 'redis://', 'u:secret@host:6379'])(
  'what is no Redis server is refused, without its password: %s',
  async (queue) => {
    const error = await built
      .work('nowhere', { queue })
      .next()
      .catch((cause) => cause);
    expect(error).toEqual(complaint('E_ARGUMENT', /expected the URL of a Redis server/));
    expect(error.message).not.toMatch(/secret/);
  },
);

async function recordOfPlan(): Promise<string> {
  return readFile(join(at.store, 'plan.json'), 'utf8');
}

/** Takes the jobs of a queue as a worker does that fails. */
async function failAll(name: string, url: string): Promise<void> {
  const worker = new Worker(
    name,
    async () => {
      throw new Error('out of order');
    },
    { connection: { url, maxRetriesPerRequest: null } },
  );
  await new Promise((resolve) => worker.once('failed', resolve));
  await worker.close();
}
