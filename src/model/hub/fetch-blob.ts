import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { reason, SigboxError } from '../../errors.js';
import { makeFolder } from '../../files/make-folder.js';
import { type ContentHash, contentHash } from './content-hash.js';
import { get, type RequestOptions, retried, TransientError } from './requests.js';
import { withSharedLock } from './shared-lock.js';

/** Content that is known by its hash before it is fetched. */
export interface Blob {
  /** For people: `hf:ORG/NAME: onnx/model.onnx` */
  what: string;
  url: string;
  /** SHA-256 of the content, or Git's SHA-1 of it as a blob; lower-case hexadecimal. */
  etag: string;
  /** Length; null where only the server knows it. */
  bytes: number | null;
}

export interface FetchOptions extends RequestOptions {
  /** Where processes wait for each other. Default: beside the blob */
  lock?: string;
  /** @param received  bytes so far, those of earlier tries included. @param bytes  null: not known */
  onProgress?: ((received: number, bytes: number | null) => void) | undefined;
}

/** Ending of a file that is being fetched. */
const UNFINISHED = '.sigbox-incomplete';

/**
 * Fetches content into a file, which appears under its name only with the right hash. Goes on where an earlier try was
 * interrupted, even killed. Of several processes one fetches and the others wait.
 *
 * @throws SigboxError E_IO  it can't be fetched or written, or is other content; nothing wrong stays under the name
 */
export async function fetchBlob(blob: Blob, file: string, options: FetchOptions = {}): Promise<void> {
  const { lock = `${file}.lock`, signal } = options;
  if (await isThere(file)) return;
  try {
    await makeFolder(dirname(file));
    await makeFolder(dirname(lock));
    await withSharedLock(lock, () => fetchOnce(blob, file, options), signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof SigboxError ? error : unwritable(blob, file, error);
  }
}

async function fetchOnce(blob: Blob, file: string, options: FetchOptions): Promise<void> {
  if (await isThere(file)) return; // another process has fetched it meanwhile
  const unfinished = await adoptUnfinished(file);
  await requireSpace(blob, unfinished);
  let before = await lengthOf(unfinished);
  const progressed = () => {
    const grown = lastLength > before;
    before = lastLength;
    return grown;
  };
  let lastLength = before;
  let wrong = 0;
  const attempt = () =>
    fetchRest(blob, unfinished, options).catch(async (error) => {
      lastLength = await lengthOf(unfinished);
      // The first time it may be an old rest with a new end: then all of it is fetched again.
      throw error instanceof WrongContent && ++wrong === 2 ? otherContent(blob, error) : error;
    });
  await retried(blob.what, attempt, { signal: options.signal, progressed });
  await rename(unfinished, file);
}

/** Each fetch writes to a name of its own; what a dead one has left is renamed to it. */
async function adoptUnfinished(file: string): Promise<string> {
  const [folder, name] = [dirname(file), basename(file)];
  const mine = join(folder, `${name}.${randomUUID().slice(0, 8)}${UNFINISHED}`);
  const left = (await readdir(folder)).filter((other) => other.startsWith(`${name}.`) && other.endsWith(UNFINISHED));
  const sizes = await Promise.all(left.map(async (other) => ({ other, bytes: await lengthOf(join(folder, other)) })));
  const [longest, ...others] = sizes.sort((a, b) => b.bytes - a.bytes).map(({ other }) => join(folder, other));
  if (longest !== undefined) await rename(longest, mine).catch(() => {});
  await Promise.all(others.map((other) => rm(other, { force: true })));
  return mine;
}

/** Appends what is missing, then compares the hash of all of it. */
async function fetchRest(blob: Blob, unfinished: string, options: FetchOptions): Promise<void> {
  const handle = await open(unfinished, 'a+');
  try {
    const start = (await handle.stat()).size;
    const response = await request(blob, start, options);
    if (response === 'whole') return await requireContent(blob, unfinished, start);
    const { begin, bytes, pieces } = response;
    if (begin === 0 && start > 0) await handle.truncate(0);
    const hash = contentHash(blob.etag, bytes ?? 0);
    if (begin > 0) for await (const piece of createReadStream(unfinished, { end: begin - 1 })) hash.update(piece);
    await append(blob, handle, { begin, bytes, pieces, hash }, options.onProgress);
    await handle.datasync();
    if (hash.digest() !== blob.etag) await refuse(blob, unfinished);
  } finally {
    await handle.close();
  }
}

interface Rest {
  /** Offset of the first piece. */
  begin: number;
  /** Length of the whole content; null: not known. */
  bytes: number | null;
  pieces: AsyncIterable<Uint8Array>;
  hash: ContentHash;
}

async function append(
  blob: Blob,
  handle: FileHandle,
  { begin, bytes, pieces, hash }: Rest,
  onProgress: FetchOptions['onProgress'],
): Promise<void> {
  let received = begin;
  onProgress?.(received, bytes);
  for await (const piece of interruptible(pieces, blob)) {
    received += piece.length;
    if (bytes !== null && received > bytes) throw new TransientError(`more than ${bytes} bytes came`);
    await handle.write(piece);
    hash.update(piece);
    onProgress?.(received, bytes);
  }
  if (bytes !== null && received < bytes)
    throw new TransientError(`the connection ended at ${received} of ${bytes} bytes`);
}

/** A connection that breaks is a reason to ask for the rest. */
async function* interruptible(pieces: AsyncIterable<Uint8Array>, { url }: Blob): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces;
  } catch (cause) {
    throw new TransientError(`the connection to ${new URL(url).host} broke (${reason(cause)})`, { cause });
  }
}

