import { pathToFileURL } from 'node:url';
import { serialize } from 'node:v8';
import pLimit, { type LimitFunction } from 'p-limit';
import { Tinypool } from 'tinypool';
import { reason, SigboxError } from '../errors.js';
import { packageFile, requireUnbundled } from '../files/package-files.js';
import type { PipelineOptions } from '../pipeline.js';
import type { Outcome, WrittenOutcome } from '../types/detections.js';
import type { ScoreEvidence } from '../types/explanations.js';
import type { ImageSource } from '../types/pictures.js';
import type { NumberedPlan } from '../types/plan.js';
import { type Deadline, Deadlines } from './deadlines.js';
import { killProcess } from './kill-process.js';
import type { TaskBegun, WorkerAnswer, WorkerTask } from './protocol.js';

/** Worker processes that share nothing: each decodes, infers and post-processes whole images. */
export interface WorkerPool {
  /**
   * @param signal  once it aborts, an image that no worker has begun never is; a worker that does not finish its own within
   *   a second is stopped and replaced
   * @throws SigboxError  as the pipeline does; E_WORKER when the worker died on this image twice, or took too long for it
   */
  detect(source: ImageSource, plan: NumberedPlan, signal?: AbortSignal): Promise<Outcome>;
  /** The same with the detections written down, by the worker. */
  detectWritten(source: ImageSource, plan: NumberedPlan, signal?: AbortSignal): Promise<WrittenOutcome>;
  /** What `detect` found, with the scores of the rows that matter. */
  explain(source: ImageSource, plan: NumberedPlan, at: readonly [number, number] | null): Promise<ScoreEvidence>;
  /** Stops the workers at once; what is in flight is rejected. */
  close(): Promise<void>;
}

export interface PoolOptions {
  /** Most worker processes. */
  workers: number;
  /** Those that are started at once. */
  started: number;
  /** Seconds that a worker may take for one image; 0: no limit. */
  timeout: number;
}

/** The next image is decoded while this one is inferred. */
const IMAGES_PER_WORKER = 2;
/** What a worker may go on for with an image that nobody waits for: to start another in its place takes about as long. */
const GRACE_MS = 1000;
/** What a worker may take to start and to load the model, on a machine of which nothing is known yet. */
const LOAD_MS = 600_000;
/** Once one has done so, others may take so many times as long, and no less than this. */
const LOAD_FACTOR = 10;
const LEAST_LOAD_MS = 30_000;

/**
 * Starts workers and has one of them load the model, which the others do with their first image; more are started as the
 * load asks for them.
 *
 * Processes, not threads: ending a process while one of its threads is inside onnxruntime aborts it, and a process that
 * dies (out of memory, a fault in native code) takes nothing else with it.
 *
 * @throws SigboxError E_MODEL  the model can't be loaded. E_WORKER  no worker process can be started.
 */
export async function openPool(pipeline: PipelineOptions, options: PoolOptions): Promise<WorkerPool> {
  requireUnbundled();
  const pool = new OpenPool(pipeline, options);
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
  number: number;
}

