import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { type FileHandle, readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { reason, SigboxError } from '../errors.js';
import { type DecodedText, type DecodeTextOptions, decodeText } from '../text/decode-text.js';
import { openToRead } from './open-file.js';

/**
 * Opens a file for reading. A named pipe would wait for a writer for ever, a device may never end: both are refused.
 *
 * @throws Error  it is no regular file, or the file system's own
 */
export async function openRegular(file: string | URL): Promise<FileHandle> {
  const { O_RDONLY, O_NONBLOCK = 0 } = constants;
  const handle = await openToRead(file, O_RDONLY | O_NONBLOCK);
  const found = await handle.stat();
  if (found.isFile()) return handle;
  await handle.close();
  throw new Error(found.isDirectory() ? 'it is a folder' : 'it is not a regular file');
}

/** The same at once, without a wait. @returns the file's descriptor */
export function openRegularSync(file: string): number {
  const { O_RDONLY, O_NONBLOCK = 0 } = constants;
  const fd = openSync(file, O_RDONLY | O_NONBLOCK);
  const found = fstatSync(fd);
  if (found.isFile()) return fd;
  closeRead(fd);
  throw new Error(found.isDirectory() ? 'it is a folder' : 'it is not a regular file');
}

/** A whole file, without a wait. @throws Error  as `openRegular` */
export function readRegularSync(file: string): Buffer {
  const fd = openRegularSync(file);
  try {
    return readFileSync(fd);
  } finally {
    closeRead(fd);
  }
}

/** Closes what was only read: an error says nothing of the bytes. */
export function closeRead(fd: number): void {
  try {
    closeSync(fd);
  } catch {}
}

/** A whole file. @throws Error  as `openRegular` */
export async function readRegular(file: string | URL): Promise<Buffer> {
  const handle = await openRegular(file);
  return handle.readFile().finally(() => handle.close());
}

/**
 * A whole file as text, without a byte order mark.
 *
 * @throws SigboxError E_IO  it can't be read, or its encoding can't be told
 */
export async function readText(file: string): Promise<string> {
  return (await readDecoded(file)).text;
}

/**
 * The same, with the encoding that it was read in.
 *
 * @throws SigboxError E_IO  it can't be read, or its encoding can't be told. E_ARGUMENT  an unknown encoding
 */
export async function readDecoded(file: string, options: Omit<DecodeTextOptions, 'where'> = {}): Promise<DecodedText> {
  const bytes = await readRegular(file).catch((cause) => {
    throw new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}.`, { cause });
  });
  return decodeText(bytes, { ...options, where: file });
}

/**
 * A whole JSON file.
 *
 * @throws SigboxError E_IO  it can't be read, or is no JSON
 */
export async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SigboxError('E_IO', `${file}: is not JSON: ${reason(cause)}.`, { cause });
  }
}

/**
 * Whether a path is a folder and not a file.
 *
 * @throws SigboxError E_IO  there is nothing of that name
 */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw new SigboxError('E_IO', `${path}: cannot be read: ${reason(cause)}.`, { cause });
  }
}

/** Whether there is anything of that name. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * The files in a folder, and below it, whose names end in one of the extensions, hidden ones left out.
 *
 * @param extensions  with their point, small letters; capital ones are found as well
 * @param deep        also in the folders inside. Default true
 * @returns paths below the folder, with forward slashes, in the order of their UTF-16 code units
 * @throws SigboxError E_IO  the folder can't be read
 */
export async function listFiles(folder: string, extensions: readonly string[], deep = true): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: deep, withFileTypes: true });
    const paths = entries
      .filter((entry) => !entry.isDirectory() && endsIn(entry.name, extensions))
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length));
    const names = paths.map((path) => (sep === '/' ? path : path.replaceAll(sep, '/')));
    return names.filter((name) => !/(^|\/)\./.test(name)).sort();
  } catch (cause) {
    throw new SigboxError('E_IO', `${folder}: cannot be read: ${reason(cause)}.`, { cause });
  }
}

function endsIn(name: string, extensions: readonly string[]): boolean {
  const small = name.toLowerCase();
  return extensions.some((extension) => small.endsWith(extension));
}

/**
 * Fills bytes from an open file. One read may give fewer bytes than it was asked for, on network file systems and those of
 * user space more often than elsewhere.
 *
 * @param bytes  changed
 * @param start  where to read, bytes from the start of the file
 * @throws Error  the file ends before, or the file system's own
 */
export async function readExactly(file: Pick<FileHandle, 'read'>, bytes: Uint8Array, start: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
    if (bytesRead === 0) throw new Error(`it ends ${bytes.length - done} bytes too early`);
    done += bytesRead;
  }
}
