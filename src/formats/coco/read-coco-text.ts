import { stat } from 'node:fs/promises';
import { type CocoText, type ScanCocoOptions, scanCoco } from '../../columns/scan-coco.js';
import { readChunks } from '../../files/read-chunks.js';

/** Whether a path may be of a COCO file: JSON, perhaps packed with gzip, or standard input. */
export function mayBeCoco(path: string): boolean {
  return path === '-' || /\.json(\.gz)?$/i.test(path);
}

/**
 * Reads a COCO file into columns: a dataset or results, plain or packed with gzip, of any size.
 *
 * @param path  `-`: standard input
 * @returns null: JSON of another kind
 * @throws SigboxError E_IO  it can't be read, or is not as COCO has it; names line and column
 */
export async function readCocoText(path: string, options: ScanCocoOptions = {}): Promise<CocoText | null> {
  const where = path === '-' ? 'standard input' : path;
  return scanCoco(readChunks(path), where, { bytes: await sizeOf(path), ...options });
}

/** Of plain files; packed ones hold more than their size tells. */
export async function sizeOf(path: string): Promise<number> {
  if (path === '-' || path.endsWith('.gz')) return 0;
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
