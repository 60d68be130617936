import { type FileHandle, open } from 'node:fs/promises';
import { reason, SigboxError } from '../errors.js';

/** What file systems say that know of no such thing: there is nothing more to be done on them. */
const NOT_KNOWN = ['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'];

/** Flushes what was written to the disk. @throws the file system's own error */
export async function syncFile(handle: FileHandle): Promise<void> {
  await handle.sync().catch(unlessIn(NOT_KNOWN));
}

/** The same without times and rights. */
export async function syncData(handle: FileHandle): Promise<void> {
  await handle.datasync().catch(unlessIn(NOT_KNOWN));
}

/**
 * Flushes the names of a folder's files to the disk, which some file systems otherwise keep back after the files themselves
 * are there. Where folders can't be opened for that, as on Windows, nothing happens.
 *
 * @throws SigboxError E_IO  the disk fails
 */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (cause) {
    if ([...NOT_KNOWN, 'EISDIR', 'EPERM', 'EACCES', 'EBADF'].includes((cause as NodeJS.ErrnoException).code ?? ''))
      return;
    throw new SigboxError('E_IO', `${folder}: cannot be written: ${reason(cause)}.`, { cause });
  }
}

function unlessIn(codes: readonly string[]) {
  return (cause: NodeJS.ErrnoException) => {
    if (!codes.includes(cause.code ?? '')) throw cause;
  };
}
