import { createHash } from 'node:crypto';
import { type Stats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { openRegular } from '../../files/read-file.js';
import type { StoredFile } from '../../files/store/store.js';
import type { FileState } from '../record/record.js';

/**
 * A file as it is now.
 *
 * @param hash  also the SHA-256 of its content, for which it is read
 * @returns null where there is no file that can be looked at: it is for the decoder to say why
 */
export async function fileState(path: string, hash: boolean): Promise<FileState | null> {
  try {
    return await stateFrom(await stat(path), hash ? path : null);
  } catch {
    return null;
  }
}

/**
 * The same of a file that is about to be read. Looked at without a wait: where all cores are busy with inference, a wait
 * for another thread costs more than the look itself.
 */
export async function fileStateNow(path: string, hash: boolean): Promise<FileState | null> {
  try {
    return await stateFrom(statSync(path), hash ? path : null);
  } catch {
    return null;
  }
}

/** An object in a bucket, as it was listed. */
export function objectState({ size, modified, etag }: StoredFile): FileState {
  const time = new Date(Math.floor(modified)).toISOString();
  return { bytes: size, modified: time, ...(etag !== undefined && { etag }) };
}

/** @param hashed  path of the file whose content counts as well; null: it does not */
async function stateFrom(found: Stats, hashed: string | null): Promise<FileState> {
  const state = { bytes: found.size, modified: new Date(Math.floor(found.mtimeMs)).toISOString() };
  return hashed !== null && found.isFile() ? { ...state, sha256: await sha256(hashed) } : state;
}

/** Of the content of files, one after the other, in lower-case hexadecimal. @throws the file system's own error */
export async function sha256(...paths: string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) {
    const handle = await openRegular(path); // its stream closes it
    for await (const part of handle.createReadStream({ highWaterMark: 1 << 20 })) hash.update(part as Uint8Array);
  }
  return hash.digest('hex');
}

export function isSameState(a: FileState | null, b: FileState | null): boolean {
  return a?.bytes === b?.bytes && a?.modified === b?.modified && a?.sha256 === b?.sha256 && a?.etag === b?.etag;
}
