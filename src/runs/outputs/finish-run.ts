import type { OwnedFiles } from '../../files/owned-files.js';
import type { RunExports } from '../options.js';
import type { Journal } from '../record/journal.js';
import { readRun } from '../record/read-run.js';
import { writeExports } from './exports.js';
import { IndexPages } from './index-page/write-index.js';
import { countedFrom, type Failure, type RunSummary, Tally } from './summary.js';
import { failureLines, summaryText } from './summary-text.js';

/** What is made of a record, and what its summary says besides. */
export interface Products {
  /** Names of all images, by UTF-16 code unit. */
  images: readonly string[];
  exports: RunExports;
  failures: readonly Failure[];
  /** What is told as it is. */
  told: Pick<RunSummary, 'done' | 'seconds' | 'otherFiles' | 'notBegun'>;
}

export interface Finish extends Products {
  journal: Journal;
  /** Besides those that are recorded. */
  failures: readonly Failure[];
}

export const SUMMARY_FILE = 'summary.txt';

/**
 * Brings a run's record into order, and writes all that is made of it.
 *
 * @param files  of the run's folder
 * @throws SigboxError E_IO  a file can't be written
 */
export async function finishRun(files: OwnedFiles, { journal, failures, ...products }: Finish): Promise<RunSummary> {
  await journal.sort();
  const recorded = [...journal.failures.values()].map(({ image, error }): Failure => ({ image, ...error }));
  return writeProducts(files, { ...products, failures: [...failures, ...recorded] });
}

/**
 * Writes all that is made of a record that is in order.
 *
 * @param files  of the run's folder
 * @throws SigboxError E_IO  a file can't be written
 */
export async function writeProducts(
  files: OwnedFiles,
  { images, exports, failures, told }: Products,
): Promise<RunSummary> {
  const { folder: out } = files;
  const run = await readRun(out, 'trust');
  const lowest = countedFrom(run.header.thresholds);
  const tally = new Tally(lowest);
  const index = new IndexPages(files, { header: run.header, images });
  const leftOut = await writeExports(run, images, { ...exports, files }, async (result) => {
    tally.add(result);
    await index.add(result);
  });
  const { images: done, empty, damaged, labels, rules } = tally;
  const all = [...failures, ...leftOut].sort((a, b) => (a.image < b.image ? -1 : 1));
  const summary = { images: done, empty, damaged, countedFrom: lowest, labels, rules, failures: all, ...told };
  const lines = failureLines(summary).map((line) => `${line}\n`);
  await files.write(SUMMARY_FILE, [summaryText(out, summary), ...lines]);
  await index.finish(summary, exports.formats);
  return summary;
}
