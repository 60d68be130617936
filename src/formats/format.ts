import type { Dataset } from '../types/annotations.js';
import type { Annotations, Survey } from './annotations.js';
import type { GivenNumbers } from './coco/given-numbers.js';
import type { Remarks } from './reading/remarks.js';

/** Every format by its name on the command line. */
export const FORMAT_NAMES = [
  'coco',
  'coco-results',
  'yolo',
  'voc',
  'cvat',
  'label-studio',
  'labelme',
  'csv',
  'jsonl',
] as const;

export type FormatName = (typeof FORMAT_NAMES)[number];

/** Formats that are read, not written, as well. */
export const READABLE_FORMATS = [...FORMAT_NAMES, 'open-images', 'ava'] as const;

export type ReadableFormat = (typeof READABLE_FORMATS)[number];

/** Width and height of the upright image, pixels. */
export interface ImageSize {
  width: number;
  height: number;
}

/** What a dataset is read for. */
export const READING_ROLES = ['ground-truth', 'results'] as const;

/** How a format with one label per box writes further labels of a region. */
export const LABELS_AS = ['rows', 'attributes'] as const;

export type LabelsAs = (typeof LABELS_AS)[number];

/** What reading may need besides the files themselves. */
export interface ReadOptions {
  /** Folder of the images. YOLO: default as its data.yaml says */
  images?: string | undefined;
  /** YOLO, whose files don't hold the sizes of images: how to learn that of a file. Default: from its header */
  imageSize?: (file: string) => Promise<ImageSize>;
  /** COCO results, which know images and labels by number only: the dataset that the numbers are of. */
  dataset?: Dataset | undefined;
  /** YOLO and VOC: only the images of this list, `train`, `val`, `test` … Default: all */
  split?: string | undefined;
  /**
   * VOC: the number of the first pixel. Default: 1, as in VOC itself, unless some box of the files begins at 0 or is not
   * of whole pixels, which only programs write that count from 0.
   */
  firstPixel?: 0 | 1 | undefined;
  /** YOLO, VOC, CVAT, CSV: encoding of text files. Default: as they say, else UTF-8, else told from their letters */
  encoding?: string | undefined;
  /**
   * Label Studio: what the dataset is for. Ground truth is what people have annotated; results are predictions, where
   * there are some. Default: annotations, or predictions where nothing is annotated
   */
  role?: (typeof READING_ROLES)[number] | undefined;
}

/** The same for readers. */
export interface ReadContext extends ReadOptions {
  imageSize: (file: string) => Promise<ImageSize>;
  /** Counts what is skipped or assumed. */
  remarks: Remarks;
}

/**
 * Reads annotations of one format.
 *
 * @param path  a file, or a folder where the format is one
 * @throws SigboxError E_IO  it can't be read, or is not of this format. E_ARGUMENT  an option is missing
 */
export type Reader = (path: string, context: ReadContext) => Promise<Dataset>;

/** A file that an export consists of. */
export interface OutputFile {
  /** Below the folder of the export, with forward slashes. */
  path: string;
  pieces: AsyncIterable<string> | Iterable<string>;
  /** Of formats with a file per image: whose it is. */
  image?: string;
}

/** What writing may be told. */
export interface WriteOptions {
  /** YOLO: the score as a sixth number of each line. Default false */
  confidence?: boolean | undefined;
  /** COCO: numbers of images and categories. Default: numbers of their own */
  numbers?: GivenNumbers | undefined;
  /** CVAT: further labels of a region as boxes of their own, or as attributes of its one box. Default 'rows' */
  labelsAs?: LabelsAs | undefined;
  /** Label Studio: what comes before an image's name in its URL. Default: where it serves local files */
  imageRoot?: string | undefined;
}

export interface WriteContext extends WriteOptions {
  survey: Survey;
  /** Leaves an image out of the format, and says why; may be told of an image more than once. */
  refuse: (image: string, reason: string) => void;
  /** Images so far that are left out, those included whose file could not have its name. */
  refused: ReadonlyMap<string, string>;
}

/**
 * Writes annotations in one format: its files, in the order in which they are to be written.
 *
 * @throws SigboxError E_ARGUMENT  something that the format can't hold at all
 */
export type Writer = (annotations: Annotations, context: WriteContext) => AsyncIterable<OutputFile>;
