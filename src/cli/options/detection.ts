import type { DetectOptions, DetectorOptions } from '../../types/options.js';
import { given, grouped, type Values } from './command.js';
import { modelOptions, readModelOptions, readRunningOptions, runningOptions } from './model.js';
import { postprocessOptions, readPostprocessOptions } from './postprocess.js';
import { single } from './values.js';

/** What the commands that detect have in common. */
export interface DetectionArguments {
  /** The spec stands in `spec`, as the path of its file. */
  detector: Omit<DetectorOptions, 'spec'>;
  spec: string | undefined;
  /** Path of a thresholds file. */
  thresholds: string | undefined;
}

const decoding = {
  background: {
    string: true,
    requiresArg: true,
    describe: `Colour under transparent pixels. Default: #ffffff`,
  },
  lenient: { boolean: true, default: false, describe: 'Use what can be decoded of damaged images' },
} as const;

export const labelOptions = {
  map: {
    string: true,
    requiresArg: true,
    describe: 'Rename, drop, merge labels, add parents: a JSON or YAML file, or a ready map such as coco-to-voc',
  },
  thresholds: {
    string: true,
    requiresArg: true,
    describe: 'What sigbox tune and calibrate have found; options given besides win',
  },
} as const;

export const detectionOptions = {
  ...grouped('Scores, labels and suppression:', { ...postprocessOptions, ...labelOptions }),
  ...grouped('Model:', { ...modelOptions, ...runningOptions }),
  ...grouped('Pictures that are read:', decoding),
};

/** What detection needs, from the values of `detectionOptions`. */
export function readDetection(values: Values): DetectionArguments {
  const detector = {
    ...readDetectOptions(values),
    ...given({ map: single(values, 'map') }),
    ...readModelOptions(values),
    ...readRunningOptions(values),
  };
  return { detector, spec: single(values, 'spec'), thresholds: single(values, 'thresholds') };
}

function readDetectOptions(values: Values): DetectOptions {
  return given({
    ...readPostprocessOptions(values),
    background: single(values, 'background'),
    lenient: values.lenient === true,
  });
}
