import type { FormatName, ReadableFormat, Reader, Writer } from './format.js';

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

/** Loads a reader when it is first called: parsers of XML and CSV take longer to load than many files to read. */
function reader(load: () => Promise<Reader>): Reader {
  return async (path, context) => (await load())(path, context);
}

function writer(load: () => Promise<Writer>): Writer {
  return async function* (annotations, context) {
    yield* (await load())(annotations, context);
  };
}

const none = { severalLabels: false, crowds: false, difficult: false, areas: false, allLabels: false } as const;

/** Every format that is written. A new one is a reader, a writer and an entry here. */
export const FORMATS: Readonly<Record<FormatName, Format>> = {
  coco: {
    ...{
      ...none,
      read: reader(async () => (await import('./coco/read-coco.js')).readCoco),
      write: writer(async () => (await import('./coco/write-coco.js')).writeCoco),
      files: ['coco.json'],
    },
    ...{ scores: true, crowds: true, areas: true, allLabels: true, imageSizes: true },
  },
  'coco-results': {
    ...{
      ...none,
      read: reader(async () => (await import('./coco/read-coco-results.js')).readCocoResults),
      write: writer(async () => (await import('./coco/write-coco.js')).writeCocoResults),
      files: ['coco-results.json'],
    },
    ...{ scores: true, imageSizes: false },
  },
  yolo: {
    ...{
      ...none,
      read: reader(async () => (await import('./yolo/read-yolo.js')).readYolo),
      write: writer(async () => (await import('./yolo/write-yolo.js')).writeYolo),
    },
    folder: 'yolo',
    files: ['images.txt', 'data.yaml'],
    ...{ scores: 'option', allLabels: true, imageSizes: false },
  },
  voc: {
    ...{
      ...none,
      read: reader(async () => (await import('./voc/read-voc.js')).readVoc),
      write: writer(async () => (await import('./voc/write-voc.js')).writeVoc),
    },
    folder: 'voc',
    files: ['ImageSets/Main/default.txt'],
    ...{ scores: true, difficult: true, imageSizes: true },
  },
  cvat: {
    ...{
      ...none,
      read: reader(async () => (await import('./cvat/read-cvat.js')).readCvat),
      write: writer(async () => (await import('./cvat/write-cvat.js')).writeCvat),
      files: ['cvat.xml'],
    },
    ...{ scores: true, crowds: true, difficult: true, allLabels: true, imageSizes: true },
  },
  'label-studio': {
    ...{
      ...none,
      read: reader(async () => (await import('./label-studio/read-label-studio.js')).readLabelStudio),
      write: writer(async () => (await import('./label-studio/write-label-studio.js')).writeLabelStudio),
      files: ['label-studio.json', 'label-studio.xml'],
    },
    ...{ scores: true, severalLabels: true, imageSizes: true },
  },
  labelme: {
    ...{
      ...none,
      read: reader(async () => (await import('./labelme/read-labelme.js')).readLabelme),
      write: writer(async () => (await import('./labelme/write-labelme.js')).writeLabelme),
      folder: 'labelme',
      files: [],
    },
    ...{ scores: true, crowds: true, difficult: true, imageSizes: true },
  },
  csv: {
    ...{
      ...none,
      read: reader(async () => (await import('./csv/read-csv.js')).readCsv),
      write: writer(async () => (await import('./csv/write-csv.js')).writeCsv),
      files: ['annotations.csv'],
    },
    ...{ scores: true, severalLabels: true, crowds: true, difficult: true, imageSizes: true },
  },
  jsonl: {
    ...{
      ...none,
      read: reader(async () => (await import('./jsonl/read-jsonl.js')).readJsonl),
      write: writer(async () => (await import('./jsonl/write-jsonl.js')).writeJsonLines),
      files: ['annotations.jsonl'],
    },
    ...{ scores: true, severalLabels: true, crowds: true, difficult: true, areas: true, imageSizes: true },
  },
};

const ONLY_READ: Readonly<Record<Exclude<ReadableFormat, FormatName>, Reader>> = {
  'open-images': reader(async () => (await import('./open-images/read-open-images.js')).readOpenImages),
  ava: reader(async () => (await import('./ava/read-ava.js')).readAva),
};

/** The reader of a format. */
export function readerOf(format: ReadableFormat): Reader {
  return format in FORMATS ? FORMATS[format as FormatName].read : ONLY_READ[format as keyof typeof ONLY_READ];
}
