import { option } from '../../../check/option.js';
import { flag } from '../../../check/words.js';
import { STATUS_OPTIONS } from '../../../runs/queue/options/status-options.js';
import { command } from '../../command.js';
import { SOME_FAILED } from '../../output/status.js';

const OPTIONS = {
  ...STATUS_OPTIONS,
  /** Print JSON. Default false */
  json: option(flag, { default: false, words: { json: { form: 'switch', help: 'Print JSON' } } }),
  /** Print it again every few seconds, until no chunk is left. Default false */
  watch: option(flag, {
    default: false,
    words: {
      watch: { form: 'switch', help: 'Print it again every few seconds, until no chunk is left' },
    },
  }),
};

/** Listing a large run takes some seconds by itself. */
const WATCH_MS = 5_000;

export const statusCommand = command({
  name: 'status',
  summary: 'Show how far a run on many machines has come',
  usage: 'STORE',
  about:
    'Counts the chunks of a run that are done, running, waiting and set aside, and estimates the time that is left.',
  operands: { min: 1, max: 1, what: 'the store of a run that was planned' },
  options: OPTIONS,
  examples: [
    ['sigbox status /shared/run', 'Once'],
    ['sigbox status /shared/run --watch', 'Until no chunk is left'],
  ],
  notes: 'Exit status: 0, 3 chunks were set aside (each is named), 66 no such run.',

  async run({ operands: [store], options: { json, watch, ...options } }) {
    const [{ watchStatus }, { statusText }, { onInterrupt }] = await Promise.all([
      import('../../../runs/queue/run-status.js'),
      import('../../output/run-status-text.js'),
      import('../../interrupt.js'),
    ]);
    using interrupt = onInterrupt();
    let aside = 0;
    for await (const status of watchStatus(store!, { ...options, ...(watch ? { every: WATCH_MS } : {}) })) {
      process.stdout.write(json ? `${JSON.stringify(status)}\n` : statusText(status));
      aside = status.chunks.setAside;
    }
    return interrupt.status ?? (aside > 0 ? SOME_FAILED : 0);
  },
});
