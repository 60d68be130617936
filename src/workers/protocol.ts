import type { SigboxErrorCode } from '../errors.js';
import type { Outcome, WrittenOutcome } from '../types/detections.js';
import type { ScoreEvidence } from '../types/explanations.js';
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
    /** Set if it is to say why as well; `at`: about which pixel, null: about all */
    explains?: { at: readonly [number, number] | null };
  };
  number: number;
}

/**
 * A plan, by its number. `bytes`, the DetectPlan as `v8.serialize` writes it, come along until a worker is known to have
 * it; a worker that does not have it then says so, and is sent the task again with them.
 */
export interface PlanMessage {
  id: number;
  bytes?: Uint8Array;
}

/** Which process has a task. Sent when it has come, and again when the model is loaded. */
export interface TaskBegun {
  number: number;
  pid: number;
  /** Whether the model is loaded, so that the image itself is being worked on. */
  isLoaded: boolean;
}

/** Errors cross the process border as data: a class does not survive it. */
export type WorkerAnswer =
  | { result: Outcome | WrittenOutcome | ScoreEvidence | null }
  | { missing: 'plan' }
  | { error: { code: SigboxErrorCode; message: string } };
