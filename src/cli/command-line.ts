import { readFileSync } from 'node:fs';
import yargs, { type Argv } from 'yargs';
import { complain, SigboxError } from '../errors.js';
import type { DetectOptions, DetectorOptions, Provider } from '../types.js';
import { fraction, inputSize, labelList, scoreThresholds, single, wholeNumber } from './values.js';

/** What detect and annotate have in common. */
export interface DetectionArguments {
  /** The spec stands in `spec`, as the path of its file. */
  detector: Omit<DetectorOptions, 'spec'>;
  spec: string | undefined;
}

export interface DetectArguments extends DetectionArguments {
  images: string[];
  json: boolean;
}

export interface AnnotateArguments extends DetectionArguments {
  inputs: string[];
  out: string;
  pictures: boolean;
}

export interface InspectArguments {
  detector: ModelOptions;
  spec: string | undefined;
  json: boolean;
  /** Path for the spec. */
  save: string | undefined;
}

type ModelOptions = Pick<DetectorOptions, 'model' | 'size' | 'labelsFile'>;

/** What a command line asks for. */
export type Request =
  | { command: 'detect'; args: DetectArguments }
  | { command: 'annotate'; args: AnnotateArguments }
  | { command: 'inspect'; args: InspectArguments }
  | { command: 'print'; text: string };

type Values = Record<string, unknown>;

const model = {
  model: { string: true, requiresArg: true, describe: 'An ONNX detector. Default: the built-in one, COCO’s 80 labels' },
  spec: {
    string: true,
    requiresArg: true,
    describe: 'JSON file with a spec, or parts of one: wins over what is found out',
  },
  size: { string: true, requiresArg: true, describe: 'Input size of a model that takes any: 640 or WIDTHxHEIGHT' },
  'labels-file': { string: true, requiresArg: true, describe: 'Names of the classes: text, JSON or data.yaml' },
} as const;

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

const json = { boolean: true, default: false } as const;

/**
 * Reads a command line. Loads neither sharp nor onnxruntime.
 *
 * @param argv  without node and the script
 * @throws SigboxError E_ARGUMENT  a command line that can't be understood
 */
export function parseCommandLine(argv: readonly string[]): Request {
  let printed = '';
  let values: Values = {};
  const parser = yargs()
    .scriptName('sigbox')
    .locale('en')
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .usage('$0: labelled boxes from any ONNX object detector. $0 COMMAND --help tells more.')
    .command('detect', 'Find what is in images and print it', detectCommand)
    .command('annotate', 'Annotate folders of images into files', annotateCommand)
    .command('inspect', 'Print what a model is', inspectCommand)
    .strictOptions()
    .version(version())
    .parserConfiguration({
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
      'greedy-arrays': false,
    })
    .fail((message, error) => {
      throw error instanceof SigboxError ? error : usageError(message, argv);
    });
  parser.parse([...argv], {}, (_error: unknown, parsed: Values, output: string) => {
    values = parsed;
    printed = output;
  });
  return printed === '' ? requestOf(values) : { command: 'print', text: printed };
}

function detectCommand(parser: Argv) {
  return parser
    .usage('$0 detect IMAGE…\n\nFinds what is in image files (- is one on standard input) and prints it.')
    .options({
      json: { ...json, describe: 'One JSON object per image and line' },
      ...thresholds,
      ...model,
      ...decoding,
    })
    .example('$0 detect street.jpg', 'A table of what is in a picture')
    .example('$0 detect *.jpg --json --score 0.5 --score person=0.3', 'JSON Lines; persons from a lower score on')
    .example('curl -s https://example.com/a.jpg | $0 detect -', 'A picture from elsewhere');
}

