import type { SigboxErrorCode } from '../errors.js';
import type { Outcome, WrittenOutcome } from '../types/detections.js';
import type { ImageSource } from '../types/pictures.js';

/** What a worker is asked: to detect on an image, or, without one, only to load its model. */
export interface WorkerTask {
  /** PipelineOptions as `v8.serialize` writes them; all tasks of a worker name the same. */
  pipeline: Uint8Array;
  image?: {
    source: ImageSource;
    plan: PlanMessage;
    /** Whether the detections are to be written as JSON. */
    written: boolean;
  };
  /** With a number, the worker tells that it has begun. */
  number?: number;
}

/**
 * A plan, by its number. `bytes`, the DetectPlan as `v8.serialize` writes it, come along until a worker is known to have
 * it; a worker that does not have it then says so, and is sent the task again with them.
 */
export interface PlanMessage {
  id: number;
  bytes?: Uint8Array;
}

/** Which process has begun which task. */
export interface TaskBegun {
  number: number;
  pid: number;
}

/** Errors cross the process border as data: a class does not survive it. */
export type WorkerAnswer =
  | { result: Outcome | WrittenOutcome | null }
  | { missing: 'plan' }
  | { error: { code: SigboxErrorCode; message: string } };
