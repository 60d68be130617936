import type { DetectOptions, DetectorOptions } from '../../types.js';
import { given, type Values } from './command.js';
import { modelOptions, readModelOptions, readRunningOptions, runningOptions } from './model.js';
import { postprocessOptions, readPostprocessOptions } from './postprocess.js';
import { single } from './values.js';

/** What the commands that detect have in common. */
export interface DetectionArguments {
  /** The spec stands in `spec`, as the path of its file. */
  detector: Omit<DetectorOptions, 'spec'>;
  spec: string | undefined;
}

const decoding = {
  background: {
    string: true,
    requiresArg: true,
    describe: `Colour under transparent pixels. Default: #ffffff`,
  },
  lenient: { boolean: true, default: false, describe: 'Use what can be decoded of damaged images' },
} as const;

export const detectionOptions = { ...postprocessOptions, ...modelOptions, ...decoding, ...runningOptions };

/** What detection needs, from the values of `detectionOptions`. */
export function readDetection(values: Values): DetectionArguments {
  const detector = { ...readDetectOptions(values), ...readModelOptions(values), ...readRunningOptions(values) };
  return { detector, spec: single(values, 'spec') };
}

function readDetectOptions(values: Values): DetectOptions {
  return given({
    ...readPostprocessOptions(values),
    background: single(values, 'background'),
    lenient: values.lenient === true,
  });
}
