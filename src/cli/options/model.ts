import type { Provider } from '../../types/model.js';
import type { DetectorOptions } from '../../types/options.js';
import { given, type Values } from './command.js';
import { inputSize, single, wholeNumber } from './values.js';

export const modelOptions = {
  model: { string: true, requiresArg: true, describe: 'An ONNX detector. Default: the built-in one, COCO’s 80 labels' },
  spec: {
    string: true,
    requiresArg: true,
    describe: 'JSON file with a spec, or parts of one: wins over what is found out',
  },
  size: { string: true, requiresArg: true, describe: 'Input size of a model that takes any: 640 or WIDTHxHEIGHT' },
  'labels-file': { string: true, requiresArg: true, describe: 'Names of the classes: text, JSON or data.yaml' },
} as const;

export const runningOptions = {
  provider: {
    string: true,
    requiresArg: true,
    choices: ['cpu', 'cuda', 'webgpu', 'coreml', 'dml'],
    describe: 'What runs the model. Default: cpu',
  },
  workers: { string: true, requiresArg: true, describe: 'Most worker processes. Default: one per core' },
  threads: {
    string: true,
    requiresArg: true,
    describe: 'Threads per inference; 0: one per core. Default: 1 per worker process',
  },
} as const;

/** What a model is, but for the spec, whose file is still to be read. */
export function readModelOptions(values: Values): Pick<DetectorOptions, 'model' | 'size' | 'labelsFile'> {
  return given({
    model: single(values, 'model'),
    size: inputSize(values, 'size'),
    labelsFile: single(values, 'labels-file'),
  });
}

/** How a model is run. */
export function readRunningOptions(values: Values): Pick<DetectorOptions, 'provider' | 'workers' | 'threads'> {
  return given({
    provider: single(values, 'provider') as Provider | undefined,
    workers: wholeNumber(values, 'workers', 0),
    threads: wholeNumber(values, 'threads', 0),
  });
}
