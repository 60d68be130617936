import { type Command, requireOperands } from './command.js';
import { type DetectionArguments, detectionOptions, readDetection } from './detection.js';
import { single } from './values.js';

export interface AnnotateArguments extends DetectionArguments {
  inputs: string[];
  out: string;
  pictures: boolean;
}

export const annotate: Command<AnnotateArguments> = {
  name: 'annotate',
  summary: 'Annotate folders of images into files',

  describe: (parser) =>
    parser
      .usage('$0 annotate INPUT… --out DIR\n\nAnnotates folders, image files and glob patterns into files.')
      .options({
        out: { string: true, requiresArg: true, demandOption: true, describe: 'Folder for what is written' },
        pictures: {
          boolean: true,
          default: true,
          describe: 'Draw the boxes into copies of the images; --no-pictures: don’t',
        },
        ...detectionOptions,
      })
      .example(
        '$0 annotate photos --out annotated',
        'Everything below a folder, into results.jsonl, coco.json and pictures/',
      )
      .example(
        "$0 annotate 'photos/**/*.png' --out annotated --no-pictures",
        'What a pattern matches, without pictures',
      )
      .epilogue(
        'Writes results.jsonl (a line per image), coco.json (COCO dataset), coco-results.json (COCO results) and ' +
          'pictures/. Exit status: 0 all images, 3 some failed (each is named), 64 usage.',
      ),

  read(inputs, values) {
    requireOperands('annotate', inputs, { least: 1, what: 'one or more folders, images or patterns' });
    return { inputs, out: single(values, 'out')!, pictures: values.pictures === true, ...readDetection(values) };
  },

  run: async (args) => (await import('../annotate.js')).annotate(args),
};
