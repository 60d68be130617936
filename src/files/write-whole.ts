import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { reason, SigboxError } from '../errors.js';
import { makeFolder } from './make-folder.js';

/** Ending of a file before it is whole. */
export const PART = '.part';
/** Pattern of the names that files have until then; others may have files of that ending. */
export const TEMPORARY = `.${'[0-9a-f]'.repeat(16)}${PART}`;

/**
 * Writes a file so that it appears under its name only when it is whole, also after a power cut: to a temporary name
 * beside it, given to the disk, then renamed. Folders that are missing are made; a file of that name is replaced.
 *
 * @throws SigboxError E_IO  it can't be written; nothing is left behind
 */
export async function writeWhole(
  file: string,
  pieces: Uint8Array | AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): Promise<void> {
  const temporary = temporaryName(file);
  try {
    await makeFolder(dirname(file));
    const source = pieces instanceof Uint8Array ? [pieces] : pieces;
    await pipeline(Readable.from(source, { objectMode: true }), createWriteStream(temporary, { flush: true }));
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {}); // the cause says more than a failed tidying up
    if (cause instanceof SigboxError) throw cause;
    throw new SigboxError('E_IO', `${file}: cannot be written: ${reason(cause)}.`, { cause });
  }
}

/** Of one length, for a name may be as long as the file system allows; hidden, for readers of the folder to pass over. */
function temporaryName(file: string): string {
  const name = createHash('sha256').update(basename(file)).digest('hex').slice(0, 16);
  return join(dirname(file), `.${name}${PART}`);
}
