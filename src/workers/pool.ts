import { serialize } from 'node:v8';
import { Tinypool } from 'tinypool';
import { reason, SigboxError } from '../errors.js';
import type { PipelineOptions } from '../pipeline.js';
import type { Outcome, WrittenOutcome } from '../types/detections.js';
import type { ImageSource } from '../types/pictures.js';
import type { DetectPlan } from '../types/plan.js';
import type { WorkerAnswer, WorkerTask } from './worker.js';

/** Worker processes that share nothing: each decodes, infers and post-processes whole images. */
export interface WorkerPool {
  /**
   * @param signal  on abort the worker that has the image is stopped and replaced
   * @throws SigboxError  as the pipeline does; E_WORKER when the worker died on this image twice
   */
  detect(source: ImageSource, plan: DetectPlan, signal?: AbortSignal): Promise<Outcome>;
  /** The same with the detections written down, by the worker. */
  detectWritten(source: ImageSource, plan: DetectPlan, signal?: AbortSignal): Promise<WrittenOutcome>;
  /** Stops the workers at once; what is in flight is rejected. */
  close(): Promise<void>;
}

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
  const pool = new Tinypool({
    runtime: 'child_process',
    filename: new URL('./worker.js', import.meta.url).href,
    minThreads: started,
    maxThreads: workers,
    idleTimeout: 60_000,
    concurrentTasksPerWorker: 2, // the next image is decoded while this one is inferred
    env: process.env as Record<string, string>,
    execArgv: [],
    serialization: 'advanced', // bytes and typed arrays as they are
  });
  const waiting = new Set<(death: unknown) => void>();
  pool.on('error', (death) => {
    // A worker died that had no task yet. Tinypool starts another with the next task, but not for those that wait: when
    // none is left to take them, they have to be given up and tried again.
    if (pool.threads.length === 0) for (const giveUp of waiting) giveUp(death);
  });
  const killAll = () => killWorkers(pool);
  process.on('exit', killAll);

  const serializedPipeline = serialize(pipeline);
  const serializedPlans = new WeakMap<DetectPlan, Uint8Array>();
  function serialized(plan: DetectPlan): Uint8Array {
    const bytes = serializedPlans.get(plan) ?? serialize(plan);
    serializedPlans.set(plan, bytes);
    return bytes;
  }

  async function run(image: WorkerTask['image'], signal?: AbortSignal): Promise<Outcome | WrittenOutcome | null> {
    const task: WorkerTask = { pipeline: serializedPipeline, ...(image && { image }) };
    let giveUp = (_death: unknown) => {};
    const givenUp = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    waiting.add(giveUp);
    try {
      // With a signal a task has its worker to itself, and nothing is decoded meanwhile: without need, none.
      const answer: WorkerAnswer = await Promise.race([
        pool.run(task, signal === undefined ? {} : { signal }),
        givenUp,
      ]);
      if ('error' in answer) throw new SigboxError(answer.error.code, answer.error.message);
      return answer.result;
    } finally {
      waiting.delete(giveUp);
    }
  }

  async function close(): Promise<void> {
    process.off('exit', killAll);
    await pool.destroy();
  }

  try {
    await withRetry((own) => run(undefined, own));
  } catch (error) {
    await close();
    throw error;
  }
  async function outcomeOf(image: NonNullable<WorkerTask['image']>, signal?: AbortSignal) {
    return (await withRetry((own) => run(image, own), signal))!;
  }
  return {
    detect: (source, plan, signal) =>
      outcomeOf({ source, plan: serialized(plan), written: false }, signal) as Promise<Outcome>,
    detectWritten: (source, plan, signal) =>
      outcomeOf({ source, plan: serialized(plan), written: true }, signal) as Promise<WrittenOutcome>,
    close,
  };
}

/**
 * A worker that died may have been killed for another image's sake: its tasks get a second try, each in a worker that it
 * has to itself.
 */
async function withRetry<T>(attempt: (signal?: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
  const settled = (error: unknown) => error instanceof SigboxError || signal?.aborted === true;
  try {
    return await attempt(signal);
  } catch (first) {
    if (settled(first)) throw first;
  }
  try {
    return await attempt(signal ?? new AbortController().signal);
  } catch (second) {
    if (settled(second)) throw second;
    const message = `the worker process died twice on this image: ${reason(second)}.`;
    throw new SigboxError('E_WORKER', message, { cause: second });
  }
}

function killWorkers(pool: Tinypool): void {
  for (const { threadId: pid } of pool.threads) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone already: that is what was wanted.
    }
  }
}
