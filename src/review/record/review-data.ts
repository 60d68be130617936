import type { SigboxError } from '../../errors.js';
import type { GroundTruthInput } from '../../evaluate/inputs.js';
import { groundTruthSet } from '../../evaluate/tables/evaluation-tables.js';
import { packColumns } from '../protocol/columns.js';
import type { PageInfo } from '../protocol/info.js';
import { groundTruthColumns } from './ground-truth.js';
import { Previews } from './previews.js';
import { ReviewedRun, unknownPart } from './reviewed-run.js';

export interface ReviewOptions {
  /** Folders of one run, or of two to be compared. */
  runs: readonly string[];
  groundTruth?: { input: GroundTruthInput; path: string } | undefined;
  /** Folder of the images, where they are no longer where the run found them. */
  images?: string | undefined;
  readOnly?: boolean | undefined;
  anonymous?: boolean | undefined;
}

/** Everything that the page asks for, whoever serves it. */
export interface ReviewData extends AsyncDisposable {
  info: PageInfo;
  runs: readonly ReviewedRun[];
  previews: Previews;
  /** Of each run, packed. @throws SigboxError E_ARGUMENT  there is none */
  groundTruth(run: number): Uint8Array;
  /** The images of the first run in the second, packed. @throws SigboxError E_ARGUMENT  there is no second */
  pairs(): Uint8Array;
  /** @throws SigboxError E_ARGUMENT  there is none */
  run(number: number): ReviewedRun;
}

/**
 * Opens runs for review.
 *
 * @throws SigboxError E_IO  no run, or one that can't be read. E_ARGUMENT  a ground truth without any image of a run
 */
export async function openReviewData(version: string, options: ReviewOptions): Promise<ReviewData> {
  const { runs: folders, groundTruth, images, readOnly = false, anonymous = false } = options;
  const set = groundTruth === undefined ? null : groundTruthSet(groundTruth.input);
  const comparing = folders.length > 1;
  const reading = { images, anonymous, names: set !== null || comparing };
  const runs = await Promise.all(folders.map((folder) => ReviewedRun.open(folder, reading)));
  const truths = set === null ? [] : runs.map(({ names }) => packColumns(groundTruthColumns(set, names)));
  const pairs = runs.length > 1 ? packColumns({ pairs: pairsOf(runs[0]!.names, runs[1]!.names) }) : null;
  const info: PageInfo = {
    version,
    runs: runs.map((run) => run.info),
    groundTruth: set && { labels: set.labels, images: set.size.images, warnings: set.warnings },
    writable: !readOnly,
    anonymous,
    static: false,
    paths: anonymous
      ? { runs: folders.map(() => 'RUN'), groundTruth: set && 'TRUTH' }
      : { runs: [...folders], groundTruth: groundTruth?.path ?? null },
  };
  return {
    info,
    runs,
    previews: new Previews(),
    pairs: () => pairs ?? raise(unknownPart('second run')),
    groundTruth: (run) => truths[run] ?? raise(unknownPart('ground truth')),
    run: (number) => runs[number] ?? raise(unknownPart(`run ${number}`)),
    async [Symbol.asyncDispose]() {
      await Promise.all(runs.map((run) => run[Symbol.asyncDispose]()));
    },
  };
}

/** [images of the first run] */
function pairsOf(names: readonly string[], others: readonly string[]): Int32Array {
  const rows = new Map(others.map((name, row) => [name, row]));
  return Int32Array.from(names, (name) => rows.get(name) ?? -1);
}

function raise(error: SigboxError): never {
  throw error;
}
