import { deserialize } from 'node:v8';
import sharp from 'sharp';
import { SigboxError, type SigboxErrorCode } from '../errors.js';
import { openPipeline, type Pipeline, type PipelineOptions } from '../pipeline.js';
import type { Outcome, WrittenOutcome } from '../types/detections.js';
import type { ImageSource } from '../types/pictures.js';
import type { DetectPlan } from '../types/plan.js';

/** What a worker is asked: to detect on an image, or, without one, only to load its model. */
export interface WorkerTask {
  /** PipelineOptions and DetectPlan as `v8.serialize` writes them: most tasks have those of the one before. */
  pipeline: Uint8Array;
  image?: {
    source: ImageSource;
    plan: Uint8Array;
    /** Whether the detections are to be written down. */
    written: boolean;
  };
  /** With a number, the worker tells that it has begun. */
  number?: number;
}

/** Which process has begun which task. */
export interface TaskBegun {
  number: number;
  pid: number;
}

/** Errors cross the process border as data: a class does not survive it. */
export type WorkerAnswer =
  | { result: Outcome | WrittenOutcome | null }
  | { error: { code: SigboxErrorCode; message: string } };

// One process per core does the parallel work; threads inside libvips would only get in each other's way.
sharp.concurrency(1);
sharp.cache(false);

// An interrupt in a terminal reaches the whole group of processes: the parent decides what it means, and a worker ends
// when its parent does: not by exiting, which would wait for an image that is being decoded.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

let pipeline: Promise<Pipeline> | undefined;
const planFrom = remembering<DetectPlan>();

/** The task of this worker process; all tasks of one process name the same pipeline. */
export default async function work({ pipeline: options, image, number }: WorkerTask): Promise<WorkerAnswer> {
  try {
    if (number !== undefined) process.send?.({ number, pid: process.pid } satisfies TaskBegun);
    pipeline ??= openPipeline(deserialize(options) as PipelineOptions);
    const { detect, detectWritten } = await pipeline;
    if (image === undefined) return { result: null };
    const { source, plan, written } = image;
    return { result: await (written ? detectWritten : detect)(source, planFrom(plan)) };
  } catch (error) {
    if (error instanceof SigboxError) return { error: { code: error.code, message: error.message } };
    const fault = error instanceof Error ? error.stack : String(error);
    return { error: { code: 'E_WORKER', message: `a fault in sigbox itself: ${fault}` } };
  }
}

/** Reads what was serialized, unless it is the same as the last time. */
function remembering<T>(): (bytes: Uint8Array) => T {
  let last: { bytes: Uint8Array; value: T } | undefined;
  return (bytes) => {
    if (last === undefined || Buffer.compare(last.bytes, bytes) !== 0) last = { bytes, value: deserialize(bytes) as T };
    return last.value;
  };
}
