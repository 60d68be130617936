import { openPipeline, type PipelineOptions } from '../pipeline.js';
import type { Outcome, WrittenOutcome } from '../types/detections.js';
import type { ScoreEvidence } from '../types/explanations.js';
import type { ImageSource } from '../types/pictures.js';
import type { NumberedPlan } from '../types/plan.js';
import { openPool } from '../workers/pool.js';

/** What computes: the pipeline in this process, or many of them in others. */
export interface Engine {
  detect(source: ImageSource, plan: NumberedPlan, signal?: AbortSignal): Promise<Outcome>;
  detectWritten(source: ImageSource, plan: NumberedPlan): Promise<WrittenOutcome>;
  explain(source: ImageSource, plan: NumberedPlan, at: readonly [number, number] | null): Promise<ScoreEvidence>;
  close(): Promise<void>;
}

export interface EngineOptions {
  /** Most worker processes; 0: none. */
  workers: number;
  /** Images that will come: workers for so many are started at once. */
  expected: number;
  /** Seconds that a worker may take for one image; 0: no limit. */
  timeout: number;
}

/** @throws SigboxError E_MODEL  the model can't be loaded. E_WORKER  no worker process can be started. */
export async function openEngine(
  pipeline: PipelineOptions,
  { workers, expected, timeout }: EngineOptions,
): Promise<Engine> {
  if (workers > 0) return openPool(pipeline, { workers, started: Math.max(1, Math.min(workers, expected)), timeout });
  const here = await openPipeline(pipeline);
  return {
    detect: (source, { plan }) => here.detect(source, plan),
    detectWritten: (source, { plan }) => here.detectWritten(source, plan),
    explain: (source, { plan }, at) => here.explain(source, plan, at),
    close: () => here.close(),
  };
}

let plans = 0;

/** A plan with a number of its own, under which workers know it. */
export function numbered(plan: NumberedPlan['plan']): NumberedPlan {
  return { id: plans++, plan, isSent: false };
}
