import { type OptionsOf, option, optionsCheck } from '../../../check/option.js';
import { word } from '../../../check/shapes.js';
import { positive, text } from '../../../check/words.js';

/** Where else to look. */
export const STATUS_OPTIONS = {
  /** URL of the Redis server of the queue, if there is one. Default: none */
  queue: option(text, {
    words: {
      queue: {
        form: 'text',
        value: 'redis://HOST',
        help: 'Redis server with the queue of the run; REDISCLI_AUTH may hold its password',
        otherwise: 'none',
      },
    },
  }),
};

const STATUS_CALL_OPTIONS = {
  ...STATUS_OPTIONS,
  /** On abort the promise rejects with the signal's reason. */
  signal: option(word<AbortSignal>('an AbortSignal', (value) => value instanceof AbortSignal)),
};

const WATCH_CALL_OPTIONS = {
  ...STATUS_CALL_OPTIONS,
  /** Milliseconds between two looks. Default: one look */
  every: option(positive),
};

export interface StatusOptions extends OptionsOf<typeof STATUS_CALL_OPTIONS> {}
export interface WatchOptions extends OptionsOf<typeof WATCH_CALL_OPTIONS> {}

export const checkStatusOptions = optionsCheck(STATUS_CALL_OPTIONS);
export const checkWatchOptions = optionsCheck(WATCH_CALL_OPTIONS);
