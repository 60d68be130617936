import { type OptionsOf, option, optionsCheck } from '../../../check/option.js';
import { list, word } from '../../../check/shapes.js';
import { count, flag, text } from '../../../check/words.js';
import { DETECTOR_OPTIONS } from '../../../options/detector-options.js';
import { STYLE_OPTIONS } from '../../../render/draw-style.js';
import { DISCOVER_OPTIONS, RUN_OPTIONS } from '../../run-options.js';

const { out, floor, candidates, hash, pictureSize, crops } = RUN_OPTIONS;

export const DEFAULT_CHUNK = 100;

/** What a plan settles for all workers. */
export const PLAN_OPTIONS = {
  /** Where the run is kept: a folder that all machines see, or `s3://bucket/prefix`. */
  out: {
    ...out,
    words: {
      out: {
        form: 'text',
        short: 'o',
        value: 'STORE',
        completes: 'files',
        help: 'Where the run is kept: a folder that all machines see, or s3://BUCKET/PREFIX',
        common: true,
      },
    },
  } as typeof out,
  /** Images that a worker takes at a time. Default 100 */
  chunk: option(count, {
    default: DEFAULT_CHUNK,
    words: { chunk: { form: 'number', help: 'Images that a worker takes at a time', common: true } },
  }),
  /**
   * Inventories of the input, in place of listing it: CSV with a header (key, size, last_modified, etag), Parquet, or the
   * manifest.json of Amazon S3 Inventory; paths or `s3://bucket/key`. Default: the input is listed
   */
  inventory: option(list('an array of paths', text, { min: 1 }), {
    words: {
      inventory: {
        form: 'texts',
        value: 'FILE',
        completes: 'files',
        help: 'List of the input’s files as CSV, Parquet or the manifest.json of S3 Inventory; may be repeated',
        otherwise: 'the input is listed',
      },
    },
  }),
  floor,
  candidates,
  hash,
  /** Draw the regions into copies of the images, in the store. Default false */
  pictures: option(flag, {
    default: false,
    words: { pictures: { form: 'switch', help: 'Draw the boxes into copies of the images, in the store' } },
  }),
  pictureSize,
  crops,
  ...STYLE_OPTIONS,
  ...DISCOVER_OPTIONS,
};

const PLAN_RUN_OPTIONS = {
  ...DETECTOR_OPTIONS,
  ...PLAN_OPTIONS,
  /** On abort the promise rejects with the signal's reason; nothing that was written counts as a plan. */
  signal: option(word<AbortSignal>('an AbortSignal', (value) => value instanceof AbortSignal)),
  /** Called now and then with the number of images found so far. */
  onProgress: option(word<(images: number) => void>('a function', (value) => typeof value === 'function')),
};

/** Options of `planRun`: those of a detector, and what else a plan settles. */
export interface PlanOptions extends OptionsOf<typeof PLAN_RUN_OPTIONS> {}

export const checkPlanOptions = optionsCheck(PLAN_RUN_OPTIONS);