function annotateCommand(parser: Argv) {
  return parser
    .usage('$0 annotate INPUT… --out DIR\n\nAnnotates folders, image files and glob patterns into files.')
    .options({
      out: { string: true, requiresArg: true, demandOption: true, describe: 'Folder for what is written' },
      pictures: {
        boolean: true,
        default: true,
        describe: 'Draw the boxes into copies of the images; --no-pictures: don’t',
      },
      ...thresholds,
      ...model,
      ...decoding,
    })
    .example(
      '$0 annotate photos --out annotated',
      'Everything below a folder, into results.jsonl, coco.json and pictures/',
    )
    .example("$0 annotate 'photos/**/*.png' --out annotated --no-pictures", 'What a pattern matches, without pictures')
    .epilogue(
      'Writes results.jsonl (a line per image), coco.json (COCO dataset), coco-results.json (COCO results) and ' +
        'pictures/. Exit status: 0 all images, 3 some failed (each is named), 64 usage.',
    );
}

function inspectCommand(parser: Argv) {
  return parser
    .usage('$0 inspect [MODEL]\n\nPrints what an ONNX file, or the built-in model, is.')
    .options({
      json: { ...json, describe: 'As JSON, with the spec that --spec takes' },
      save: { string: true, requiresArg: true, describe: 'Write the spec into this file, for --spec' },
      spec: model.spec,
      size: model.size,
      'labels-file': model['labels-file'],
    })
    .example('$0 inspect', 'What the built-in model is')
    .example('$0 inspect detector.onnx --save detector.json', 'A file to change and give to --spec');
}

function requestOf(values: Values): Request {
  const [command, ...operands] = values._ as string[];
  const spec = single(values, 'spec');
  const json = values.json === true;
  if (command === 'inspect') {
    requireOperands(command, operands, { least: 0, most: 1, what: 'a model' });
    const save = single(values, 'save');
    return { command, args: { detector: given({ model: operands[0], ...modelOptions(values) }), spec, json, save } };
  }
  const detector = {
    ...detectOptions(values),
    ...given({
      model: single(values, 'model'),
      provider: single(values, 'provider') as Provider | undefined,
      workers: wholeNumber(values, 'workers', 0),
      threads: wholeNumber(values, 'threads', 0),
      ...modelOptions(values),
    }),
  };
  if (command === 'detect') {
    requireOperands(command, operands, { least: 1, most: Number.POSITIVE_INFINITY, what: 'one or more images' });
    return { command, args: { images: operands, json, detector, spec } };
  }
  if (command === 'annotate') {
    const what = 'one or more folders, images or patterns';
    requireOperands(command, operands, { least: 1, most: Number.POSITIVE_INFINITY, what });
    const out = single(values, 'out')!;
    return { command, args: { inputs: operands, out, pictures: values.pictures === true, detector, spec } };
  }
  throw complain('E_ARGUMENT', {
    where: 'command',
    expected: 'detect, annotate or inspect',
    received: command ?? 'none',
    mend: 'See sigbox --help.',
  });
}

function requireOperands(
  command: string,
  operands: string[],
  { least, most, what }: { least: number; most: number; what: string },
) {
  if (operands.length >= least && operands.length <= most) return;
  const received = operands.join(' ') || 'none';
  throw complain('E_ARGUMENT', { where: command, expected: what, received, mend: `See sigbox ${command} --help.` });
}

function modelOptions(values: Values) {
  return { size: inputSize(values, 'size'), labelsFile: single(values, 'labels-file') };
}

function detectOptions(values: Values): DetectOptions {
  return given({
    ...scoreThresholds(values.score as string[] | undefined),
    iouThreshold: fraction(values, 'iou'),
    maxDetections: wholeNumber(values, 'max', 1),
    labels: single(values, 'labels') as 'multi' | 'single' | undefined,
    include: labelList(values.include as string[] | undefined),
    exclude: labelList(values.exclude as string[] | undefined),
    regionIou: fraction(values, 'region-iou'),
    background: single(values, 'background'),
    lenient: values.lenient === true,
  });
}

/** Without the entries that are undefined: those stay at their defaults. */
function given<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

function usageError(message: string, argv: readonly string[]): SigboxError {
  const command = argv.find((word) => ['detect', 'annotate', 'inspect'].includes(word));
  const help = command === undefined ? 'sigbox --help' : `sigbox ${command} --help`;
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  return new SigboxError('E_ARGUMENT', `${sentence} See ${help}.`);
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}
