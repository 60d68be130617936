import { type OptionsOf, option, optionsCheck, requiredOption } from '../check/option.js';
import { list, oneOf, word } from '../check/shapes.js';
import { count, flag, fraction, text } from '../check/words.js';
import { FORMAT_NAMES, LABELS_AS } from '../formats/format.js';
import { DETECTOR_OPTIONS } from '../options/detector-options.js';
import { DEFAULT_FLOOR } from '../postprocess/options/recording-thresholds.js';
import { STYLE_OPTIONS } from '../render/draw-style.js';

/** Which files of the inputs are images. */
export const DISCOVER_OPTIONS = {
  /** Files that are images whatever their names; a missing one fails when its turn comes. Default [] */
  listed: option(list('an array of paths', text)),
  /**
   * Folder that the names of images are below. All images must be in it. A run whose folder of images was moved is resumed by
   * naming the new one. Default: the deepest folder that contains all inputs
   */
  root: option(text, {
    words: {
      root: {
        form: 'text',
        value: 'FOLDER',
        completes: 'files',
        help: 'Folder that the names of images are below; also of a run whose images were moved',
        otherwise: 'the deepest that contains all inputs',
      },
    },
  }),
  /** Also look into folders of folders. Default true */
  recursive: option(flag, {
    default: true,
    words: { recursive: { form: 'switch', help: 'Look only at the files directly in each folder' } },
  }),
  /** Endings, without the dot, that make a file in a folder an image, in any case of letters. Default: those of pictures */
  extensions: option(list('an array of endings', text), {
    words: {
      ext: { form: 'list', value: 'jpg,png', help: 'Only files with these endings', otherwise: 'those of pictures' },
    },
  }),
  /** Only images whose names match one of these patterns; a pattern without a slash is for the last part. Default: all */
  includeFiles: option(list('an array of patterns', text), {
    words: {
      'include-files': {
        form: 'texts',
        value: 'PATTERN',
        help: 'Only files that match: *.png, day/**; may be repeated',
      },
    },
  }),
  /** Without images whose names match one of these patterns. Default: none */
  excludeFiles: option(list('an array of patterns', text), {
    words: { 'exclude-files': { form: 'texts', value: 'PATTERN', help: 'Without files that match; may be repeated' } },
  }),
};

/** What exports share, of a run or of other annotations. */
export const WRITING_OPTIONS = {
  /** Annotation formats that are written. Default ['coco', 'coco-results', 'csv'] */
  formats: option(list(`an array of formats: ${FORMAT_NAMES.join(', ')}`, oneOf(...FORMAT_NAMES)), {
    default: ['coco', 'coco-results', 'csv'],
    words: {
      format: {
        form: 'list',
        value: 'NAME,…',
        choices: FORMAT_NAMES,
        help: 'Annotation formats to write, separated by commas',
        completes: 'formats',
        common: true,
      },
    },
  }),
  /** YOLO: write the score as a sixth number of each line, which training does not accept. Default false */
  confidence: option(flag, {
    default: false,
    words: { confidence: { form: 'switch', help: 'YOLO: write the score as a sixth number of each line' } },
  }),
  /** CVAT: further labels of a region as boxes of their own, or as attributes of its one box. Default 'rows' */
  labelsAs: option(oneOf(...LABELS_AS), {
    default: 'rows',
    words: {
      'labels-as': {
        form: 'text',
        choices: LABELS_AS,
        help: 'CVAT: further labels of a region as boxes of their own, or as attributes of its one box',
      },
    },
  }),
  /** Path of a COCO dataset whose image and category ids the COCO files use. Default: COCO's own ids; ids from names, or 1, 2, 3 */
  imageIds: option(text, {
    words: {
      'image-ids': {
        form: 'text',
        value: 'FILE',
        completes: 'files',
        help: 'COCO: use the image and category ids of this COCO dataset',
      },
    },
  }),
};

