import { join } from 'node:path';
import { evaluate as hold } from '../../evaluate/evaluate.js';
import type { EvaluateOptions, Evaluation } from '../../evaluate/evaluation.js';
import type { GroundTruthInput, ResultsInput } from '../../evaluate/inputs.js';
import { writeWhole } from '../../files/write-whole.js';
import type { ReadOptions } from '../../formats/format.js';
import { readDataset } from '../../formats/read-dataset.js';
import type { LabelMapGiven } from '../../identify/sidecars/label-map.js';
import { besideThresholds, readThresholds } from '../../learn/thresholds/thresholds-file.js';
import type { Dataset } from '../../types/annotations.js';
import { asDataset, mapDatasets } from '../input/map-datasets.js';
import { readGroundTruth } from '../input/read-ground-truth.js';
import { type ResultsRead, readResults } from '../input/read-results.js';
import type { EvaluateArguments } from '../options/evaluate-words.js';
import { evaluationText } from '../output/evaluation-text.js';
import { printable } from '../output/printable.js';
import { SOME_FAILED } from '../output/status.js';

/** `sigbox evaluate`. @returns the exit status: 3 when the model failed on some images */
export async function evaluate(args: EvaluateArguments): Promise<number> {
  const { images, split } = args;
  const imageSize = async (file: string) => (await import('../../image/image-size.js')).imageSize(file);
  const reading = { ...(images && { images }), ...(split && { split }), imageSize };
  const given = await readGroundTruth(args.groundTruth, reading);
  const { thresholds, failures, ...found } = await collectResults(args, given, reading);
  const { map } = args.detector;
  const { groundTruth, results } =
    map === undefined
      ? { groundTruth: given, results: found.results }
      : await underMap(map, await readDataset(args.groundTruth, reading), found.results, args.results !== undefined);
  const taught = args.thresholds === undefined ? thresholds : await readThresholds(args.thresholds);
  const evaluation = hold(groundTruth, results, resolve(args.options, taught, groundTruth));
  for (const warning of evaluation.warnings) process.stderr.write(`sigbox: ${printable(warning)}\n`);
  process.stdout.write(args.json ? `${JSON.stringify(evaluation)}\n` : evaluationText(evaluation));
  if (args.charts !== undefined) await writeCharts(args.charts, evaluation);
  return failures > 0 ? SOME_FAILED : 0;
}

/** @param fromFile  a model has mapped its results itself */
async function underMap(map: LabelMapGiven, groundTruth: Dataset, results: ResultsInput, fromFile: boolean) {
  if (!fromFile) return { ...(await mapDatasets(map, groundTruth)), results };
  const dataset = asDataset(results);
  const mapped = await mapDatasets(map, groundTruth, dataset);
  return { groundTruth: mapped.groundTruth, results: mapped.results! };
}

type CollectedResults = ResultsRead & { failures: number };
type Thresholds = ResultsRead['thresholds'];

async function collectResults(
  args: EvaluateArguments,
  groundTruth: GroundTruthInput,
  reading: ReadOptions,
): Promise<CollectedResults> {
  if (args.results !== undefined) return { ...(await readResults(args.results, groundTruth, reading)), failures: 0 };
  const { runModel } = await import('../input/run-model.js'); // loads sharp and onnxruntime
  return { ...(await runModel(args, args.images!)), thresholds: {} };
}

/** What was asked for, else what a thresholds file or the run had, as far as the ground truth has their labels. */
function resolve(options: EvaluateOptions, taught: Thresholds, groundTruth: GroundTruthInput): EvaluateOptions {
  const labels = new Set('labels' in groundTruth ? groundTruth.labels : groundTruth.categories.map(({ name }) => name));
  const known = Object.entries(taught.labelThresholds ?? {}).filter(([label]) => labels.has(label));
  const { scoreThreshold } = taught;
  return besideThresholds(
    { ...(scoreThreshold !== undefined && { scoreThreshold }), labelThresholds: Object.fromEntries(known) },
    options,
  );
}

async function writeCharts(folder: string, evaluation: Evaluation): Promise<void> {
  const { evaluationCharts } = await import('../../charts/evaluation-charts.js');
  for (const [file, svg] of evaluationCharts(evaluation)) await writeWhole(join(folder, file), [svg]);
}
