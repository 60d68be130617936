import { join } from 'node:path';
import { namedColumns } from '../../columns/named-columns.js';
import { scanRecord } from '../../columns/scan-record.js';
import type { GroundTruthInput, ResultsInput } from '../../evaluate/inputs.js';
import type { EvaluateOptions } from '../../evaluate/options.js';
import { readChunks } from '../../files/read-chunks.js';
import { exists, isFolder } from '../../files/read-file.js';
import { mayBeCoco, readCocoText, sizeOf } from '../../formats/coco/read-coco-text.js';
import { type ReadDatasetOptions, readDataset } from '../../formats/read-dataset.js';
import { readRun } from '../../runs/record/read-run.js';
import { RECORD_FILE } from '../../types/record-file.js';
import type { LabelRule } from '../../types/rules.js';

export interface ResultsRead {
  results: ResultsInput;
  /** Of a run that recorded lower scores as well; else empty. */
  thresholds: Pick<EvaluateOptions, 'scoreThreshold' | 'labelThresholds'>;
  /** Of a run with label rules. */
  rules?: LabelRule[];
}

/**
 * Reads results: the folder of a run, down to its floor; COCO results; or a dataset with scores.
 *
 * @param reading  as ground truth was read; results may be of another format
 * @throws SigboxError E_IO  they can't be read, or are of no known format
 */
export async function readResults(
  path: string,
  groundTruth: GroundTruthInput,
  { from: _, ...reading }: ReadDatasetOptions,
): Promise<ResultsRead> {
  if (mayBeCoco(path) && (path === '-' || !(await isFolder(path)))) {
    const text = await readCocoText(path);
    if (text !== null)
      return { results: text.kind === 'results' ? text.results : namedColumns(text.file), thresholds: {} };
  } else if ((await isFolder(path)) && (await exists(join(path, 'run.json')))) return readRunFolder(path);
  const dataset =
    'annotations' in groundTruth ? {} : { dataset: groundTruth as Extract<GroundTruthInput, { labels: unknown }> };
  return { results: await readDataset(path, { ...reading, ...dataset, role: 'results' }), thresholds: {} };
}

async function readRunFolder(folder: string): Promise<ResultsRead> {
  const { header } = await readRun(folder);
  const file = join(folder, RECORD_FILE);
  const results = await scanRecord(readChunks(file), file, { bytes: await sizeOf(file) });
  const { scoreThreshold, labelThresholds } = header.thresholds;
  // a run whose threshold is its floor was made for evaluation: nobody would use its labels from there on
  const thresholds = scoreThreshold > header.options.scoreThreshold ? { scoreThreshold, labelThresholds } : {};
  const { rules } = header.spec;
  return { results, thresholds, ...(rules !== undefined && { rules: rules.rules }) };
}
