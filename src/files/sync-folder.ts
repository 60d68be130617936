import { open } from 'node:fs/promises';

/**
 * Gives the disk the names of a folder's files, which some file systems otherwise keep back after the files themselves are
 * there. Where folders can't be opened for that, as on Windows, nothing happens.
 */
export async function syncFolder(folder: string): Promise<void> {
  try {
    await using handle = await open(folder, 'r');
    await handle.sync();
  } catch (cause) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'EBADF'].includes((cause as NodeJS.ErrnoException).code ?? ''))
      throw cause;
  }
}
