import { join } from 'node:path';
import { namedColumns } from '../../columns/named-columns.js';
import { scanRecord } from '../../columns/scan-record.js';
import { complain } from '../../errors.js';
import type { GroundTruthInput, ResultsInput } from '../../evaluate/inputs.js';
import type { EvaluateOptions } from '../../evaluate/options.js';
import { readChunks } from '../../files/read-chunks.js';
import { exists, isFolder } from '../../files/read-file.js';
import { mayBeCoco, readCocoText, sizeOf } from '../../formats/coco/read-coco-text.js';
import { type ReadDatasetOptions, readDataset } from '../../formats/read-dataset.js';
import type { PostprocessOptions } from '../../postprocess/options/postprocess-options.js';
import type { RunHeader } from '../../runs/record/run-header.js';
import type { DetectionResult } from '../../types/detections.js';
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
 * @param how      options of post-processing: a run that recorded its candidates is post-processed again with them
 * @throws SigboxError E_IO  they can't be read, or are of no known format. E_ARGUMENT  `how` beside results that are not a run
 *   with candidates, or candidates that it needs were not recorded
 */
export async function readResults(
  path: string,
  groundTruth: GroundTruthInput,
  { from: _, ...reading }: ReadDatasetOptions,
  how: PostprocessOptions = {},
): Promise<ResultsRead> {
  if (Object.keys(how).length > 0) return postprocessAgain(path, how);
  if (mayBeCoco(path) && (path === '-' || !(await isFolder(path)))) {
    const text = await readCocoText(path);
    if (text !== null)
      return { results: text.kind === 'results' ? text.results : namedColumns(text.file), thresholds: {} };
  } else if ((await isFolder(path)) && (await exists(join(path, 'run.json')))) return readRunFolder(path);
  const dataset =
    'annotations' in groundTruth ? {} : { dataset: groundTruth as Extract<GroundTruthInput, { labels: unknown }> };
  return { results: await readDataset(path, { ...reading, ...dataset, role: 'results' }), thresholds: {} };
}

async function postprocessAgain(path: string, how: PostprocessOptions): Promise<ResultsRead> {
  if (!(await isFolder(path)) || !(await exists(join(path, 'run.json')))) {
    const mend = 'Leave the options of post-processing out, or name the folder of a run of annotate --candidates.';
    throw complain('E_ARGUMENT', { where: path, expected: 'a run with candidates', received: 'results', mend });
  }
  const [{ asRecorded, postprocessedImages, postprocessedRun }, { readRun }] = await Promise.all([
    import('../../runs/postprocessed-images.js'),
    import('../../runs/record/read-run.js'),
  ]);
  const run = await readRun(path);
  const { header, plan } = await postprocessedRun(run, how);
  const results: DetectionResult[] = [];
  for await (const { result, found } of postprocessedImages(run, plan)) {
    results.push({ ...found, image: result.image, detections: asRecorded(found.detections) });
  }
  return { results, thresholds: thresholdsOf(header) };
}

async function readRunFolder(folder: string): Promise<ResultsRead> {
  const { readRun } = await import('../../runs/record/read-run.js'); // results in a file need none of the heads
  const { header } = await readRun(folder);
  const file = join(folder, RECORD_FILE);
  const results = await scanRecord(readChunks(file), file, { bytes: await sizeOf(file) });
  const { rules } = header.spec;
  return { results, thresholds: thresholdsOf(header), ...(rules !== undefined && { rules: rules.rules }) };
}

/** A run whose threshold is its floor was made for evaluation: nobody would use its labels from there on. */
function thresholdsOf({ thresholds, options }: Pick<RunHeader, 'thresholds' | 'options'>): ResultsRead['thresholds'] {
  const { scoreThreshold, labelThresholds } = thresholds;
  return scoreThreshold > options.scoreThreshold ? { scoreThreshold, labelThresholds } : {};
}
