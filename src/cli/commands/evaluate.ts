import { type OptionsOf, option, pick } from '../../check/option.js';
import { flag, text } from '../../check/words.js';
import { complain, SigboxError } from '../../errors.js';
import type { Evaluation } from '../../evaluate/evaluation.js';
import type { GroundTruthInput, ResultsInput } from '../../evaluate/inputs.js';
import { EVALUATE_OPTIONS, type EvaluateOptions } from '../../evaluate/options.js';
import type { ReadDatasetOptions } from '../../formats/read-dataset.js';
import type { ResultsRead } from '../../learn/inputs/read-results.js';
import { POSTPROCESS_OPTIONS } from '../../postprocess/options/postprocess-options.js';
import { counted, printable } from '../../text/printable.js';
import type { Dataset } from '../../types/annotations.js';
import type { DetectionResult } from '../../types/detections.js';
import { command, grouped } from '../command.js';
import { DETECTION_OPTIONS, splitDetection } from '../options/detection.js';
import { READING_OPTIONS, splitReading } from '../options/reading.js';
import { evaluationText } from '../output/evaluation-text.js';
import { startProgress } from '../output/progress.js';
import { printRemarks } from '../output/remarks.js';
import { SOME_FAILED } from '../output/status.js';

const { scoreThreshold: _score, labelThresholds: _scores, ...MODEL_ONLY } = DETECTION_OPTIONS;
const { iouThreshold: matchIou, ...SCORES } = EVALUATE_OPTIONS;

/** What a run with candidates can be post-processed again with; `--score` is the evaluation's own. */
const { scoreThreshold: _1, labelThresholds: _2, preset: _3, calibration: _4, ...OF_RUNS } = POSTPROCESS_OPTIONS;

const OWN = {
  /** Print JSON. Default false */
  json: option(flag, {
    default: false,
    words: { json: { form: 'switch', help: 'Print every number, as JSON', common: true } },
  }),
  /** Folder for charts. */
  charts: option(text, {
    words: {
      charts: {
        form: 'text',
        value: 'FOLDER',
        completes: 'files',
        help: 'Folder for charts as SVG: precision and recall, F1, confusion, reliability, label sets',
        common: true,
      },
    },
  }),
  ...READING_OPTIONS,
  matchIou,
};

const OPTIONS = { ...grouped('Evaluation', { ...OWN, ...SCORES }), ...MODEL_ONLY };

type Options = OptionsOf<typeof OPTIONS>;

export const evaluateCommand = command({
  name: 'evaluate',
  summary: 'Evaluate results, or a model, against ground truth',
  usage: 'GROUND_TRUTH [RESULTS]',
  about:
    'Evaluates results against ground truth: COCO, YOLO, VOC, CVAT, LabelMe and others. RESULTS is the folder of a run, COCO ' +
    'results, or annotations with scores; without it the model runs on the pictures of --images.',
  operands: { min: 1, max: 2, what: 'a ground truth, and results or --images' },
  options: OPTIONS,
  examples: [
    ['sigbox evaluate instances.json run', 'A run of annotate against COCO ground truth'],
    ['sigbox evaluate instances.json run --suppression soft-gaussian', 'The same, if it recorded candidates'],
    ['sigbox evaluate instances.json coco-results.json --json', 'The numbers of pycocotools, and more'],
    [
      'sigbox evaluate data.yaml --split val --images images/val --model best.onnx',
      'A model, with the preset "evaluation"',
    ],
  ],
  notes:
    'Average precision needs low-scoring results as well: record them with annotate --preset evaluation, or --floor 0.001. ' +
    'Exit status: 0, 3 the model failed on some images, 64 usage.',
  writesFiles: true,

  check({ operands: [, results], options }) {
    if (results === undefined && options.images === undefined) {
      const message = 'evaluate: expected results. Give a run or results, or --images for the model to run on.';
      throw new SigboxError('E_ARGUMENT', message);
    }
    if (results !== undefined) refuseModelOptions(options);
  },

  async run({ operands, options }) {
    const [groundTruth, results] = operands as [string, string | undefined];
    return evaluateFiles(groundTruth, results, options);
  },
});

/** Options of a model mean nothing if results are given, those of post-processing something to a run with candidates. */
function refuseModelOptions(options: Options): void {
  const given = Object.keys(options).find((name) => {
    return Object.hasOwn(MODEL_ONLY, name) && !Object.hasOwn(OF_RUNS, name) && name !== 'thresholds' && name !== 'map';
  });
  if (given === undefined) return;
  const [word] = Object.keys(MODEL_ONLY[given as keyof typeof MODEL_ONLY].words ?? {});
  throw new SigboxError(
    'E_ARGUMENT',
    `evaluate: --${word} is for a model, but results are given. Leave one of them out.`,
  );
}

