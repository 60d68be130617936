import { complain } from '../../errors.js';
import type { EvaluateOptions } from '../../evaluate/evaluation.js';
import { type Command, given, requireOperands, type Values } from './command.js';
import { type DetectionArguments, detectionOptions, readDetection } from './detection.js';
import { fraction, single } from './values.js';

export interface EvaluateArguments extends DetectionArguments {
  groundTruth: string;
  /** Path of results; undefined: of the model on `images` */
  results: string | undefined;
  /** Folder of the ground truth's images. */
  images: string | undefined;
  /** Of YOLO and VOC: a list of images. */
  split: string | undefined;
  options: EvaluateOptions;
  json: boolean;
  /** Folder for charts. */
  charts: string | undefined;
}

const text = { string: true, requiresArg: true } as const;

const own = {
  json: { boolean: true, default: false, describe: 'Every number, as JSON' },
  charts: { ...text, describe: 'Folder for charts as SVG: precision and recall, F1, confusion, reliability' },
  images: {
    ...text,
    describe: 'Folder of the images: for a model, and for YOLO ground truth that doesn’t name it',
  },
  split: { ...text, describe: 'Only this split of YOLO or VOC ground truth: train, val, test …' },
  'match-iou': { ...text, describe: 'IoU from which a detection matches, except for COCO’s numbers. Default: 0.5' },
} as const;

export const evaluate: Command<EvaluateArguments> = {
  name: 'evaluate',
  summary: 'Evaluate results or a model against ground truth',

  describe(parser) {
    const score =
      'Lowest score that counts for precision, recall, F1 and confusion. Default: the run’s, if it recorded lower scores; else 0.35';
    return parser
      .usage(
        '$0 evaluate GROUND_TRUTH [RESULTS]\n\nCompares results with ground truth: COCO, YOLO, VOC, CVAT, LabelMe. RESULTS is the folder ' +
          'of a run, COCO results, or annotations with scores; without it the model runs on --images.',
      )
      .options({ ...own, ...detectionOptions, score: { ...detectionOptions.score, describe: score } })
      .example('$0 evaluate instances.json run', 'A run of annotate against COCO ground truth')
      .example('$0 evaluate instances.json coco-results.json --json', 'The numbers of pycocotools, and more')
      .example(
        '$0 evaluate data.yaml --split val --images images/val --model best.onnx',
        'A model, with the preset "evaluation"',
      )
      .epilogue('Average precision needs low scores too: annotate --preset evaluation, or --floor 0.001.');
  },

  read(operands, values) {
    requireOperands('evaluate', operands, { least: 1, most: 2, what: 'a ground truth and optionally results' });
    const [groundTruth, results] = operands as [string, string | undefined];
    const detection = readDetection(values);
    const { detector } = detection;
    const images = single(values, 'images');
    if (results === undefined && images === undefined) throw nothingToJudge();
    if (results !== undefined) requireNoneForModels(values);
    const { scoreThreshold, labelThresholds } = detector;
    const options = given({ scoreThreshold, labelThresholds, iouThreshold: fraction(values, 'match-iou') });
    const outputs = { json: values.json === true, charts: single(values, 'charts') };
    return { groundTruth, results, images, split: single(values, 'split'), options, ...outputs, ...detection };
  },

  run: async (args) => (await import('../commands/evaluate.js')).evaluate(args),
};

function nothingToJudge() {
  const mend = 'Give a run or results, or --images for the model to run on.';
  return complain('E_ARGUMENT', { where: 'evaluate', expected: 'results', received: 'none', mend });
}

/** Options that a model is run with mean nothing where results are given. */
function requireNoneForModels(values: Values): void {
  const known = Object.keys(detectionOptions).filter((name) => !['score', 'thresholds', 'map'].includes(name));
  const given = known.find((name) => values[name] !== undefined && values[name] !== false);
  if (given === undefined) return;
  const mend = 'Leave one of them out.';
  throw complain('E_ARGUMENT', {
    where: 'evaluate',
    expected: 'results or a model',
    received: `results and --${given}`,
    mend,
  });
}
