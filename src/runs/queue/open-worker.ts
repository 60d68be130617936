import { complain } from '../../errors.js';
import { openRunImages, requireRoot } from '../run-images.js';
import { ChunkDetection, type ChunkOutcome } from './chunks/chunk-detection.js';
import { DoneChunks, listSetAside, type SetAside } from './chunks/chunk-files.js';
import { chunkCount, openPlan } from './chunks/manifest.js';
import { openModel } from './chunks/open-model.js';
import { isChunk, queueName } from './dealing/chunk-queue.js';
import { checkWorkerOptions, type WorkerOptions } from './options/work-options.js';

/** A worker for applications that deal out chunks themselves. To be closed, by hand or by `await using`. */
export interface ChunkWorker extends AsyncDisposable {
  /** Of the plan. */
  readonly run: string;
  /** Name that `work` gives the run's queue in BullMQ; its jobs have `{ chunk }` as data. */
  readonly queue: string;
  readonly images: number;
  /** Chunks are numbered from 0. */
  readonly chunks: number;
  /** What to know before trusting the results; the first images may add some. */
  readonly warnings: readonly string[];
  /** Chunks that are neither done nor set aside, in their order. */
  missing(options?: { signal?: AbortSignal }): Promise<number[]>;
  /**
   * Detects on the images of a chunk and writes its part. Begin the next one before this one ends: their images are begun one
   * chunk after the other, so that no core is idle in between.
   *
   * @throws SigboxError E_ARGUMENT  no chunk of this run. Others: the chunk may be tried again. The signal's reason:
   *   nothing is written
   */
  detect(chunk: number, options?: { signal?: AbortSignal }): Promise<ChunkOutcome>;
  /** Writes down that a chunk is not tried again. @param attempts  how often it was tried */
  setAside(chunk: number, attempts: number, error: unknown): Promise<SetAside>;
  /** Waits for what is in flight, then ends the processes. */
  close(): Promise<void>;
}

/**
 * Opens a worker of a run that was planned, with the run's model, spec and options.
 *
 * @param where  the store of the run
 * @throws SigboxError  as `work`
 */
export async function openChunkWorker(where: string, given: WorkerOptions = {}): Promise<ChunkWorker> {
  return openDetection(where, given);
}

/** The same, for `work`. @param onWait  called before each wait for the store, with what went wrong */
export async function openDetection(
  where: string,
  given: WorkerOptions,
  onWait: (message: string) => void = () => {},
): Promise<OpenWorker> {
  const { signal, root, ...options } = checkWorkerOptions(given, 'work');
  const run = await openPlan(where, signal, { onWait });
  const inputs = { ...run.header.inputs, ...(root !== undefined && { root }) };
  requireRoot(inputs.root);
  const detector = await openModel(run.header, options);
  try {
    return new OpenWorker(new ChunkDetection(run, detector, await openRunImages(inputs, detector, { onWait })));
  } catch (error) {
    await detector.close();
    throw error;
  }
}

class OpenWorker implements ChunkWorker {
  readonly detection: ChunkDetection;
  readonly done: DoneChunks;

  constructor(detection: ChunkDetection) {
    this.detection = detection;
    this.done = new DoneChunks(detection.run);
  }

  get run(): string {
    return this.detection.run.plan.id;
  }

  get queue(): string {
    return queueName(this.detection.run.plan);
  }

  get images(): number {
    return this.detection.run.plan.images;
  }

  get chunks(): number {
    return chunkCount(this.detection.run.plan);
  }

  get warnings(): readonly string[] {
    return this.detection.detector.warnings;
  }

  async missing({ signal }: { signal?: AbortSignal } = {}): Promise<number[]> {
    await this.done.look(signal);
    const aside = new Set(await listSetAside(this.detection.run, signal));
    return [...this.done.missing()].filter((chunk) => !aside.has(chunk));
  }

  async detect(chunk: number, { signal }: { signal?: AbortSignal } = {}): Promise<ChunkOutcome> {
    this.#requireChunk(chunk);
    return this.detection.detect(chunk, signal);
  }

  async setAside(chunk: number, attempts: number, error: unknown): Promise<SetAside> {
    this.#requireChunk(chunk);
    return this.detection.setAside(chunk, attempts, error);
  }

  #requireChunk(chunk: number): void {
    if (isChunk(chunk, this.detection.run.plan)) return;
    const expected = `the number of a chunk, from 0 to ${this.chunks - 1}`;
    throw complain('E_ARGUMENT', { where: 'openChunkWorker', expected, received: chunk });
  }

  close(): Promise<void> {
    return this.detection.detector.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
