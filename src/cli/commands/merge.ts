import { RUN_OPTIONS } from '../../runs/run-options.js';
import { printable } from '../../text/printable.js';
import { command } from '../command.js';
import { SOME_FAILED } from '../output/status.js';

export const mergeCommand = command({
  name: 'merge',
  summary: 'Join runs, such as the parts that several machines made',
  usage: 'FOLDER… --out FOLDER',
  about: 'Joins runs of the same model and options into one.',
  operands: { min: 1, what: 'one or more folders of runs' },
  options: { out: RUN_OPTIONS.out, restart: RUN_OPTIONS.restart },
  examples: [['sigbox merge part1 part2 part3 --out annotated', 'Three parts that --shard made']],
  notes: 'Pictures and crops stay where they are: sigbox annotate on the joined run draws the missing ones.',
  writesFiles: true,

  async run({ operands, options: { out, restart } }) {
    const [{ mergeRuns }, { failureLines, summaryText }] = await Promise.all([
      import('../../runs/merge.js'),
      import('../../runs/outputs/summary-text.js'),
    ]);
    const { summary, warnings } = await mergeRuns(operands, { out, restart: restart ?? false });
    process.stdout.write(summaryText(out, summary));
    const lines = [...warnings.map(printable), ...failureLines(summary)];
    for (const line of lines) process.stderr.write(`sigbox: ${line}\n`);
    return lines.length > 0 ? SOME_FAILED : 0;
  },
});
