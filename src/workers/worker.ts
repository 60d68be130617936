import { deserialize } from 'node:v8';
import sharp from 'sharp';
import { SigboxError } from '../errors.js';
import { openPipeline, type Pipeline, type PipelineOptions } from '../pipeline.js';
import type { DetectPlan } from '../types/plan.js';
import type { PlanMessage, TaskBegun, WorkerAnswer, WorkerTask } from './protocol.js';

// One process per core does the parallel work; threads inside libvips would only get in each other's way.
sharp.concurrency(1);
sharp.cache(false);

// An interrupt in a terminal reaches the whole group of processes: the parent decides what it means, and a worker ends
// when its parent does: not by exiting, which would wait for an image that is being decoded.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

let pipeline: Promise<Pipeline> | undefined;
let isLoaded = false;
/** Plans that were received, the latest last. */
const plans = new Map<number, DetectPlan>();
/** A plan that is dropped is sent again when it is needed. */
const MAX_PLANS = 16;

/** The task of this worker process; all tasks of one process name the same pipeline. */
export default async function work({ pipeline: options, image, number }: WorkerTask): Promise<WorkerAnswer> {
  try {
    if (!isLoaded) tellBegun(number);
    pipeline ??= openPipeline(deserialize(options) as PipelineOptions);
    const { detect, detectWritten, explain } = await pipeline;
    isLoaded = true;
    tellBegun(number);
    if (image === undefined) return { result: null };
    const plan = receive(image.plan);
    if (plan === undefined) return { missing: 'plan' };
    if (image.explains !== undefined) return { result: await explain(image.source, plan, image.explains.at) };
    return { result: await (image.written ? detectWritten : detect)(image.source, plan) };
  } catch (error) {
    if (error instanceof SigboxError) return { error: { code: error.code, message: error.message } };
    const fault = error instanceof Error ? error.stack : String(error);
    return { error: { code: 'E_WORKER', message: `a fault in sigbox itself: ${fault}` } };
  }
}

function tellBegun(number: number): void {
  process.send?.({ number, pid: process.pid, isLoaded } satisfies TaskBegun);
}

/** @returns undefined for a plan that this worker does not have */
function receive({ id, bytes }: PlanMessage): DetectPlan | undefined {
  if (bytes !== undefined && !plans.has(id)) {
    plans.set(id, deserialize(bytes) as DetectPlan);
    if (plans.size > MAX_PLANS) plans.delete(plans.keys().next().value!);
  }
  return plans.get(id);
}
