import { setTimeout as sleep } from 'node:timers/promises';
import { DoneChunks, namedSetAside, type SetAside } from './chunks/chunk-files.js';
import { chunkCount, imagesIn, openPlan, type PlannedRun } from './chunks/manifest.js';
import { ChunkQueue } from './dealing/chunk-queue.js';
import type { QueueCounts } from './dealing/queue-counts.js';
import {
  checkStatusOptions,
  checkWatchOptions,
  type StatusOptions,
  type WatchOptions,
} from './options/status-options.js';

/** How far a run on many machines has come. */
export interface RunStatus {
  run: string;
  chunks: { all: number; done: number; setAside: number };
  /** What the queue says of the rest; null: none was named. */
  queue: QueueCounts | null;
  images: { all: number; done: number };
  /** In the last minutes; null: nothing was done in them. */
  imagesPerSecond: number | null;
  /** Seconds that the rest takes at this speed; null: unknown. */
  secondsLeft: number | null;
  /** Chunks that are not tried again, and why: the first hundred. */
  setAside: SetAside[];
}

/** Seconds over which the speed is measured. */
const WINDOW_S = 300;

/**
 * Looks how far the run in a store has come.
 *
 * @throws SigboxError E_IO  a store without a plan, or that can't be read
 */
export async function runStatus(where: string, given: StatusOptions = {}): Promise<RunStatus> {
  const { signal, queue: url } = checkStatusOptions(given, 'runStatus');
  const run = await openPlan(where, signal);
  await using queue = url === undefined ? null : await ChunkQueue.open(run.plan, url);
  return await new StatusWatch(run, queue).look(signal); // before the queue is closed
}

/**
 * The same again and again, until no chunk is left that is not set aside.
 *
 * @param given.every  milliseconds between two looks. Default: one look
 */
export async function* watchStatus(where: string, given: WatchOptions = {}): AsyncGenerator<RunStatus> {
  const { signal, every, queue: url } = checkWatchOptions(given, 'watchStatus');
  const run = await openPlan(where, signal);
  await using queue = url === undefined ? null : await ChunkQueue.open(run.plan, url);
  const watch = new StatusWatch(run, queue);
  for (;;) {
    const status = await watch.look(signal);
    yield status;
    const { all, done, setAside } = status.chunks;
    if (every === undefined || done + setAside === all) return;
    await sleep(every, undefined, { signal });
  }
}

/** Looks again and again; what was there once need not be looked at again. */
class StatusWatch {
  readonly #run: PlannedRun;
  readonly #queue: ChunkQueue | null;
  readonly #done: DoneChunks;
  #images = 0;
  /** When chunks were done, in the last minutes, and how many images they have. */
  #recent: { at: number; images: number }[] = [];

  constructor(run: PlannedRun, queue: ChunkQueue | null) {
    this.#run = run;
    this.#queue = queue;
    this.#done = new DoneChunks(run);
  }

  async look(signal?: AbortSignal): Promise<RunStatus> {
    const { plan } = this.#run;
    const since = Date.now() - WINDOW_S * 1000;
    this.#recent = this.#recent.filter(({ at }) => at > since);
    await this.#done.look(signal, (chunk, at) => {
      this.#images += imagesIn(chunk, plan);
      if (at > since) this.#recent.push({ at, images: imagesIn(chunk, plan) });
    });
    const aside = await namedSetAside(this.#run, this.#done, signal);
    const imagesPerSecond = speed(this.#recent);
    const asideImages = aside.chunks.reduce((sum, chunk) => sum + imagesIn(chunk, plan), 0);
    const left = plan.images - this.#images - asideImages;
    return {
      run: plan.id,
      chunks: { all: chunkCount(plan), done: this.#done.size, setAside: aside.chunks.length },
      queue: this.#queue === null ? null : await this.#queue.counts(),
      images: { all: plan.images, done: this.#images },
      imagesPerSecond,
      secondsLeft: left === 0 ? 0 : imagesPerSecond === null ? null : left / imagesPerSecond,
      setAside: aside.named,
    };
  }
}

/** Images per second from the first chunk of the window, which began before it, until now. */
function speed(recent: readonly { at: number; images: number }[]): number | null {
  if (recent.length < 2) return null;
  const first = Math.min(...recent.map(({ at }) => at));
  const images = recent.reduce((sum, { at, images: n }) => sum + (at === first ? 0 : n), 0);
  const seconds = (Date.now() - first) / 1000;
  return images === 0 || seconds <= 0 ? null : images / seconds;
}
