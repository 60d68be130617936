import type { OwnedFiles } from '../../files/owned-files.js';
import type { RunExports } from '../options.js';
import type { Journal } from '../record/journal.js';
import { readRun } from '../record/read-run.js';
import { writeExports } from './exports.js';
import { type Failure, type RunSummary, Tally } from './summary.js';
import { failureLines, summaryText } from './summary-text.js';

export interface Finish {
  journal: Journal;
  /** Names of all images, by UTF-16 code unit. */
  images: readonly string[];
  exports: RunExports;
  /** Besides those that are recorded. */
  failures: readonly Failure[];
  /** What is told as it is. */
  told: Pick<RunSummary, 'done' | 'seconds' | 'otherFiles' | 'notBegun'>;
}

export const SUMMARY_FILE = 'summary.txt';

/**
 * Brings a run's record into order, and writes all that is made of it.
 *
 * @param files  of the run's folder
 * @throws SigboxError E_IO  a file can't be written
 */
export async function finishRun(
  files: OwnedFiles,
  { journal, images, exports, failures, told }: Finish,
): Promise<RunSummary> {
  const { folder: out } = files;
  await journal.sort();
  const run = await readRun(out, 'trust');
  const tally = new Tally();
  const leftOut = await writeExports(run, images, { ...exports, files }, tally);
  const recorded = [...journal.failures.values()].map(({ image, error }): Failure => ({ image, ...error }));
  const { images: done, empty, damaged, labels } = tally;
  const all = [...failures, ...recorded, ...leftOut].sort((a, b) => (a.image < b.image ? -1 : 1));
  const summary = { images: done, empty, damaged, labels, failures: all, ...told };
  const lines = failureLines(summary).map((line) => `${line}\n`);
  await files.write(SUMMARY_FILE, [summaryText(out, summary), ...lines]);
  return summary;
}
