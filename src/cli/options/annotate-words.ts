import { complain } from '../../errors.js';
import type { AnnotateOptions } from '../../runs/options.js';
import { type Command, given, grouped, requireOperands, type Values } from './command.js';
import { type DetectionArguments, detectionOptions, readDetection } from './detection.js';
import { readFormats, writingOptions } from './export-words.js';
import { fraction, list, single, wholeNumber } from './values.js';

export interface AnnotateArguments extends DetectionArguments {
  /** `-` is a list of images on standard input. */
  inputs: string[];
  /** Path of a list of images. */
  filesFrom: string | undefined;
  run: Pick<AnnotateOptions, 'out'> & Partial<Omit<AnnotateOptions, 'out' | 'listed' | 'signal' | 'spec'>>;
  /** What is told while it runs: a progress bar or lines and a summary, an event per line, or failures only. */
  report: 'people' | 'json' | 'quiet';
}

const text = { string: true, requiresArg: true } as const;
const texts = { array: true, string: true } as const;

const where = {
  recursive: { boolean: true, default: true, describe: 'Look into folders of folders; --no-recursive: don’t' },
  ext: { ...texts, describe: 'Files with these endings, instead of those of pictures: jpg,png' },
  'include-files': { ...texts, describe: 'Only files like these patterns: *.png, day/**' },
  'exclude-files': { ...texts, describe: 'Not files like these patterns' },
  'files-from': { ...text, describe: 'File with a list of images, one per line, or with zero bytes between them' },
  shard: { ...text, describe: 'Only a part of the images: 3/8 is the third of eight parts' },
  hash: { boolean: true, default: false, describe: 'Tell changed images by their content, not by size and time alone' },
} as const;

const what = {
  out: { ...text, demandOption: true, describe: 'Folder for what is written' },
  floor: { ...text, describe: 'Score from which labels are recorded. Default: 0.05, or the lowest --score' },
  restart: { boolean: true, default: false, describe: 'Begin anew where the folder holds a run' },
  pictures: {
    boolean: true,
    default: true,
    describe: 'Draw the boxes into copies of the images; --no-pictures: don’t',
  },
  'picture-size': { ...text, describe: 'Longest side of those, pixels. Default: as the image' },
  crops: { boolean: true, default: false, describe: 'Cut every region out, by label' },
  ...writingOptions,
  json: { boolean: true, default: false, describe: 'Print what happens as JSON, an event per line' },
  quiet: { boolean: true, default: false, describe: 'Print failures only' },
} as const;

export const annotate: Command<AnnotateArguments> = {
  name: 'annotate',
  summary: 'Annotate folders of images into files',

  describe: (parser) =>
    parser
      .usage(
        '$0 annotate INPUT… --out DIR\n\nAnnotates folders, image files and glob patterns into files; - is a list of ' +
          'images on standard input. A folder that holds such a run is gone on with.',
      )
      .options({ ...grouped('What is written:', what), ...grouped('Which images:', where), ...detectionOptions })
      .example(
        '$0 annotate photos --out annotated',
        'Everything below a folder, into results.jsonl, coco.json and pictures/',
      )
      .example(
        "$0 annotate 'photos/**/*.png' --out annotated --no-pictures",
        'What a pattern matches, without pictures',
      )
      .example('find . -newer last -print0 | $0 annotate - --out new', 'What another program finds')
      .example('$0 annotate photos --out part3 --shard 3/8', 'An eighth, of eight machines; sigbox merge joins them')
      .epilogue(
        'Writes run.json and results.jsonl (a line per image, from the floor on), failures.jsonl, and over the score ' +
          'threshold what --format names (default coco and coco-results), summary.txt, pictures/ and crops/. ' +
          'Exit status: 0 all images, 3 some failed (each is named), 64 usage, 130 and 143 interrupted.',
      ),

  read(inputs, values) {
    const filesFrom = single(values, 'files-from');
    requireOperands('annotate', inputs, {
      least: filesFrom === undefined ? 1 : 0,
      what: 'one or more folders, images or patterns',
    });
    return { inputs, filesFrom, run: readRun(values), report: readReport(values), ...readDetection(values) };
  },

  run: async (args) => (await import('../commands/annotate.js')).annotate(args),
};

function readReport({ json, quiet }: Values): AnnotateArguments['report'] {
  if (json !== true) return quiet === true ? 'quiet' : 'people';
  if (quiet !== true) return 'json';
  throw complain('E_ARGUMENT', { where: 'annotate', expected: '--json or --quiet', received: 'both' });
}

function readRun(values: Values): AnnotateArguments['run'] {
  return {
    out: single(values, 'out')!,
    ...given({
      floor: fraction(values, 'floor'),
      shard: single(values, 'shard'),
      pictureSize: wholeNumber(values, 'picture-size', 1),
      formats: readFormats(values),
      imageIds: single(values, 'image-ids'),
      extensions: list(values, 'ext'),
      includeFiles: values['include-files'] as string[] | undefined,
      excludeFiles: values['exclude-files'] as string[] | undefined,
    }),
    confidence: values.confidence === true,
    restart: values.restart === true,
    hash: values.hash === true,
    pictures: values.pictures === true,
    crops: values.crops === true,
    recursive: values.recursive === true,
  };
}
