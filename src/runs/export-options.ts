import { type OptionsOf, option, optionsCheck, requiredOption } from '../check/option.js';
import { either, list } from '../check/shapes.js';
import { flag, fraction, labels, text } from '../check/words.js';
import { MAP_OPTIONS } from '../options/detector-options.js';
import { POSTPROCESS_OPTIONS } from '../postprocess/options/postprocess-options.js';
import { RUN_OPTIONS, WRITING_OPTIONS } from './run-options.js';

const { formats, ...writing } = WRITING_OPTIONS;
const { include, exclude, labelThresholds, calibration } = POSTPROCESS_OPTIONS;

/** What an export writes, and where. */
export const EXPORT_FILES = {
  /** Annotation formats to write: 'coco', 'coco-results', 'yolo', 'voc', 'cvat', 'label-studio', 'labelme', 'csv', 'jsonl'. */
  formats: requiredOption(formats.schema, { words: formats.words ?? {} }),
  ...writing,
  /** Folder for what is written; created if missing. Default: that of the run */
  out: option(RUN_OPTIONS.out.schema, {
    words: {
      out: {
        form: 'text',
        short: 'o',
        value: 'FOLDER',
        completes: 'files',
        help: 'Folder for what is written; yolo, voc and labelme, of many files, get a folder of their name in it',
        otherwise: 'that of the run',
        common: true,
      },
    },
  }),
  /**
   * YOLO: make `yolo/images` a link to the folder of the pictures, so that a trainer takes `yolo/data.yaml` as it is. The path
   * of that folder, or true for the one of the run. Default: no link
   */
  linkImages: option(either('true, or the path of the folder of the pictures', flag, text), {
    words: {
      'link-images': { form: 'switch', help: 'YOLO: link the pictures into yolo/images, so that it can be trained on' },
    },
  }),
  /** Label Studio: what precedes an image's name in its URL. Default: where it serves local files */
  imageRoot: option(text, {
    words: {
      'image-root': { form: 'text', value: 'URL', help: 'Label Studio: what precedes the name in the URL of an image' },
    },
  }),
};

/** Which labels an export has, and what they are called. */
export const EXPORT_LABELS = {
  /** Labels with at least this score are kept; labels without a score always are. Default: as the run says, or 0 */
  scoreThreshold: option(fraction, {
    words: {
      score: {
        form: 'number',
        help: 'Keep labels with at least this score; LABEL=N for a single label; may be repeated',
        completes: 'labels',
        otherwise: 'as the run says, or 0',
        common: true,
      },
    },
  }),
  /** Score thresholds of single labels, in place of `scoreThreshold`. Default: as the run says, or none */
  labelThresholds: option(labelThresholds.schema, { words: labelThresholds.words ?? {} }),
  include,
  /** Without these labels; wins over `include`. Default: none */
  exclude: option(labels, { words: exclude.words ?? {} }),
  ...MAP_OPTIONS,
};

const EXPORT_OPTIONS = {
  ...EXPORT_FILES,
  ...EXPORT_LABELS,
  /** Of a run: curves that its scores go through first; thresholds are of calibrated scores. Default: none */
  calibration: option(calibration.schema),
  /** Files or folders that the annotations come from: they are not written over. Default: none */
  sources: option(list('an array of paths', text)),
};

export interface ExportOptions extends OptionsOf<typeof EXPORT_OPTIONS> {}

export const checkExportOptions = optionsCheck(EXPORT_OPTIONS);
