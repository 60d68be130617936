import type { Job, Queue } from 'bullmq';
import { chunkCount, type Plan } from '../chunks/manifest.js';
import type { QueueCounts } from './queue-counts.js';
import { connectRedis, loadPackages, type RedisConnection } from './redis.js';
import { ATTEMPTS, BACKOFF_MS } from './work-share.js';

/** What a job says. */
export interface ChunkJob {
  chunk: number;
}

/** Of jobs that are added at one go. */
const BATCH = 1_000;
/** Nobody reads the stream of a queue's events. */
const EVENTS_KEPT = 100;
/** Another worker that began to fill the queue is given so long for each batch. */
const FILLING_MS = 30_000;

/** Name of the queue of a plan, in BullMQ. */
export function queueName({ id }: Pick<Plan, 'id'>): string {
  return `sigbox-${id}`;
}

/** The queue of a run's chunks. It only says who does what next: it may be lost at any time, and is filled again. */
export class ChunkQueue implements AsyncDisposable {
  readonly plan: Plan;
  readonly connection: RedisConnection;
  readonly #queue: Queue<ChunkJob>;

  private constructor(plan: Plan, connection: RedisConnection, queue: Queue<ChunkJob>) {
    this.plan = plan;
    this.connection = connection;
    this.#queue = queue;
  }

  /** @throws SigboxError E_ARGUMENT, E_IO  as `connectRedis` */
  static async open(plan: Plan, url: string): Promise<ChunkQueue> {
    const connection = await connectRedis(url);
    const { Queue } = await loadPackages();
    const queue = new Queue<ChunkJob>(queueName(plan), {
      connection: connection.client,
      streams: { events: { maxLen: EVENTS_KEPT } },
      defaultJobOptions: {
        attempts: ATTEMPTS,
        backoff: { type: 'exponential', delay: BACKOFF_MS },
        removeOnComplete: true, // the part in the store says that it is done
      },
    });
    queue.on('error', () => {}); // whoever calls hears of it, or waits until Redis is back
    return new ChunkQueue(plan, connection, queue);
  }

  async counts(): Promise<QueueCounts> {
    const counts = await this.#queue.getJobCounts('active', 'waiting', 'prioritized', 'delayed');
    const { active = 0, waiting = 0, prioritized = 0, delayed = 0 } = counts;
    return { running: active, waiting: waiting + prioritized, delayed };
  }

  /**
   * Adds chunks; those that are in the queue stay as they are. Of several workers that find the queue empty, one fills it.
   *
   * @returns how many were added; null: another worker does it
   */
  async fill(chunks: Iterable<number>, signal?: AbortSignal): Promise<number | null> {
    const { client } = this.connection;
    const filling = `${queueName(this.plan)}:filling`;
    if ((await client.set(filling, '1', 'PX', FILLING_MS, 'NX')) === null) return null;
    let [added, batch] = [0, [] as number[]];
    const flush = async () => {
      await this.#queue.addBulk(batch.map((chunk) => this.#jobOf(chunk)));
      await client.set(filling, '1', 'PX', FILLING_MS);
      added += batch.length;
      batch = [];
    };
    for (const chunk of chunks) {
      signal?.throwIfAborted();
      batch.push(chunk);
      if (batch.length === BATCH) await flush();
    }
    if (batch.length > 0) await flush();
    await client.del(filling);
    return added;
  }

  /** Chunks that failed too often for the queue, and why. */
  async failed(): Promise<{ chunk: number; message: string; attempts: number }[]> {
    const jobs = await this.#queue.getFailed();
    return jobs.flatMap((job: Job<ChunkJob> | undefined) => {
      const chunk = job?.data?.chunk;
      if (job === undefined || !isChunk(chunk, this.plan)) return [];
      return [{ chunk, message: job.failedReason ?? 'unknown', attempts: Math.max(1, job.attemptsMade) }];
    });
  }

  /** Forgets that chunks failed. */
  async forget(chunks: Iterable<number>): Promise<void> {
    for (const chunk of chunks) await this.#queue.remove(this.#jobOf(chunk).opts.jobId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.close().catch(() => {});
    this.connection.client.disconnect();
  }

  #jobOf(chunk: number) {
    return { name: 'chunk', data: { chunk }, opts: { jobId: `${this.plan.id}-${chunk}` } };
  }
}

/** Whether a value is the number of one of a plan's chunks: anybody can put jobs into a queue. */
export function isChunk(value: unknown, plan: Plan): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < chunkCount(plan);
}
