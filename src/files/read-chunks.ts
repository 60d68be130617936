import type { FileHandle } from 'node:fs/promises';
import { PassThrough, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { reason, SigboxError } from '../errors.js';
import { openRegular } from './read-file.js';

/** Of the same size as the level-2 cache of a core, so that bytes are still there when they are looked at. */
const CHUNK = 1 << 18;

/**
 * The bytes of a file, or of standard input for `-`, in parts; gzip is unpacked, which its first two bytes tell.
 *
 * @returns parts in memory that the next one overwrites
 * @throws SigboxError E_IO  it can't be read, or its gzip data is damaged or ends early
 */
export async function* readChunks(file: string): AsyncGenerator<Uint8Array> {
  const chunks = file === '-' ? standardInput() : ofFile(file);
  try {
    const first = await chunks.next();
    if (first.done) return;
    if (!(first.value[0] === 0x1f && first.value[1] === 0x8b)) {
      yield first.value;
      yield* chunks;
    } else yield* unpacked(first.value, chunks, file);
  } finally {
    await chunks.return(undefined); // a reader that stops at the first part has not begun to loop over the rest
  }
}

async function* ofFile(file: string): AsyncGenerator<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    handle = await openRegular(file).catch((cause) => {
      throw new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}.`, { cause });
    });
    const buffer = new Uint8Array(CHUNK);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (cause) {
    throw unreadable(file, cause);
  } finally {
    await handle?.close();
  }
}

async function* standardInput(): AsyncGenerator<Uint8Array> {
  try {
    yield* process.stdin as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw unreadable('standard input', cause);
  }
}

async function* unpacked(first: Uint8Array, rest: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const unzip = createGunzip({ chunkSize: CHUNK });
  const packed = new PassThrough();
  const fed = feed(first, rest, packed).catch((error) => unzip.destroy(error));
  try {
    yield* packed.pipe(unzip) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if (cause instanceof SigboxError) throw cause;
    throw new SigboxError('E_IO', `${file}: gzip data can't be unpacked: ${reason(cause)}.`, { cause });
  } finally {
    packed.destroy();
    unzip.destroy();
    await fed;
  }
}

/** Writes copies, because the next part overwrites the last one's memory. */
async function feed(first: Uint8Array, rest: AsyncIterable<Uint8Array>, to: PassThrough & Readable): Promise<void> {
  to.write(first.slice());
  for await (const chunk of rest) {
    if (to.destroyed) return;
    if (!to.write(chunk.slice())) await drained(to);
  }
  to.end();
}

function drained(stream: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
}

function unreadable(file: string, cause: unknown): unknown {
  if (cause instanceof SigboxError) return cause;
  return new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}.`, { cause });
}