async function request(
  { what, url, bytes }: Blob,
  start: number,
  { token = null, signal }: FetchOptions,
): Promise<Omit<Rest, 'hash'> | 'whole'> {
  if (bytes !== null && start === bytes) return 'whole';
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (start > 0) headers.range = `bytes=${start}-`;
  const response = await get(url, { token, headers, signal });
  if (response.status === 416) {
    await response.body?.cancel();
    return 'whole'; // there is no rest
  }
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw refusedBy(what, url, response.status);
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  const resumed = response.status === 206 && Number(range?.[1]) === start;
  if (response.status === 206 && !resumed) throw new TransientError(`${new URL(url).host} sends another part`);
  const length = resumed ? range![2]! : (response.headers.get('content-length') ?? '*');
  const told = length === '*' ? null : Number(length);
  if (bytes !== null && told !== null && told !== bytes) throw otherLength(what, bytes, told);
  return { begin: resumed ? start : 0, bytes: bytes ?? told, pieces: response.body as AsyncIterable<Uint8Array> };
}

async function requireContent(blob: Blob, unfinished: string, bytes: number): Promise<void> {
  const hash = contentHash(blob.etag, bytes);
  for await (const piece of createReadStream(unfinished, { highWaterMark: 1 << 20 })) hash.update(piece);
  if (hash.digest() !== blob.etag) await refuse(blob, unfinished);
}

class WrongContent extends TransientError {}

async function refuse({ etag }: Blob, unfinished: string): Promise<never> {
  await rm(unfinished, { force: true });
  throw new WrongContent(`the content does not have the hash ${etag}`);
}

function otherContent({ what, url, etag }: Blob, cause: unknown): SigboxError {
  const message = `${what}: expected content with the hash ${etag}, received other content twice from ${new URL(url).host}.`;
  return new SigboxError('E_IO', `${message} Nothing of it was kept.`, { cause });
}

function refusedBy(what: string, url: string, status: number): SigboxError {
  const { host } = new URL(url);
  const mend =
    status === 401 || status === 403 ? ' If it is private or gated, set HF_TOKEN to a token with access.' : '';
  return new SigboxError('E_IO', `${what}: ${host} answers with status ${status}.${mend}`);
}

function otherLength(what: string, expected: number, received: number): SigboxError {
  return new SigboxError(
    'E_IO',
    `${what}: expected ${expected} bytes, the server has ${received}: it is another file.`,
  );
}

async function requireSpace({ what, bytes }: Blob, unfinished: string): Promise<void> {
  if (bytes === null) return;
  const missing = bytes - (await lengthOf(unfinished));
  const free = await statfs(dirname(unfinished)).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => Number.POSITIVE_INFINITY,
  );
  if (missing <= free) return;
  const message = `${what}: needs ${missing} bytes in ${dirname(unfinished)}, where ${free} are free.`;
  throw new SigboxError('E_IO', `${message} Make room, or set HF_HUB_CACHE to a folder on another disk.`);
}

function unwritable({ what }: Blob, file: string, cause: unknown): SigboxError {
  const mend = 'Set HF_HUB_CACHE to a folder that can be written.';
  return new SigboxError('E_IO', `${what}: ${dirname(file)} cannot be written: ${reason(cause)}. ${mend}`, { cause });
}

async function lengthOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