/** A task that took too long. */
class Overdue extends Error {}

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
  readonly #channel = { postMessage: (message: TaskBegun) => this.#note(message) };
  readonly #deadlines = new Deadlines();
  /** Of tasks in flight, by number. */
  readonly #times = new Map<number, Deadline>();
  /** Processes that were there when a task was sent, by its number: which of them tinypool chose, it does not say. */
  readonly #mayHave = new Map<number, number[]>();
  /** The latest task that a process has begun: it has not been stopped before that. */
  readonly #heard = new Map<number, number>();
  /** Numbers of the tasks whose worker has loaded its model. */
  readonly #working = new Set<number>();
  readonly #timeoutMs: number;
  #loadMs = LOAD_MS;
  #numbered = 0;

  constructor(pipeline: PipelineOptions, { workers, started, timeout }: PoolOptions) {
    this.#pipeline = serialize(pipeline);
    this.#timeoutMs = timeout === 0 ? Number.POSITIVE_INFINITY : 1000 * timeout;
    this.#turns = pLimit({ concurrency: IMAGES_PER_WORKER * workers, rejectOnClear: true });
    this.#processes = new Tinypool({
      runtime: 'child_process',
      filename: pathToFileURL(packageFile('dist/workers/worker.js')).href,
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
    const begun = performance.now();
    await this.#withRetry({ number: this.#numbered++ });
    this.#loadMs = Math.max(LEAST_LOAD_MS, LOAD_FACTOR * (performance.now() - begun));
  }

  detect(source: ImageSource, plan: NumberedPlan, signal?: AbortSignal): Promise<Outcome> {
    return this.#outcomeOf({ source, plan, written: false }, signal) as Promise<Outcome>;
  }

  detectWritten(source: ImageSource, plan: NumberedPlan, signal?: AbortSignal): Promise<WrittenOutcome> {
    return this.#outcomeOf({ source, plan, written: true }, signal) as Promise<WrittenOutcome>;
  }

  explain(source: ImageSource, plan: NumberedPlan, at: readonly [number, number] | null): Promise<ScoreEvidence> {
    return this.#outcomeOf({ source, plan, written: false, explains: { at } }) as Promise<ScoreEvidence>;
  }

  /** At once, without waiting. */
  kill(): void {
    for (const { threadId } of this.#processes.threads) killProcess(threadId);
  }

  async close(): Promise<void> {
    OPEN.delete(this);
    if (OPEN.size === 0) process.off('exit', killAll);
    this.#turns.clearQueue();
    this.kill(); // one that is stopped would not hear of it otherwise
    await this.#processes.destroy();
  }

  #outcomeOf(image: ImageTask, signal?: AbortSignal): Promise<Outcome | WrittenOutcome | ScoreEvidence> {
    return this.#turns(async () => {
      signal?.throwIfAborted();
      const number = this.#numbered++;
      const stop = signal === undefined ? () => {} : this.#stopOnceUnwanted(number, signal);
      try {
        return (await this.#withRetry({ image, number }, signal))!;
      } finally {
        stop();
      }
    });
  }

  /** Kills the worker that has an image of which nobody waits for the outcome. @returns what ends the watch */
  #stopOnceUnwanted(number: number, signal: AbortSignal): () => void {
    let timer: NodeJS.Timeout | undefined;
    const watch = () => {
      timer = setInterval(() => this.#killWorkerOf(number), GRACE_MS).unref();
    };
    signal.addEventListener('abort', watch, { once: true });
    return () => {
      signal.removeEventListener('abort', watch);
      clearInterval(timer);
    };
  }

  /** A worker that has not said that it has the task may be any of those that have said nothing since it was sent. */
  #killWorkerOf(number: number): void {
    const worker = this.#begun.get(number);
    const silent = (this.#mayHave.get(number) ?? []).filter((pid) => !this.#heardSince(pid, number));
    for (const pid of worker === undefined ? silent : [worker]) killProcess(pid);
  }

  #heardSince(pid: number, number: number): boolean {
    return (this.#heard.get(pid) ?? -1) > number;
  }

  #note({ number, pid, isLoaded }: TaskBegun): void {
    this.#heard.set(pid, Math.max(number, this.#heard.get(pid) ?? 0));
    if (!this.#times.has(number)) return; // it has been given up
    this.#begun.set(number, pid);
    if (!isLoaded) return;
    this.#working.add(number);
    this.#times.get(number)?.restart(this.#timeoutMs);
  }

  /**
   * A worker that died, or took too long, may have done so for another image's sake: its tasks get a second try, each in a
   * worker that it has to itself.
   */
  async #withRetry(task: PoolTask, signal?: AbortSignal): Promise<Outcome | WrittenOutcome | ScoreEvidence | null> {
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
      if (second instanceof Overdue) throw this.#overdue(second);
      const message = `the worker process died twice on this image: ${reason(second)}.`;
      throw new SigboxError('E_WORKER', message, { cause: second });
    }
  }

  #overdue(cause: Overdue): SigboxError {
    const seconds = this.#timeoutMs / 1000;
    const message =
      cause.message === '' // the image itself, not the start of a worker
        ? `it took longer than ${seconds} s, and again in a worker of its own. The option timeout (--timeout) sets the limit.`
        : cause.message;
    return new SigboxError('E_WORKER', message, { cause });
  }

  /** Sends the plan along where a worker may not have it. */
  async #answered({ image, number }: PoolTask, how: { signal?: AbortSignal } = {}) {
    const task: WorkerTask = { pipeline: this.#pipeline, number };
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
  ): Promise<Outcome | WrittenOutcome | ScoreEvidence | null | 'missing plan'> {
    let giveUp = (_death: unknown) => {};
    const givenUp = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    this.#inFlight.add(giveUp);
    const { number } = task;
    let overdue: Overdue | undefined;
    const time = this.#deadlines.begin(this.#loadMs, () => {
      overdue = new Overdue(this.#working.has(number) ? '' : 'no worker process has begun with it in time.');
      this.#killWorkerOf(number); // tinypool says of its tasks that it died, and only then has room for them again
      setTimeout(giveUp, LEAST_LOAD_MS, overdue).unref();
    });
    this.#times.set(number, time);
    try {
      const answered = this.#processes.run(task, { ...how, channel: this.#channel });
      this.#mayHave.set(
        number,
        this.#processes.threads.map(({ threadId }) => threadId),
      );
      const answer: WorkerAnswer = await Promise.race([answered, givenUp]);
      if ('error' in answer) throw new SigboxError(answer.error.code, answer.error.message);
      return 'missing' in answer ? 'missing plan' : answer.result;
    } catch (error) {
      throw error instanceof SigboxError ? error : (overdue ?? error);
    } finally {
      time.end();
      this.#times.delete(number);
      this.#begun.delete(number);
      this.#working.delete(number);
      this.#mayHave.delete(number);
      this.#inFlight.delete(giveUp);
    }
  }
}
