import { option } from '../../check/option.js';
import { flag } from '../../check/words.js';

/** How a command that takes long says what happens. */
export const REPORT_OPTIONS = {
  /** Print events as JSON. Default false */
  json: option(flag, {
    default: false,
    words: { json: { form: 'switch', help: 'Print what happens as JSON, one event per line' } },
  }),
  /** Print failures only. Default false */
  quiet: option(flag, { default: false, words: { quiet: { form: 'switch', help: 'Print failures only' } } }),
};
