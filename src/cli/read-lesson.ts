import { basename } from 'node:path';
import { readRun } from '../batch/read-run.js';
import { complain } from '../errors.js';
import type { ResultsGiven } from '../evaluate/given.js';
import { exists } from '../files/read-file.js';
import { readDataset } from '../formats/read-dataset.js';
import { readThresholdsFile, type ThresholdsFile } from '../thresholds/thresholds-file.js';
import type { SuppressionSetting } from '../tune/suppress-again.js';
import type { Dataset } from '../types/annotations.js';
import type { DetectionResult } from '../types/detections.js';
import type { TeachingArguments } from './arguments/teaching.js';
import { datasetOfResults, mapDatasets } from './map-datasets.js';

/** Labelled images, what a run found in them, and what is known already. */
export interface Lesson {
  truth: Dataset;
  results: ResultsGiven;
  /** The lowest score that was recorded. */
  floor: number;
  recorded: SuppressionSetting;
  /** What stands in the file that is to be written. */
  file: ThresholdsFile | undefined;
  /** For whoever reads the file that is written. */
  about: Record<string, unknown>;
}

/**
 * Reads truth, run and file.
 *
 * @throws SigboxError E_IO, E_ARGUMENT  one of them can't be read, or the run was recorded with calibrated scores
 */
export async function readLesson({ truth, run: folder, out, images, map }: TeachingArguments): Promise<Lesson> {
  const imageSize = async (file: string) => (await import('../image/image-size.js')).imageSize(file);
  const run = await readRun(folder);
  const { model, options } = run.header;
  if (options.calibration !== undefined && Object.keys(options.calibration).length > 0) {
    const mend = 'Record it without --thresholds.';
    throw complain('E_ARGUMENT', {
      where: folder,
      expected: 'a run with the model’s own scores',
      received: 'calibrated ones',
      mend,
    });
  }
  const results: DetectionResult[] = [];
  for await (const result of run.results()) results.push(result);
  const given = await readDataset(truth, { ...(images !== undefined && { images }), imageSize });
  return {
    ...(map === undefined ? { truth: given, results } : await underMap(map, given, results)),
    floor: options.scoreThreshold,
    recorded: { suppression: options.suppression ?? 'nms', iouThreshold: options.iouThreshold ?? 0.5 },
    file: (await exists(out)) ? await readThresholdsFile(out) : undefined,
    about: { model: basename(model.file), sha256: model.sha256, truth: basename(truth), ...(map && { map }) },
  };
}

/** Parents learn nothing: they hold wherever a label below them does, with its score. */
async function underMap(map: string, truth: Dataset, results: readonly DetectionResult[]) {
  const mapped = await mapDatasets(map, truth, datasetOfResults(results), { parents: false });
  return { truth: mapped.truth, results: mapped.results! };
}