/** What a run does, besides what its detector does. */
export const RUN_OPTIONS = {
  /** Folder for everything that is written; created if missing. */
  out: requiredOption(
    word<string>('the path of a folder', (value) => typeof value === 'string' && value !== ''),
    {
      words: {
        out: {
          form: 'text',
          short: 'o',
          value: 'FOLDER',
          completes: 'files',
          help: 'Folder for everything that is written',
          common: true,
        },
      },
    },
  ),
  /**
   * Score from which labels are recorded, in [0, 1]. `scoreThreshold` and `labelThresholds`, which apply to everything that
   * is made of the record, lower it. Default 0.05
   */
  floor: option(fraction, {
    words: {
      floor: {
        form: 'number',
        help: 'Record labels from this score on',
        otherwise: `${DEFAULT_FLOOR}, or the lowest --score`,
      },
    },
  }),
  /**
   * Also record what the model saw before suppression, from the floor on, at most `maxCandidates` per image: the run can then
   * be post-processed again with other options, without the model. Default false
   */
  candidates: option(flag, {
    default: false,
    words: {
      candidates: {
        form: 'switch',
        help: 'Also record what the model saw before suppression, so that export can apply other options',
      },
    },
  }),
  /** Start over if the folder already contains a run, instead of resuming it. Default false */
  restart: option(flag, {
    default: false,
    words: {
      restart: { form: 'switch', help: 'Start over if the folder already contains a run, instead of resuming it' },
    },
  }),
  /** Detect changed images by the SHA-256 of their content, not by size and time alone. Default false */
  hash: option(flag, {
    default: false,
    words: { hash: { form: 'switch', help: 'Detect changed images by their content, not by size and time alone' } },
  }),
  /**
   * Only a part of the images: '3/8' is the third of eight parts; 'auto': as JOB_COMPLETION_INDEX (Kubernetes),
   * AWS_BATCH_JOB_ARRAY_INDEX or SLURM_ARRAY_TASK_ID and their counts say. Default: all
   */
  shard: option(text, {
    words: {
      shard: {
        form: 'text',
        value: 'PART/OF|auto',
        help: 'Only a part of the images: 3/8 is the third of eight; auto: as Kubernetes, AWS Batch or Slurm says',
      },
    },
  }),
  /** Draw the regions into copies of the images. Default true */
  pictures: option(flag, {
    default: true,
    words: { pictures: { form: 'switch', help: 'Don’t draw the boxes into copies of the images', common: true } },
  }),
  /** Longest side of those copies, pixels. Default: as the image */
  pictureSize: option(count, {
    words: {
      'picture-size': { form: 'number', help: 'Longest side of the pictures, pixels', otherwise: 'as the image' },
    },
  }),
  /** Cut out every region, by label. Default false */
  crops: option(flag, {
    default: false,
    words: { crops: { form: 'switch', help: 'Cut out every region, by label', common: true } },
  }),
  /** Also put the drawn pictures small onto sheets, 48 on each: `contact-sheets/1.jpg` … of the first 9,600. Default false */
  contactSheet: option(flag, {
    default: false,
    words: { 'contact-sheet': { form: 'switch', help: 'Also put the drawn pictures small onto sheets, 48 on each' } },
  }),
  ...STYLE_OPTIONS,
  ...WRITING_OPTIONS,
  ...DISCOVER_OPTIONS,
};

const ANNOTATE_OPTIONS = {
  ...DETECTOR_OPTIONS,
  ...RUN_OPTIONS,
  /** On abort no further image is begun; those in flight are finished, and every file is written. */
  signal: option(word<AbortSignal>('an AbortSignal', (value) => value instanceof AbortSignal)),
};

/** Options of `annotate`: those of a detector and those of a run. */
export interface AnnotateOptions extends OptionsOf<typeof ANNOTATE_OPTIONS> {}

export const checkAnnotateOptions = optionsCheck(ANNOTATE_OPTIONS);
