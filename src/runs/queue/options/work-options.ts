import { type OptionsOf, option, optionsCheck } from '../../../check/option.js';
import { word } from '../../../check/shapes.js';
import { text } from '../../../check/words.js';
import { MODEL_OPTIONS, RUNNING_OPTIONS } from '../../../options/detector-options.js';
import { DISCOVER_OPTIONS, RUN_OPTIONS } from '../../run-options.js';

const { model, variant } = MODEL_OPTIONS;
const { root } = DISCOVER_OPTIONS;
const { shard } = RUN_OPTIONS;

/** What a worker works with. */
const WORKER_OPTIONS = {
  /** Folder that the names of images are below on this machine. Default: where it was when the run was planned */
  root: option(text, {
    words: {
      root: {
        ...root.words!.root!,
        help: 'Folder of the images on this machine',
        otherwise: 'where it was when the run was planned',
      },
    },
  }),
  model,
  variant,
  ...RUNNING_OPTIONS,
};

/** What a worker does. */
export const WORK_OPTIONS = {
  /** URL of a Redis server whose queue deals out the chunks. Default: none; a worker takes its share of them */
  queue: option(text, {
    words: {
      queue: {
        form: 'text',
        value: 'redis://HOST',
        help: 'Redis server with the queue that deals out the chunks; REDISCLI_AUTH may hold its password',
        otherwise: 'none; a worker takes its share',
        common: true,
      },
    },
  }),
  /** Without a queue: which share of the chunks is this worker's. Default: 'auto' where a scheduler says so, else all */
  shard: option(text, {
    words: {
      shard: {
        ...shard.words!.shard!,
        help: 'Without a queue: take this share of the chunks; auto: as Kubernetes, AWS Batch or Slurm says',
        otherwise: 'auto if one of them says so, else all',
        common: true,
      },
    },
  }),
  ...WORKER_OPTIONS,
};

const signal = word<AbortSignal>('an AbortSignal', (value) => value instanceof AbortSignal);

const WORKER_CALL_OPTIONS = {
  ...WORKER_OPTIONS,
  /** On abort opening ends with the signal's reason. */
  signal: option(signal),
};

const WORK_CALL_OPTIONS = {
  ...WORK_OPTIONS,
  /** On abort no further image is begun, and chunks that were begun are given back. */
  signal: option(signal),
};

export interface WorkOptions extends OptionsOf<typeof WORK_CALL_OPTIONS> {}

export const checkWorkOptions = optionsCheck(WORK_CALL_OPTIONS);

/** Options of `openChunkWorker`. */
export interface WorkerOptions extends OptionsOf<typeof WORKER_CALL_OPTIONS> {}

export const checkWorkerOptions = optionsCheck(WORKER_CALL_OPTIONS);
