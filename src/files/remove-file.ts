import { unlink } from 'node:fs/promises';
import { reason, SigboxError } from '../errors.js';

/**
 * Removes a file; one that is not there is as good as removed.
 *
 * @throws SigboxError E_IO  it can't be removed
 */
export async function removeFile(file: string): Promise<void> {
  try {
    await unlink(file);
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return;
    throw new SigboxError('E_IO', `${file}: cannot be removed: ${reason(cause)}.`, { cause });
  }
}
