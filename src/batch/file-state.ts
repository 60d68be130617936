import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { FileState } from './record.js';

/**
 * A file as it is now.
 *
 * @param hash  also the SHA-256 of its content, for which it is read
 * @returns null where there is no file that can be looked at: it is for the decoder to say why
 */
export async function fileState(path: string, hash: boolean): Promise<FileState | null> {
  try {
    const found = await stat(path);
    const state = { bytes: found.size, modified: new Date(Math.floor(found.mtimeMs)).toISOString() };
    return hash && found.isFile() ? { ...state, sha256: await sha256(path) } : state;
  } catch {
    return null;
  }
}

/** Of a file's content, in lower-case hexadecimal. @throws the file system's own error */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

export function isSameState(a: FileState | null, b: FileState | null): boolean {
  return a?.bytes === b?.bytes && a?.modified === b?.modified && a?.sha256 === b?.sha256;
}
