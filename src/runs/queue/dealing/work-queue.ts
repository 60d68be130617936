import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from 'bullmq';
import { reason } from '../../../errors.js';
import type { ChunkDetection } from '../chunks/chunk-detection.js';
import { type DoneChunks, listSetAside } from '../chunks/chunk-files.js';
import type { WorkEvent } from '../work.js';
import { type ChunkJob, ChunkQueue, isChunk, queueName } from './chunk-queue.js';
import { loadPackages } from './redis.js';
import { ATTEMPTS, CHUNKS_AT_ONCE } from './work-share.js';

/** A worker that says nothing for so long has lost its chunks, and others look for such workers as often. */
const LOCK_MS = 5_000;
/** A chunk whose workers were killed so often is suspected of killing them. */
const MOST_STALLS = 20;
/** How often a worker without a chunk looks whether there is anything left to do. */
const IDLE_MS = 1_000;
/** A server that does not answer for so long is away. */
const ANSWER_MS = 5_000;
/** Numbers per minute that BullMQ keeps for charts: of a day. */
const MINUTES_KEPT = 1_440;

interface Dealt {
  url: string;
  done: DoneChunks;
}

/** Works on the chunks that a queue deals out, until none is left. */
export async function workQueue(
  detection: ChunkDetection,
  { url, done }: Dealt,
  tell: (event: WorkEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  await using queue = await ChunkQueue.open(detection.run.plan, url);
  const taker = new Taker(detection, queue, tell, signal);
  const worker = await taker.begin();
  const stop = () => void worker.pause(true); // takes no further chunk
  signal.addEventListener('abort', stop, { once: true });
  try {
    await taker.untilDone(done);
  } finally {
    signal.removeEventListener('abort', stop);
    await Promise.race([worker.close(), sleep(ANSWER_MS, undefined, { ref: false })]);
    if (taker.active > 0) await worker.close(true);
  }
}

/** A worker of BullMQ that takes chunks. */
class Taker {
  /** Chunks that this worker has taken. */
  active = 0;
  readonly #detection: ChunkDetection;
  readonly #queue: ChunkQueue;
  readonly #tell: (event: WorkEvent) => void;
  readonly #signal: AbortSignal;
  #isAway = false;

  constructor(detection: ChunkDetection, queue: ChunkQueue, tell: (event: WorkEvent) => void, signal: AbortSignal) {
    this.#detection = detection;
    this.#queue = queue;
    this.#tell = tell;
    this.#signal = signal;
  }

  async begin() {
    const { Worker, UnrecoverableError, WaitingError } = await loadPackages();
    const { plan } = this.#queue;
    const take = async (job: Job<ChunkJob>, token?: string) => {
      const { chunk } = job.data;
      if (!isChunk(chunk, plan)) throw new UnrecoverableError('it is no chunk of this run');
      this.active++;
      try {
        await this.#work(chunk, job);
      } catch (error) {
        if (!this.#signal.aborted) throw error;
        await job.moveToWait(token).catch(() => {}); // else its lock ends by itself
        throw new WaitingError();
      } finally {
        this.active--;
      }
    };
    const worker = new Worker<ChunkJob>(queueName(plan), take, {
      connection: this.#queue.connection.client,
      name: `${hostname()}:${process.pid}`,
      concurrency: CHUNKS_AT_ONCE,
      lockDuration: LOCK_MS,
      stalledInterval: LOCK_MS,
      maxStalledCount: MOST_STALLS,
      runRetryDelay: IDLE_MS,
      metrics: { maxDataPoints: MINUTES_KEPT },
    });
    worker.on('error', (error) => this.#hear(error));
    worker.on('stalled', (id) => this.#tell({ type: 'stalled', chunk: Number(id.slice(id.lastIndexOf('-') + 1)) }));
    return worker;
  }

  async #work(chunk: number, { attemptsMade }: Job<ChunkJob>): Promise<void> {
    try {
      this.#tell({ type: 'chunk', ...(await this.#detection.detect(chunk, this.#signal)) });
    } catch (error) {
      if (this.#signal.aborted) throw error;
      const attempt = attemptsMade + 1;
      if (attempt < ATTEMPTS) this.#tell({ type: 'retry', chunk, attempt, message: reason(error) });
      else this.#tell({ type: 'set-aside', ...(await this.#detection.setAside(chunk, attempt, error)) });
      throw error; // the queue counts attempts
    }
  }

  /** Fills the queue with what is missing, whenever it is empty, until nothing is. */
  async untilDone(done: DoneChunks): Promise<void> {
    for (; !this.#signal.aborted; await sleep(IDLE_MS, undefined, { signal: this.#signal }).catch(() => {})) {
      if (this.active > 0) continue;
      const waiting = await this.#waiting();
      if (waiting !== null && waiting > 0) continue;
      await done.look(this.#signal);
      const missing = await this.#missing(done, waiting !== null);
      if (this.#signal.aborted) return;
      if (missing.length === 0) return;
      if (waiting !== null) await this.#answered(this.#queue.fill(missing, this.#signal));
    }
  }

  /** Chunks in the queue; null: it does not answer. */
  async #waiting(): Promise<number | null> {
    const counts = await this.#answered(this.#queue.counts());
    return counts === null ? null : counts.running + counts.waiting + counts.delayed;
  }

  /** @param answers  whether the queue does: else it can't say what has failed */
  async #missing(done: DoneChunks, answers: boolean): Promise<number[]> {
    const aside = new Set(await listSetAside(this.#detection.run, this.#signal));
    const missing = [...done.missing()].filter((chunk) => !aside.has(chunk));
    const failed = missing.length === 0 || !answers ? null : await this.#answered(this.#queue.failed());
    for (const { chunk, message, attempts } of failed ?? []) {
      // It failed where nothing could be written down, or killed its workers.
      if (done.has(chunk) || aside.has(chunk)) continue;
      this.#tell({ type: 'set-aside', ...(await this.#detection.setAside(chunk, attempts, new Error(message))) });
      aside.add(chunk);
    }
    return missing.filter((chunk) => !aside.has(chunk));
  }

  /** What the server answers; null: nothing, for it is away. */
  async #answered<T>(asked: Promise<T>): Promise<T | null> {
    const stop = new AbortController();
    const silence = sleep(ANSWER_MS, null, { signal: AbortSignal.any([stop.signal, this.#signal]) }).catch(() => null);
    try {
      const answer = await Promise.race([asked.catch(() => null), silence]);
      if (answer !== null) this.#isAway = false;
      return answer;
    } finally {
      stop.abort();
    }
  }

  /** What BullMQ complains of: a server that is away is told of once. */
  #hear(error: Error): void {
    if (this.#signal.aborted || /lock|Missing key/i.test(error.message)) return; // another worker has the chunk now
    if (this.#isAway) return;
    this.#isAway = true;
    this.#tell({
      type: 'warning',
      message: `${this.#queue.connection.name}: ${reason(error)}; waiting until it answers`,
    });
  }
}
