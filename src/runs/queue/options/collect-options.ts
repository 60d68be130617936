import { type OptionsOf, option, optionsCheck, type SettledOptions } from '../../../check/option.js';
import { word } from '../../../check/shapes.js';
import { flag } from '../../../check/words.js';
import { RUN_OPTIONS, WRITING_OPTIONS } from '../../run-options.js';

/** What is made of the parts of a run. */
export const COLLECT_OPTIONS = {
  /** Folder for the collected run; created if missing. Default: `collected` in the store */
  out: option(RUN_OPTIONS.out.schema, {
    words: {
      out: {
        ...RUN_OPTIONS.out.words!.out!,
        help: 'Folder for the collected run',
        otherwise: 'collected/ in the store',
      },
    },
  }),
  /** Collect what is there, though chunks are missing. Default false */
  partial: option(flag, {
    default: false,
    words: { partial: { form: 'switch', help: 'Collect what is there, though chunks are missing', common: true } },
  }),
  /** Remove the run that the folder already contains. Default false */
  restart: option(flag, {
    default: false,
    words: { restart: { form: 'switch', help: 'Remove the run that the folder already contains' } },
  }),
  ...WRITING_OPTIONS,
};

export const COLLECT_CALL_OPTIONS = {
  ...COLLECT_OPTIONS,
  /** On abort the promise rejects with the signal's reason. */
  signal: option(word<AbortSignal>('an AbortSignal', (value) => value instanceof AbortSignal)),
  /** Called now and then with the number of images collected so far. */
  onProgress: option(word<(images: number) => void>('a function', (value) => typeof value === 'function')),
};

export interface CollectOptions extends OptionsOf<typeof COLLECT_CALL_OPTIONS> {}

export const checkCollectOptions = optionsCheck(COLLECT_CALL_OPTIONS);

/** With every default in place. */
export type SettledCollect = SettledOptions<typeof COLLECT_CALL_OPTIONS>;
