import { complain } from '../../errors.js';
import { FORMAT_NAMES, type FormatName } from '../../formats/format.js';
import { type Command, given, requireOperands, type Values } from './command.js';
import { labelOptions } from './detection.js';
import { labelNumbers, list, single } from './values.js';

export interface ExportArguments {
  /** Folder of a run, or annotations. */
  input: string;
  /** Default: the folder of the run */
  out: string | undefined;
  formats: FormatName[];
  reading: {
    /** Default: a run, or told from the files */
    from?: FormatName;
    images?: string;
    split?: string;
    firstPixel?: 0 | 1;
  };
  /** Path of the COCO dataset that COCO results are for. */
  dataset: string | undefined;
  choice: {
    scoreThreshold?: number;
    labelThresholds?: Record<string, number>;
    include?: string[];
    exclude?: string[];
  };
  writing: { confidence: boolean; imageRoot?: string };
  /** Path of a COCO dataset with numbers of images and categories. */
  imageIds: string | undefined;
  /** Path of a label map, or the name of a ready one. */
  map: string | undefined;
  /** Path of a thresholds file. */
  thresholds: string | undefined;
}

const text = { string: true, requiresArg: true } as const;
const texts = { array: true, string: true } as const;

/** What annotate and export have in common. */
export const writingOptions = {
  format: { ...texts, describe: `What is written, separated by commas: ${FORMAT_NAMES.join(', ')}` },
  confidence: { boolean: true, default: false, describe: 'YOLO: the score as a sixth number of each line' },
  'image-ids': { ...text, describe: 'COCO: a dataset whose numbers of images and categories are used' },
} as const;

export const exportCommand: Command<ExportArguments> = {
  name: 'export',
  summary: 'Write a run, or any annotations, in other formats',

  describe: (parser) =>
    parser
      .usage(
        '$0 export INPUT --format NAME[,NAME…] --out DIR\n\nWrites the results of a run, without the model, or ' +
          'annotations of one format in others.',
      )
      .options({
        ...writingOptions,
        out: { ...text, describe: 'Folder for what is written. Default: that of the run' },
        score: {
          ...texts,
          describe: 'Score from which a label counts; LABEL=N for one. Default: as the run says, or 0',
        },
        ...labelOptions,
        include: { ...texts, describe: 'Only these labels, separated by commas' },
        exclude: { ...texts, describe: 'Not these labels, separated by commas' },
        from: { ...text, choices: FORMAT_NAMES, describe: 'Format of the input. Default: told from its files' },
        images: { ...text, describe: 'YOLO: folder of the images, for their sizes. Default: as data.yaml says' },
        dataset: { ...text, describe: 'COCO results: the COCO dataset that they are for' },
        split: { ...text, describe: 'YOLO, VOC: only this list of images (train, val, test)' },
        'first-pixel': { ...text, choices: ['0', '1'], describe: 'VOC: number of the first pixel. Default: told' },
        'image-root': { ...text, describe: 'Label Studio: what comes before the name in the URL of an image' },
      })
      .example(
        '$0 export annotated --format yolo,cvat --score 0.5',
        'A run’s results over a higher score, into its folder',
      )
      .example('$0 export instances.json --format voc --out .', 'From COCO to Pascal VOC')
      .example('$0 export data.yaml --split val --format coco --out .', 'From YOLO to COCO')
      .epilogue('Exit status: 0 all images, 3 some can’t be held by a format (each is named), 64 usage.'),

  read(operands, values) {
    requireOperands('export', operands, { least: 1, most: 1, what: 'a run or annotations' });
    const formats = readFormats(values);
    if (formats === undefined) {
      throw complain('E_ARGUMENT', { where: '--format', expected: FORMAT_NAMES.join(', '), received: 'none' });
    }
    const { all: scoreThreshold, byLabel: labelThresholds } = labelNumbers(values, 'score');
    const firstPixel = single(values, 'first-pixel');
    return {
      input: operands[0]!,
      out: single(values, 'out'),
      formats,
      reading: given({
        from: single(values, 'from') as FormatName | undefined,
        images: single(values, 'images'),
        split: single(values, 'split'),
        firstPixel: firstPixel === undefined ? undefined : (Number(firstPixel) as 0 | 1),
      }),
      dataset: single(values, 'dataset'),
      choice: given({
        scoreThreshold,
        labelThresholds,
        include: list(values, 'include'),
        exclude: list(values, 'exclude'),
      }),
      writing: { confidence: values.confidence === true, ...given({ imageRoot: single(values, 'image-root') }) },
      imageIds: single(values, 'image-ids'),
      map: single(values, 'map'),
      thresholds: single(values, 'thresholds'),
    };
  },

  run: async (args) => (await import('../commands/export.js')).exportFiles(args),
};

/** @throws SigboxError E_ARGUMENT  a format that there isn't */
export function readFormats(values: Values): FormatName[] | undefined {
  const names = list(values, 'format');
  for (const name of names ?? []) {
    if ((FORMAT_NAMES as readonly string[]).includes(name)) continue;
    throw complain('E_ARGUMENT', { where: '--format', expected: FORMAT_NAMES.join(', '), received: name });
  }
  return names as FormatName[] | undefined;
}
