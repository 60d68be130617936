import { COLLECT_OPTIONS } from '../../../runs/queue/options/collect-options.js';
import { counted, printable } from '../../../text/printable.js';
import { command } from '../../command.js';
import { SOME_FAILED } from '../../output/status.js';

export const collectCommand = command({
  name: 'collect',
  summary: 'Join what many workers found into one run',
  usage: 'STORE',
  about:
    'Joins the parts that workers wrote into a run, as sigbox annotate on one machine would have written it: the same ' +
    'lines in the same order, and the annotation files made of them.',
  operands: { min: 1, max: 1, what: 'the store of a run that was planned' },
  options: COLLECT_OPTIONS,
  examples: [
    ['sigbox collect /shared/run --out annotated', 'A run that is done'],
    ['sigbox collect s3://bucket/run', 'Into the store itself, below collected/'],
    ['sigbox collect /shared/run --out annotated --partial', 'What is there by now; may be repeated'],
  ],
  notes:
    'Pictures and crops stay in the store. Exit status: 0 all images, 3 some failed or are missing (each is named), ' +
    '66 chunks are missing and --partial is not set.',
  writesFiles: true,

  async run({ operands: [store], options }) {
    const [{ collect }, { failureLines, summaryText }] = await Promise.all([
      import('../../../runs/queue/collect.js'),
      import('../../../runs/outputs/summary-text.js'),
    ]);
    const { out, summary, missing, setAside } = await collect(store!, options);
    process.stdout.write(summaryText(out, summary));
    const chunks = setAside.map(({ chunk, first, last, message }) => {
      return printable(`chunk ${chunk}, ${first} to ${last}, was set aside: ${message}`);
    });
    const lacks = missing > 0 ? [`missing: ${counted(missing, 'chunk')} of the run`] : [];
    const lines = [...lacks, ...chunks, ...failureLines(summary)];
    for (const line of lines) process.stderr.write(`sigbox: ${line}\n`);
    return lines.length > 0 ? SOME_FAILED : 0;
  },
});