async function evaluateFiles(path: string, results: string | undefined, options: Options): Promise<number> {
  const [{ evaluate: evaluateResults }, { readGroundTruth }, { readDataset }, { readThresholds }] = await Promise.all([
    import('../../evaluate/evaluate.js'),
    import('../../learn/inputs/read-ground-truth.js'),
    import('../../formats/read-dataset.js'),
    import('../../learn/thresholds/thresholds-file.js'),
  ]);
  const { map, json = false, charts } = options;
  const { reading } = splitReading(options);
  const given = await readGroundTruth(path, reading);
  printRemarks(path, given);
  const { thresholds, failures, rules, ...found } = await resultsOf(results, given, { reading, options });
  const compared =
    map === undefined
      ? { groundTruth: given, results: found.results }
      : await underMap(
          map,
          await readDataset(path, { ...reading, role: 'ground-truth' }),
          found.results,
          results !== undefined,
        );
  const learnt = options.thresholds === undefined ? thresholds : await readThresholds(options.thresholds);
  const evaluation = evaluateResults(compared.groundTruth, compared.results, {
    ...(await settle(options, learnt, compared.groundTruth)),
    ...(rules !== undefined && { rules }),
  });
  for (const warning of evaluation.warnings) process.stderr.write(`sigbox: ${printable(warning)}\n`);
  process.stdout.write(json ? `${JSON.stringify(evaluation)}\n` : evaluationText(evaluation));
  if (charts !== undefined) await writeCharts(charts, evaluation);
  return failures > 0 ? SOME_FAILED : 0;
}

type Map = NonNullable<Options['map']>;

/** @param fromFile  a model has mapped its results itself */
async function underMap(map: Map, groundTruth: Dataset, results: ResultsInput, fromFile: boolean) {
  const { asDataset, mapDatasets } = await import('../../learn/inputs/map-datasets.js');
  if (!fromFile) return { ...(await mapDatasets(map, groundTruth)), results };
  const dataset = asDataset(results);
  const mapped = await mapDatasets(map, groundTruth, dataset);
  return { groundTruth: mapped.groundTruth, results: mapped.results! };
}

type Found = ResultsRead & { failures: number };

async function resultsOf(
  path: string | undefined,
  groundTruth: GroundTruthInput,
  { reading, options }: { reading: ReadDatasetOptions; options: Options },
): Promise<Found> {
  if (path === undefined) return { ...(await resultsOfModel(options, options.images!)), thresholds: {} };
  const { readResults } = await import('../../learn/inputs/read-results.js');
  const found = await readResults(path, groundTruth, reading, pick(options, OF_RUNS));
  printRemarks(path, found.results);
  return { ...found, failures: 0 };
}

/**
 * The model on every picture of a folder, with the preset for evaluation: down to low scores. Images are named as they lie
 * below the folder; failures are printed and counted.
 */
async function resultsOfModel(options: Options, folder: string): Promise<Pick<Found, 'results' | 'failures'>> {
  const [{ createDetector }, { discover }, { printWarnings, readDetectorOptions }] = await Promise.all([
    import('../../detector.js'),
    import('../../runs/inputs/discover.js'),
    import('../options/open-detector.js'),
  ]);
  const { images } = await discover([folder]);
  if (images.length === 0)
    throw complain('E_IO', { where: folder, expected: 'pictures', received: 'a folder without any' });
  const {
    scoreThreshold: _s,
    labelThresholds: _l,
    ...detector
  } = await readDetectorOptions(splitDetection(options).detector);
  await using model = await createDetector({ preset: 'evaluation', ...detector });
  using _warnings = printWarnings(model);
  const progress = startProgress(images.length, 0);
  const results: DetectionResult[] = [];
  let [done, failures] = [0, 0];
  try {
    const paths = images.map(({ path }) => path);
    for await (const outcome of model.detectAll(paths, { errors: 'yield' })) {
      if ('error' in outcome) {
        failures++;
        process.stderr.write(`sigbox: ${printable(outcome.error.message)}\n`);
      } else results.push({ ...outcome, image: images[done]!.name });
      done++;
      progress.advance(counted(failures, 'failure'));
    }
  } finally {
    progress.stop();
  }
  return { results, failures };
}

/** What was asked for, else what a thresholds file or the run had, as far as the ground truth has their labels. */
async function settle(
  options: Options,
  learnt: ResultsRead['thresholds'],
  groundTruth: GroundTruthInput,
): Promise<EvaluateOptions> {
  const { besideThresholds } = await import('../../learn/thresholds/thresholds-file.js');
  const labels = new Set('labels' in groundTruth ? groundTruth.labels : groundTruth.categories.map(({ name }) => name));
  const known = Object.entries(learnt.labelThresholds ?? {}).filter(([label]) => labels.has(label));
  const { scoreThreshold } = learnt;
  const { matchIou: iouThreshold } = options;
  const asked = {
    ...(options.scoreThreshold !== undefined && { scoreThreshold: options.scoreThreshold }),
    ...(options.labelThresholds !== undefined && { labelThresholds: options.labelThresholds }),
    ...(iouThreshold !== undefined && { iouThreshold }),
    ...(options.scaleGroundTruth === true && { scaleGroundTruth: true }),
  };
  return besideThresholds(
    { ...(scoreThreshold !== undefined && { scoreThreshold }), labelThresholds: Object.fromEntries(known) },
    asked,
  );
}

async function writeCharts(folder: string, evaluation: Evaluation): Promise<void> {
  const [{ join }, { evaluationCharts }, { writeWhole }] = await Promise.all([
    import('node:path'),
    import('../../charts/evaluation-charts.js'),
    import('../../files/write-whole.js'),
  ]);
  for (const [file, svg] of evaluationCharts(evaluation)) await writeWhole(join(folder, file), [svg]);
}
