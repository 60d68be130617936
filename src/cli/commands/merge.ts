import { mergeRuns } from '../../runs/merge.js';
import { failureLines, summaryText } from '../../runs/outputs/summary-text.js';
import type { MergeArguments } from '../options/merge-words.js';
import { printable } from '../output/printable.js';
import { SOME_FAILED } from '../output/status.js';

/** `sigbox merge`. @returns the exit status */
export async function merge({ folders, ...options }: MergeArguments): Promise<number> {
  const { summary, warnings } = await mergeRuns(folders, options);
  process.stdout.write(summaryText(options.out, summary));
  for (const line of [...warnings.map(printable), ...failureLines(summary)]) process.stderr.write(`sigbox: ${line}\n`);
  return summary.failures.length > 0 || warnings.length > 0 ? SOME_FAILED : 0;
}
