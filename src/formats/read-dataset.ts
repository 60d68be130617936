import { complain } from '../errors.js';
import type { Dataset } from '../types/annotations.js';
import { FORMAT_NAMES, type FormatName, type ReadOptions } from './format.js';
import { FORMATS } from './formats.js';
import { tellFormat } from './tell-format.js';

/**
 * Reads annotations, truth or predictions, of any format.
 *
 * Boxes are as the files have them: neither clipped to the image nor put in order. Width and height of an image are 0
 * where the file does not say them.
 *
 * @param path            a file, or a folder where the format is one
 * @param options.format  default: told from names and contents
 * @throws SigboxError E_IO  it can't be read, or is not of its format. E_ARGUMENT  the format can't be told, or an
 *   option that it needs is missing
 */
export async function readDataset(path: string, options: ReadOptions & { format?: FormatName } = {}): Promise<Dataset> {
  const format = options.format ?? (await tellFormat(path));
  if (format !== null) return FORMATS[format].read(path, options);
  const expected = 'annotations whose format can be told';
  const mend = `Name the format (format; on the command line --from): ${FORMAT_NAMES.join(', ')}.`;
  throw complain('E_ARGUMENT', { where: 'format', expected, received: path, mend });
}
