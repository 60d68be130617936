import { WORK_OPTIONS } from '../../../runs/queue/options/work-options.js';
import { command } from '../../command.js';
import { REPORT_OPTIONS } from '../../options/report.js';
import { SOME_FAILED } from '../../output/status.js';

export const workCommand = command({
  name: 'work',
  summary: 'Work on a run that was planned, as one of many workers',
  usage: 'STORE',
  about:
    'Takes chunks of a run that sigbox plan has written, detects on their images and writes the results into the store, ' +
    'until no chunk is left. Start any number of workers, on any number of machines.',
  operands: { min: 1, max: 1, what: 'the store of a run that was planned' },
  options: { ...WORK_OPTIONS, ...REPORT_OPTIONS },
  examples: [
    ['sigbox work /shared/run', 'All chunks, or the share that Kubernetes, AWS Batch or Slurm gives this process'],
    ['sigbox work /shared/run --shard 3/8', 'The third of eight shares'],
  ],
  notes:
    'What is done twice gives the same bytes. A chunk that fails three times is set aside and named. ' +
    'Exit status: 0 no chunk is left, 3 some were set aside, 64 usage, 130 and 143 interrupted.',
  writesFiles: true,

  async run({ operands: [store], options: { json, quiet, ...options } }) {
    const [{ work }, { onInterrupt }, { workReporter }, { fetchNamed }] = await Promise.all([
      import('../../../runs/queue/work.js'),
      import('../../interrupt.js'),
      import('../../output/work-report.js'),
      import('../../options/fetch-named.js'),
    ]);
    using interrupt = onInterrupt();
    const reporter = workReporter(json ? 'json' : quiet ? 'quiet' : 'people');
    const model = await fetchNamed(options.model, options);
    const given = { ...options, ...(model !== undefined && { model }), signal: interrupt.signal };
    let aside = 0;
    try {
      for await (const event of work(store!, given)) {
        if (event.type === 'start' && options.workers !== 0) interrupt.listen();
        reporter.take(event);
        if (event.type === 'end') aside = event.setAside;
      }
    } finally {
      reporter.stop();
    }
    return interrupt.status ?? (aside > 0 ? SOME_FAILED : 0);
  },
});
