import { serialize } from 'node:v8';
import pLimit, { type LimitFunction } from 'p-limit';
import { Tinypool } from 'tinypool';
import { reason, SigboxError } from '../errors.js';
import type { PipelineOptions } from '../pipeline.js';
import type { Outcome, WrittenOutcome } from '../types/detections.js';
import type { ImageSource } from '../types/pictures.js';
import type { NumberedPlan } from '../types/plan.js';
import type { TaskBegun, WorkerAnswer, WorkerTask } from './protocol.js';

/** Worker processes that share nothing: each decodes, infers and post-processes whole images. */
export interface WorkerPool {
  /**
   * @param signal  once it aborts, an image that no worker has begun never is; a worker that does not finish its own within
   *   a second is stopped and replaced
   * @throws SigboxError  as the pipeline does; E_WORKER when the worker died on this image twice
   */
  detect(source: ImageSource, plan: NumberedPlan, signal?: AbortSignal): Promise<Outcome>;
  /** The same with the detections written down, by the worker. */
  detectWritten(source: ImageSource, plan: NumberedPlan, signal?: AbortSignal): Promise<WrittenOutcome>;
  /** Stops the workers at once; what is in flight is rejected. */
  close(): Promise<void>;
}

/** The next image is decoded while this one is inferred. */
const IMAGES_PER_WORKER = 2;
/** What a worker may go on for with an image that nobody waits for: to start another in its place takes about as long. */
const GRACE_MS = 1000;

/**
 * Starts workers and has one of them load the model, which the others do with their first image; more are started as the
 * load asks for them.
 *
 * Processes, not threads: ending a process while one of its threads is inside onnxruntime aborts it, and a process that
 * dies (out of memory, a fault in native code) takes nothing else with it.
 *
 * @throws SigboxError E_MODEL  the model can't be loaded. E_WORKER  no worker process can be started.
 */
export async function openPool(
  pipeline: PipelineOptions,
  { workers, started }: { workers: number; started: number },
): Promise<WorkerPool> {
  const pool = new OpenPool(pipeline, { workers, started });
  try {
    await pool.load();
  } catch (error) {
    await pool.close();
    throw error;
  }
  return pool;
}

/** An image with the plan for it, which is yet to be sent. */
type ImageTask = Omit<NonNullable<WorkerTask['image']>, 'plan'> & { plan: NumberedPlan };

/** Without an image: to load the model. */
interface PoolTask {
  image?: ImageTask;
  number?: number;
}

/** Pools whose workers end with this process: one listener for all of them, however many detectors are open. */
const OPEN = new Set<OpenPool>();

function killAll(): void {
  for (const pool of OPEN) pool.kill();
}

class OpenPool implements WorkerPool {
  readonly #processes: Tinypool;
  /** As many tasks as the workers take at once: the rest waits here, where an abort reaches it. */
  readonly #turns: LimitFunction;
  readonly #pipeline: Uint8Array;
  /** Gives up a task that is in flight. */
  readonly #inFlight = new Set<(death: unknown) => void>();
  /** Process that has begun an image, by the image's number. */
  readonly #begun = new Map<number, number>();
  readonly #channel = { postMessage: ({ number, pid }: TaskBegun) => void this.#begun.set(number, pid) };
  #numbered = 0;

