import { join } from 'node:path';
import { complain, reason, SigboxError } from '../../errors.js';
import { readLines } from '../../files/lines.js';
import { type ReadingThresholds, thresholder } from '../../postprocess/regions/threshold-regions.js';
import {
  FAILURES_FILE,
  parseFailure,
  parseResult,
  RESULTS_FILE,
  type RecordedFailure,
  type RecordedResult,
} from './record.js';
import { HEADER_FILE, type RunHeader, readHeader } from './run-header.js';

/** A run as it lies in its folder. */
export interface Run {
  folder: string;
  header: RunHeader;
  /**
   * The results, one at a time; may be gone through any number of times. In the order of their images' names (by UTF-16
   * code unit) once the run is complete, before that as they finished.
   *
   * @param thresholds  scores from which labels count; regions without any label left go. `header.thresholds` are the
   *   run's own. Default: all that was recorded
   * @throws SigboxError E_ARGUMENT  a label that the model does not have, a threshold below the run's floor. E_IO  the
   *   file can't be read, or a line of it is no result; a last line that is cut off is left out.
   */
  results(thresholds?: ReadingThresholds): AsyncGenerator<RecordedResult>;
  /** The images that failed, in the same order. */
  failures(): AsyncGenerator<RecordedFailure>;
}

/**
 * Opens the run in a folder for reading; it may still be going on.
 *
 * @param lines  'refuse': a line that is no record is an error; 'skip': it is passed over; 'trust': this process has
 *   written or checked them all, so that what is below the thresholds is not looked at. Default 'refuse'
 * @throws SigboxError E_IO  there is none, or its header can't be read
 */
export async function readRun(folder: string, lines: 'refuse' | 'skip' | 'trust' = 'refuse'): Promise<Run> {
  const header = await readHeader(folder);
  if (header === null) {
    const mend = `There is no ${HEADER_FILE} in it.`;
    throw complain('E_IO', { where: 'run', expected: 'the folder of a run', received: folder, mend });
  }
  return {
    folder,
    header,
    results: (thresholds) => results({ folder, header, lines }, thresholds),
    failures: () => records(join(folder, FAILURES_FILE), parseFailure, lines),
  };
}

type Lines = 'refuse' | 'skip' | 'trust';

async function* results(
  { folder, header, lines }: Pick<Run, 'folder' | 'header'> & { lines: Lines },
  thresholds: ReadingThresholds | undefined,
): AsyncGenerator<RecordedResult> {
  const choice = thresholds === undefined ? null : thresholder(header.spec, header.options, thresholds);
  const lowest = lines === 'trust' ? choice?.lowest : undefined;
  for await (const result of records(join(folder, RESULTS_FILE), (line) => parseResult(line, lowest), lines)) {
    yield choice === null ? result : { ...result, detections: choice.over(result.detections) };
  }
}

/** Records of a file line by line; none where there is no such file. */
async function* records<T>(file: string, parse: (line: string) => T | null, lines: Lines): AsyncGenerator<T> {
  let line = 0;
  try {
    for await (const { text, ended } of readLines(file)) {
      line++;
      const record = parse(text);
      if (record !== null) yield record;
      else if (ended && lines !== 'skip')
        throw new Error('it is not what a run writes; to go on with the run mends it');
    }
  } catch (cause) {
    if (line === 0 && (cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    if (cause instanceof SigboxError) throw cause;
    const where = line === 0 ? file : `${file}: line ${line}`;
    throw new SigboxError('E_IO', `${where}: cannot be read: ${reason(cause)}.`, { cause });
  }
}
