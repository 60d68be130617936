import { join } from 'node:path';
import type { EvaluateOptions } from '../../evaluate/evaluation.js';
import type { GroundTruthInput, ResultsInput } from '../../evaluate/inputs.js';
import { exists, isFolder, readJson } from '../../files/read-file.js';
import type { ReadOptions } from '../../formats/format.js';
import { readDataset } from '../../formats/read-dataset.js';
import { readRun } from '../../runs/record/read-run.js';
import type { DetectionResult } from '../../types/detections.js';

export interface ResultsRead {
  results: ResultsInput;
  /** Of a run that recorded lower scores as well; else empty. */
  thresholds: Pick<EvaluateOptions, 'scoreThreshold' | 'labelThresholds'>;
}

/**
 * Reads results: the folder of a run, down to its floor; COCO results; or a dataset with scores.
 *
 * @param reading  as ground truth was read
 * @throws SigboxError E_IO  they can't be read, or are of no known format
 */
export async function readResults(
  path: string,
  groundTruth: GroundTruthInput,
  reading: ReadOptions,
): Promise<ResultsRead> {
  if (await isFolder(path)) {
    if (await exists(join(path, 'run.json'))) return readRunFolder(path);
  } else if (/\.json$/i.test(path)) {
    const content = await readJson(path);
    if (Array.isArray(content) && (content.length === 0 || 'category_id' in Object(content[0]))) {
      return { results: content, thresholds: {} };
    }
  }
  const dataset =
    'annotations' in groundTruth ? {} : { dataset: groundTruth as Extract<GroundTruthInput, { labels: unknown }> };
  return { results: await readDataset(path, { ...reading, ...dataset }), thresholds: {} };
}

async function readRunFolder(folder: string): Promise<ResultsRead> {
  const { header, results: recorded } = await readRun(folder);
  const results: DetectionResult[] = [];
  for await (const result of recorded()) results.push(result);
  const { scoreThreshold, labelThresholds } = header.thresholds;
  // a run whose threshold is its floor was made for evaluation: nobody would use its labels from there on
  const thresholds = scoreThreshold > header.options.scoreThreshold ? { scoreThreshold, labelThresholds } : {};
  return { results, thresholds };
}
