import { type FileHandle, open } from 'node:fs/promises';

/**
 * Opens a file for `await using`. Yarn's Plug'n'Play puts handles of its own in place of Node's, which can't be disposed of.
 */
export async function openFile(path: string | URL, flags: string | number): Promise<FileHandle> {
  return disposable(await open(path, flags));
}

/**
 * Opens a file for reading, for `await using`. An error of closing is dropped: it says nothing of the bytes that were read.
 *
 * @param flags  default `r`
 */
export async function openToRead(path: string | URL, flags: string | number = 'r'): Promise<FileHandle> {
  const handle = await open(path, flags);
  const close = handle.close.bind(handle);
  Object.defineProperty(handle, 'close', { value: () => close().catch(() => {}), configurable: true });
  return disposable(handle);
}

/** Its own `close` closes it, whatever that was made to do. */
function disposable(handle: FileHandle): FileHandle {
  Object.defineProperty(handle, Symbol.asyncDispose, { value: () => handle.close(), configurable: true });
  return handle;
}
