import { readAva } from './ava/read-ava.js';
import { readCoco } from './coco/read-coco.js';
import { readCocoResults } from './coco/read-coco-results.js';
import { writeCoco, writeCocoResults } from './coco/write-coco.js';
import { readCsv } from './csv/read-csv.js';
import { writeCsv } from './csv/write-csv.js';
import { readCvat } from './cvat/read-cvat.js';
import { writeCvat } from './cvat/write-cvat.js';
import type { FormatName, ReadableFormat, Reader, Writer } from './format.js';
import { readJsonl } from './jsonl/read-jsonl.js';
import { writeJsonLines } from './jsonl/write-jsonl.js';
import { readLabelStudio } from './label-studio/read-label-studio.js';
import { writeLabelStudio } from './label-studio/write-label-studio.js';
import { readLabelme } from './labelme/read-labelme.js';
import { writeLabelme } from './labelme/write-labelme.js';
import { readOpenImages } from './open-images/read-open-images.js';
import { readVoc } from './voc/read-voc.js';
import { writeVoc } from './voc/write-voc.js';
import { readYolo } from './yolo/read-yolo.js';
import { writeYolo } from './yolo/write-yolo.js';

/** A format: both ways, and what it can hold besides boxes and labels. */
export interface Format {
  read: Reader;
  write: Writer;
  /** Names of what is written: files; or of a format with a file per image, those in its folder that are of no image. */
  files: readonly string[];
  /** Of formats with a file per image. */
  folder?: string;
  /** 'option': with `confidence` only */
  scores: boolean | 'option';
  /** Several labels on one region as such; elsewhere a region with several is a row for each. */
  severalLabels: boolean;
  crowds: boolean;
  difficult: boolean;
  /** COCO's area. */
  areas: boolean;
  /** Labels that do not occur in any image. */
  allLabels: boolean;
  imageSizes: boolean;
}

const none = { severalLabels: false, crowds: false, difficult: false, areas: false, allLabels: false } as const;

/** Every format that is written. A new one is a reader, a writer and an entry here. */
export const FORMATS: Readonly<Record<FormatName, Format>> = {
  coco: {
    ...{ ...none, read: readCoco, write: writeCoco, files: ['coco.json'] },
    ...{ scores: true, crowds: true, areas: true, allLabels: true, imageSizes: true },
  },
  'coco-results': {
    ...{ ...none, read: readCocoResults, write: writeCocoResults, files: ['coco-results.json'] },
    ...{ scores: true, imageSizes: false },
  },
  yolo: {
    ...{ ...none, read: readYolo, write: writeYolo },
    folder: 'yolo',
    files: ['images.txt', 'data.yaml'],
    ...{ scores: 'option', allLabels: true, imageSizes: false },
  },
  voc: {
    ...{ ...none, read: readVoc, write: writeVoc },
    folder: 'voc',
    files: ['ImageSets/Main/default.txt'],
    ...{ scores: true, difficult: true, imageSizes: true },
  },
  cvat: {
    ...{ ...none, read: readCvat, write: writeCvat, files: ['cvat.xml'] },
    ...{ scores: true, crowds: true, difficult: true, allLabels: true, imageSizes: true },
  },
  'label-studio': {
    ...{ ...none, read: readLabelStudio, write: writeLabelStudio, files: ['label-studio.json', 'label-studio.xml'] },
    ...{ scores: true, severalLabels: true, imageSizes: true },
  },
  labelme: {
    ...{ ...none, read: readLabelme, write: writeLabelme, folder: 'labelme', files: [] },
    ...{ scores: true, crowds: true, difficult: true, imageSizes: true },
  },
  csv: {
    ...{ ...none, read: readCsv, write: writeCsv, files: ['annotations.csv'] },
    ...{ scores: true, severalLabels: true, crowds: true, difficult: true, imageSizes: true },
  },
  jsonl: {
    ...{ ...none, read: readJsonl, write: writeJsonLines, files: ['annotations.jsonl'] },
    ...{ scores: true, severalLabels: true, crowds: true, difficult: true, areas: true, imageSizes: true },
  },
};

const ONLY_READ: Readonly<Record<Exclude<ReadableFormat, FormatName>, Reader>> = {
  'open-images': readOpenImages,
  ava: readAva,
};

/** The reader of a format. */
export function readerOf(format: ReadableFormat): Reader {
  return format in FORMATS ? FORMATS[format as FormatName].read : ONLY_READ[format as keyof typeof ONLY_READ];
}