  constructor(pipeline: PipelineOptions, { workers, started }: { workers: number; started: number }) {
    this.#pipeline = serialize(pipeline);
    this.#turns = pLimit({ concurrency: IMAGES_PER_WORKER * workers, rejectOnClear: true });
    this.#processes = new Tinypool({
      runtime: 'child_process',
      filename: new URL('./worker.js', import.meta.url).href,
      minThreads: started,
      maxThreads: workers,
      idleTimeout: 60_000,
      concurrentTasksPerWorker: IMAGES_PER_WORKER,
      env: process.env as Record<string, string>,
      execArgv: [],
      serialization: 'advanced', // bytes and typed arrays as they are
    });
    this.#processes.on('error', (death) => {
      // A worker died that had no task yet. Tinypool starts another with the next task, but not for those that wait: when
      // none is left to take them, they have to be given up and tried again.
      if (this.#processes.threads.length === 0) for (const giveUp of this.#inFlight) giveUp(death);
    });
    if (OPEN.size === 0) process.on('exit', killAll);
    OPEN.add(this);
  }

  async load(): Promise<void> {
    await this.#withRetry({});
  }

  detect(source: ImageSource, plan: NumberedPlan, signal?: AbortSignal): Promise<Outcome> {
    return this.#outcomeOf({ source, plan, written: false }, signal) as Promise<Outcome>;
  }

  detectWritten(source: ImageSource, plan: NumberedPlan, signal?: AbortSignal): Promise<WrittenOutcome> {
    return this.#outcomeOf({ source, plan, written: true }, signal) as Promise<WrittenOutcome>;
  }

  /** At once, without waiting. */
  kill(): void {
    for (const { threadId } of this.#processes.threads) kill(threadId);
  }

  async close(): Promise<void> {
    OPEN.delete(this);
    if (OPEN.size === 0) process.off('exit', killAll);
    this.#turns.clearQueue();
    await this.#processes.destroy();
  }

  #outcomeOf(image: ImageTask, signal?: AbortSignal): Promise<Outcome | WrittenOutcome> {
    return this.#turns(async () => {
      signal?.throwIfAborted();
      if (signal === undefined) return (await this.#withRetry({ image }))!;
      const number = this.#numbered++;
      const stop = this.#stopOnceUnwanted(number, signal);
      try {
        return (await this.#withRetry({ image, number }, signal))!;
      } finally {
        stop();
        this.#begun.delete(number);
      }
    });
  }

  /** Kills the worker that has an image of which nobody waits for the outcome. @returns what ends the watch */
  #stopOnceUnwanted(number: number, signal: AbortSignal): () => void {
    let timer: NodeJS.Timeout | undefined;
    const watch = () => {
      timer = setInterval(() => {
        const worker = this.#begun.get(number);
        if (worker !== undefined) kill(worker);
      }, GRACE_MS).unref();
    };
    signal.addEventListener('abort', watch, { once: true });
    return () => {
      signal.removeEventListener('abort', watch);
      clearInterval(timer);
    };
  }

  /**
   * A worker that died may have been killed for another image's sake: its tasks get a second try, each in a worker that
   * it has to itself.
   */
  async #withRetry(task: PoolTask, signal?: AbortSignal): Promise<Outcome | WrittenOutcome | null> {
    const settled = (error: unknown) => error instanceof SigboxError || signal?.aborted === true;
    try {
      return await this.#answered(task);
    } catch (first) {
      if (settled(first)) throw first;
    }
    try {
      return await this.#answered(task, { signal: new AbortController().signal }); // which is what tinypool goes by
    } catch (second) {
      if (settled(second)) throw second;
      const message = `the worker process died twice on this image: ${reason(second)}.`;
      throw new SigboxError('E_WORKER', message, { cause: second });
    }
  }

  /** Sends the plan along where a worker may not have it. */
  async #answered({ image, number }: PoolTask, how: { signal?: AbortSignal } = {}) {
    const task: WorkerTask = number === undefined ? { pipeline: this.#pipeline } : { pipeline: this.#pipeline, number };
    if (image === undefined) return this.#run(task, how) as Promise<null>;
    const { plan } = image;
    for (let isSent = plan.isSent; ; isSent = false) {
      const message = isSent ? { id: plan.id } : { id: plan.id, bytes: serialize(plan.plan) };
      const result = await this.#run({ ...task, image: { ...image, plan: message } }, how);
      if (result === 'missing plan') continue;
      plan.isSent = true;
      return result;
    }
  }

  async #run(
    task: WorkerTask,
    how: { signal?: AbortSignal },
  ): Promise<Outcome | WrittenOutcome | null | 'missing plan'> {
    let giveUp = (_death: unknown) => {};
    const givenUp = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    this.#inFlight.add(giveUp);
    try {
      const answered = this.#processes.run(task, { ...how, channel: this.#channel });
      const answer: WorkerAnswer = await Promise.race([answered, givenUp]);
      if ('error' in answer) throw new SigboxError(answer.error.code, answer.error.message);
      return 'missing' in answer ? 'missing plan' : answer.result;
    } finally {
      this.#inFlight.delete(giveUp);
    }
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already: that is what was wanted.
  }
}
