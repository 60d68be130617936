import { type FileHandle, open } from 'node:fs/promises';

/**
 * Opens a file for `await using`. Yarn's Plug'n'Play puts handles of its own in place of Node's, which can't be disposed of.
 */
export async function openFile(path: string, flags?: string): Promise<FileHandle> {
  const handle = await open(path, flags);
  if (!(Symbol.asyncDispose in handle)) {
    Object.defineProperty(handle, Symbol.asyncDispose, { value: () => (handle as FileHandle).close() });
  }
  return handle;
}
