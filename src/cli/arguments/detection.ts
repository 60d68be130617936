import type { DetectOptions, DetectorOptions } from '../../types.js';
import { given, type Values } from './command.js';
import { modelOptions, readModelOptions, readRunningOptions, runningOptions } from './model.js';
import { fraction, list, scoreThresholds, single, wholeNumber } from './values.js';

/** What the commands that detect have in common. */
export interface DetectionArguments {
  /** The spec stands in `spec`, as the path of its file. */
  detector: Omit<DetectorOptions, 'spec'>;
  spec: string | undefined;
}

const thresholds = {
  score: {
    array: true,
    string: true,
    describe: `Score from which a label counts, 0 to 1; LABEL=N for one label. May be repeated. Default: 0.35`,
  },
  iou: {
    string: true,
    requiresArg: true,
    describe: `Boxes of one label that overlap more are one. Default: 0.5`,
  },
  max: { string: true, requiresArg: true, describe: `At most so many labels per image. Default: 300` },
  labels: {
    string: true,
    requiresArg: true,
    choices: ['multi', 'single'],
    describe: `Every label that holds, or only the best of a box. Default: multi`,
  },
  include: { array: true, string: true, describe: 'Only these labels, separated by commas' },
  exclude: { array: true, string: true, describe: 'Not these labels, separated by commas' },
  'region-iou': {
    string: true,
    requiresArg: true,
    describe: `Boxes of different labels that overlap so much are one region. Default: 0.9`,
  },
} as const;

const decoding = {
  background: {
    string: true,
    requiresArg: true,
    describe: `Colour under transparent pixels. Default: #ffffff`,
  },
  lenient: { boolean: true, default: false, describe: 'Use what can be decoded of damaged images' },
} as const;

export const detectionOptions = { ...thresholds, ...modelOptions, ...decoding, ...runningOptions };

/** What detection needs, from the values of `detectionOptions`. */
export function readDetection(values: Values): DetectionArguments {
  const detector = { ...readDetectOptions(values), ...readModelOptions(values), ...readRunningOptions(values) };
  return { detector, spec: single(values, 'spec') };
}

function readDetectOptions(values: Values): DetectOptions {
  return given({
    ...scoreThresholds(values.score as string[] | undefined),
    iouThreshold: fraction(values, 'iou'),
    maxDetections: wholeNumber(values, 'max', 1),
    labels: single(values, 'labels') as 'multi' | 'single' | undefined,
    include: list(values.include as string[] | undefined),
    exclude: list(values.exclude as string[] | undefined),
    regionIou: fraction(values, 'region-iou'),
    background: single(values, 'background'),
    lenient: values.lenient === true,
  });
}
