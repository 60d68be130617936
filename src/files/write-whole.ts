import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { reason, SigboxError } from '../errors.js';
import { makeFolder } from './make-folder.js';
import { syncFile } from './sync.js';

/** Pattern of the names that files have before they are whole. */
export const TEMPORARY = `.sigbox-${'[0-9a-f]'.repeat(16)}.part`;

export type Pieces = Uint8Array | AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/**
 * Writes a file so that it appears under its name only when it is whole, also after a power cut: to a temporary name
 * beside it, flushed to the disk, then renamed. Folders that are missing are made; a file of that name is replaced, a link
 * is not followed. The temporary name can't be foreseen, and nothing is opened that is there already.
 *
 * @param before  called when all is written, with a digest of the content; an error of it leaves everything as it was
 * @throws SigboxError E_IO  it can't be written; nothing is left behind
 */
export async function writeWhole(
  file: string,
  pieces: Pieces,
  before: (digest: string) => Promise<void> = async () => {},
): Promise<void> {
  const temporary = join(dirname(file), `.sigbox-${randomBytes(8).toString('hex')}.part`);
  try {
    await makeFolder(dirname(file));
    await before(await writeNew(temporary, pieces instanceof Uint8Array ? [pieces] : pieces));
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {}); // the cause says more than a failed tidying up
    if (cause instanceof SigboxError) throw cause;
    throw new SigboxError('E_IO', `${file}: cannot be written: ${reason(cause)}.`, { cause });
  }
}

/** Small pieces are written together: each write waits for another thread. */
const CHUNK = 1 << 16;

/** @returns a digest of the content */
async function writeNew(file: string, pieces: Exclude<Pieces, Uint8Array>): Promise<string> {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = constants;
  const handle = await open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
  try {
    const hash = createHash('sha256');
    let waiting: Uint8Array[] = [];
    let size = 0;
    const flush = async () => {
      const bytes = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting);
      [waiting, size] = [[], 0];
      hash.update(bytes);
      await writeAll(handle, bytes);
    };
    for await (const piece of pieces) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
      waiting.push(bytes);
      size += bytes.length;
      if (size >= CHUNK) await flush();
    }
    if (size > 0) await flush();
    await syncFile(handle);
    return hash.digest('hex').slice(0, DIGEST_LENGTH);
  } finally {
    await handle.close();
  }
}

/** A write may take fewer bytes than it was given. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done);
    done += bytesWritten;
  }
}

const DIGEST_LENGTH = 16;

/** The digest of a file that would be written with this content. */
export function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, DIGEST_LENGTH);
}
