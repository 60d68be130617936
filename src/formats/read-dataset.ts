import { complain } from '../errors.js';
import type { Dataset } from '../types.js';
import { FORMAT_NAMES, type FormatName, type Reader, type ReadOptions } from './format.js';
import { readCoco, readCocoResults } from './read-coco.js';
import { readCvat } from './read-cvat.js';
import { readLabelme } from './read-labelme.js';
import { readVoc } from './read-voc.js';
import { readYolo } from './read-yolo.js';
import { tellFormat } from './tell-format.js';

const READERS: Partial<Record<FormatName, Reader>> = {
  coco: readCoco,
  'coco-results': readCocoResults,
  yolo: readYolo,
  voc: readVoc,
  cvat: readCvat,
  labelme: readLabelme,
};

/**
 * Reads annotations, truth or predictions, of any format.
 *
 * Boxes are as the files have them: neither clipped to the image nor put in order.
 *
 * @param path            a file, or a folder where the format is one
 * @param options.format  default: told from names and contents
 * @throws SigboxError E_IO  it can't be read, or is not of its format. E_ARGUMENT  the format can't be told, or an
 *   option that it needs is missing
 */
export async function readDataset(path: string, options: ReadOptions & { format?: FormatName } = {}): Promise<Dataset> {
  const format = options.format ?? (await tellFormat(path));
  const read = format === null ? undefined : READERS[format];
  if (read !== undefined) return read(path, options);
  const mend = `Name the format: ${FORMAT_NAMES.join(', ')}.`;
  throw complain('E_ARGUMENT', {
    where: 'format',
    expected: 'annotations whose format can be told',
    received: path,
    mend,
  });
}
