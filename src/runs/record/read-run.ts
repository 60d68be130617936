import { join } from 'node:path';
import { complain, reason, SigboxError } from '../../errors.js';
import { readLines } from '../../files/lines.js';
import { candidateModel } from '../../postprocess/candidate-model.js';
import { decodeCandidates } from '../../postprocess/candidates/codec.js';
import { type ReadingThresholds, thresholder } from '../../postprocess/regions/threshold-regions.js';
import type { ImageCandidates } from '../../types/candidates.js';
import { RECORD_FILE } from '../../types/record-file.js';
import { CANDIDATES_FILE, CandidatesFile, readBlocks } from './candidates-file.js';
import { FAILURES_FILE, parseFailure, parseResult, type RecordedFailure, type RecordedResult } from './record.js';
import { HEADER_FILE, type RunHeader, readHeader } from './run-header.js';

type RunFiles = Pick<Run, 'folder' | 'header'> & { lines: Lines };

/** A result without its detections, and what the model saw. */
export interface RecordedImage {
  result: Omit<RecordedResult, 'detections'>;
  candidates: ImageCandidates;
}

/** A run as it lies in its folder. */
export interface Run {
  folder: string;
  header: RunHeader;
  /**
   * The results, one at a time; may be gone through any number of times. In the order of their images' names (by UTF-16
   * code unit) once the run is complete, before that as they finished.
   *
   * @param thresholds  scores from which labels count; regions without any label left are dropped. Default: the run's own,
   *   `header.thresholds`. 'unfiltered': everything that was recorded, down to the floor
   * @throws SigboxError E_ARGUMENT  a label that the model does not have, a threshold below the run's floor. E_IO  the
   *   file can't be read, or a line of it is no result; a last line that is cut off is left out.
   */
  results(thresholds?: ReadingThresholds | 'unfiltered'): AsyncGenerator<RecordedResult>;
  /** The images that failed, in the same order. */
  failures(): AsyncGenerator<RecordedFailure>;
  /**
   * What the model saw in an image, before suppression.
   *
   * @param image  as in `results`
   * @returns null for an image without a result, and in runs that did not record candidates
   */
  candidates(image: string): Promise<ImageCandidates | null>;
  /** All results with their candidates, in the order of `results`; their detections are not read. */
  recorded(): AsyncGenerator<RecordedImage>;
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
    results: (thresholds = header.thresholds) => results({ folder, header, lines }, thresholds),
    failures: () => records(join(folder, FAILURES_FILE), parseFailure, lines),
    ...candidatesOf({ folder, header, lines }),
  };
}

type Lines = 'refuse' | 'skip' | 'trust';

async function* results(
  { folder, header, lines }: RunFiles,
  thresholds: ReadingThresholds | 'unfiltered',
): AsyncGenerator<RecordedResult> {
  const choice = thresholds === 'unfiltered' ? null : thresholder(header.spec, header.options, thresholds);
  const lowest = lines === 'trust' ? choice?.lowest : undefined;
  for await (const result of records(join(folder, RECORD_FILE), (line) => parseResult(line, lowest), lines)) {
    yield choice === null ? result : { ...result, ...choice.over(result.detections) };
  }
}

/** The readers of candidates. Where an image's block lies is found out with the first that is asked for. */
function candidatesOf({ folder, header, lines }: RunFiles): Pick<Run, 'candidates' | 'recorded'> {
  const model = candidateModel(header.spec);
  let index: Promise<CandidatesFile> | undefined;
  const read = async (image: string): Promise<ImageCandidates | null> => {
    index ??= CandidatesFile.read(folder);
    const body = await (await index).body(image);
    return body === null ? null : { ...decodeCandidates(body), model };
  };
  async function* recorded(): AsyncGenerator<RecordedImage> {
    const blocks = readBlocks(folder);
    const headOnly = (line: string) => parseResult(line, Number.POSITIVE_INFINITY);
    try {
      for await (const { detections: _, ...result } of records(join(folder, RECORD_FILE), headOnly, lines)) {
        const { value: block } = await blocks.next();
        const isNext = block !== undefined && block.image === result.image; // they are in one order
        const candidates = isNext ? { ...decodeCandidates(block.body), model } : await read(result.image);
        if (candidates === null) throw missing(folder, result.image);
        yield { result, candidates };
      }
    } finally {
      await blocks.return(undefined); // which closes the file
    }
  }
  return { candidates: read, recorded };
}

function missing(folder: string, image: string): SigboxError {
  const where = join(folder, CANDIDATES_FILE);
  const mend = 'annotate --candidates on it again records them.';
  return complain('E_IO', { where, expected: `the candidates of ${JSON.stringify(image)}`, received: 'none', mend });
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
