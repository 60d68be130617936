import { join } from 'node:path';
import { check } from '../check/check.js';
import { isPlain, oneOf, optional, strictObject, word } from '../check/shapes.js';
import { text } from '../check/words.js';
import { complain, SigboxError } from '../errors.js';
import { isFolder, listFiles } from '../files/read-file.js';
import type { Dataset } from '../types/annotations.js';
import { READABLE_FORMATS, READING_ROLES, type ReadableFormat, type ReadOptions } from './format.js';
import { readerOf } from './formats.js';
import { tidyNames } from './image-names.js';
import { Remarks } from './reading/remarks.js';
import { tellFormat } from './reading/tell-format.js';

const readOptions = strictObject({
  from: optional(oneOf(...READABLE_FORMATS)),
  images: optional(text),
  imageSize: optional(word('a function', (value) => typeof value === 'function')),
  dataset: optional(word('a dataset', isPlain)),
  split: optional(text),
  firstPixel: optional(word('0 or 1', (value) => value === 0 || value === 1)),
  encoding: optional(text),
  role: optional(oneOf(...READING_ROLES)),
});

export interface ReadDatasetOptions extends ReadOptions {
  /** Format of the files. Default: told from names and contents */
  from?: ReadableFormat | undefined;
}

/**
 * Reads annotations, ground truth or predictions, of any format.
 *
 * Boxes are as the files have them: neither clipped to the image nor put in order. Width and height of an image are 0
 * where the file does not say them. Entries that are not labelled boxes, and images that can't be read, are skipped and
 * counted in `remarks`.
 *
 * @param path  a file, or a folder where the format is one
 * @throws SigboxError E_IO  it can't be read, or nothing in it is as its format has it. E_ARGUMENT  the format can't be
 *   told, or an option that it needs is missing
 */
export async function readDataset(path: string, given: ReadDatasetOptions = {}): Promise<Dataset> {
  check(readOptions, given, { where: 'readDataset', path: 'options' });
  const { from, ...options } = given;
  const told = from === undefined ? await tellFormat(path) : { format: from, path: await fileFor(from, path) };
  if (told === null) {
    const expected = 'annotations in a recognisable format';
    const mend = `Name the format (from; on the command line --from): ${READABLE_FORMATS.join(', ')}.`;
    throw complain('E_ARGUMENT', { where: 'from', expected, received: path, mend });
  }
  const remarks = new Remarks();
  const dataset = await readerOf(told.format)(told.path, { imageSize, ...options, remarks });
  requireSomething(dataset, remarks);
  if (told.format !== 'jsonl') tidyNames(dataset.images, remarks); // which sigbox has written itself
  const { list } = remarks;
  return list.length === 0 ? dataset : { ...dataset, remarks: list };
}

/** Endings of formats of which one file is a whole data set. */
const SINGLE: Partial<Record<ReadableFormat, string[]>> = {
  ...{ coco: ['.json'], 'coco-results': ['.json'], 'label-studio': ['.json', '.csv'] },
  ...{ cvat: ['.xml'], csv: ['.csv', '.tsv'] },
};

/** The file itself, or the only one that a folder holds. */
async function fileFor(format: ReadableFormat, path: string): Promise<string> {
  const endings = SINGLE[format];
  if (endings === undefined || !(await isFolder(path))) return path;
  const files = await listFiles(path, endings);
  if (files.length === 1) return join(path, files[0]!);
  const received = files.length === 0 ? 'none' : files.slice(0, 3).join(', ');
  throw complain('E_IO', { where: path, expected: `one ${endings[0]} file`, received, mend: 'Name the file itself.' });
}

/** One odd entry is skipped; where there is nothing else, the file is not what it seems. */
function requireSomething({ images }: Dataset, { error }: Remarks): void {
  if (error === undefined || images.some(({ regions }) => regions.length > 0)) return;
  throw new SigboxError(error.code, error.message, { cause: error });
}

/** Loads sharp for it. */
async function imageSize(file: string) {
  return (await import('../image/image-size.js')).imageSize(file);
}
