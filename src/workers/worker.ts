import sharp from 'sharp';
import { SigboxError, type SigboxErrorCode } from '../errors.js';
import { openPipeline, type Pipeline, type PipelineOptions } from '../pipeline.js';
import type { DetectPlan, ImageSource, Outcome } from '../types.js';

/** What a worker is asked: to detect on an image, or, without one, only to load its model. */
export interface WorkerTask {
  pipeline: PipelineOptions;
  image?: { source: ImageSource; plan: DetectPlan };
}

/** Errors cross the process border as data: a class does not survive it. */
export type WorkerAnswer = { result: Outcome | null } | { error: { code: SigboxErrorCode; message: string } };

// One process per core does the parallel work; threads inside libvips would only get in each other's way.
sharp.concurrency(1);
sharp.cache(false);

// An interrupt in a terminal reaches the whole group of processes: the parent decides what it means, and a worker ends
// when its parent does.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());

let pipeline: Promise<Pipeline> | undefined;

/** The task of this worker process; all tasks of one process name the same pipeline. */
export default async function work({ pipeline: options, image }: WorkerTask): Promise<WorkerAnswer> {
  try {
    pipeline ??= openPipeline(options);
    const { detect } = await pipeline;
    return { result: image === undefined ? null : await detect(image.source, image.plan) };
  } catch (error) {
    if (error instanceof SigboxError) return { error: { code: error.code, message: error.message } };
    const fault = error instanceof Error ? error.stack : String(error);
    return { error: { code: 'E_WORKER', message: `a fault in sigbox itself: ${fault}` } };
  }
}
