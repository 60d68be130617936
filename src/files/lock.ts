import { constants, rmSync, type Stats, statSync } from 'node:fs';
import { type FileHandle, open, readFile, realpath, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { complain, reason, SigboxError } from '../errors.js';
import { isLocal, lockFile } from './kernel-lock.js';
import { type Holder, holderHere, mayRun, parseHolder } from './lock-holder.js';
import { readRegularSync } from './read-file.js';

export const LOCK_FILE = 'run.lock';

/** A folder that no other run writes to. */
export interface FolderLock extends AsyncDisposable {
  /**
   * To be called before each write: the lock may have been removed by hand, or taken by a machine that could not see this
   * one. Costs one look at the file.
   *
   * @throws SigboxError E_IO  it is no longer held
   */
  requireHeld(): void;
}

/** Lock files that this process holds: of two runs in one process, the second is refused as well. */
const held = new Set<string>();
/** Of two processes that take over one lock file, the later one's content stands after this time. */
const SETTLED_MS = 100;
/** A lock file that was removed while it was opened is opened again so often. */
const ATTEMPTS = 100;

/**
 * Keeps other runs away from a folder until it is disposed of, or the process ends.
 *
 * The kernel keeps the lock: it ends with its process, and the next run takes over the file that a kill leaves. Where the
 * kernel keeps none, or the folder is on a network file system whose locks may be each machine's own, the file's content
 * decides as well: a holder on this machine that has died is taken over, one on another machine is not.
 *
 * @throws SigboxError E_IO  another run holds it, or it can't be written
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const file = join(await realPath(folder), LOCK_FILE);
  if (held.has(file)) throw taken(file, await holderOf(file));
  held.add(file);
  try {
    return await take(file, await holderHere());
  } catch (error) {
    held.delete(file);
    throw error instanceof SigboxError ? error : unwritable(file, error);
  }
}

async function realPath(folder: string): Promise<string> {
  return realpath(folder).catch((cause) => {
    throw unwritable(folder, cause);
  });
}

async function take(file: string, mine: Holder): Promise<FolderLock> {
  const { O_RDWR, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const handle = await open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o666);
    try {
      if (!(await handle.stat()).isFile()) throw new Error('it is not a regular file');
      const free = lockFile(handle.fd);
      if (free === false) throw taken(file, parseHolder(await handle.readFile('utf8')));
      if (free === null) {
        await handle.close();
        return await takeByContent(file, mine);
      }
      if (!(await isStill(file, handle))) {
        await handle.close();
        continue; // its holder has just given it back
      }
      return await own(file, handle, mine);
    } catch (error) {
      await handle.close().catch(() => {});
      throw error;
    }
  }
  throw taken(file, await holderOf(file));
}

async function isStill(file: string, handle: FileHandle): Promise<boolean> {
  const [there, opened] = await Promise.all([stat(file).catch(() => null), handle.stat()]);
  return there?.ino === opened.ino && there.dev === opened.dev;
}

/** With the kernel's lock on the file. */
async function own(file: string, handle: FileHandle, mine: Holder): Promise<FolderLock> {
  const earlier = await requireFree(file, await handle.readFile('utf8'), isLocal((await statfs(file)).type));
  try {
    await handle.truncate(0);
    await handle.write(`${JSON.stringify({ ...mine, kernel: true })}\n`, 0);
  } catch (cause) {
    if (earlier === null) await rm(file, { force: true }).catch(() => {}); // an empty file would be left
    throw unwritable(file, cause);
  }
  return heldLock(file, mine, handle);
}

/**
 * Where the kernel keeps no lock. Each that finds the file free writes its own over it; the last one stands, and one that
 * comes later still makes the others stop at their next write.
 */
async function takeByContent(file: string, mine: Holder): Promise<FolderLock> {
  await requireFree(file, await readFile(file, 'utf8'), false);
  await replace(file, mine);
  await sleep(SETTLED_MS);
  const now = await holderOf(file);
  if (now?.id !== mine.id) throw taken(file, now);
  return heldLock(file, mine, null);
}

/**
 * @param decides  whether the kernel's lock is enough where both holders have asked for it
 * @returns the holder before; null: the file was empty
 * @throws SigboxError E_IO  the file's holder may still run, or the file is no lock at all
 */
async function requireFree(file: string, text: string, decides: boolean): Promise<Holder | null> {
  if (/^\0*$/.test(text)) return null; // also of a disk that was full, or lost its power
  const earlier = parseHolder(text);
  if (earlier === null) {
    const mend = 'Move it away, or use another folder.';
    throw complain('E_IO', { where: file, expected: 'the lock of a run', received: 'another file', mend });
  }
  if (!(decides && earlier.kernel) && (await mayRun(earlier))) throw taken(file, earlier);
  return earlier;
}

/** Whole, so that it is never seen without content. */
async function replace(file: string, mine: Holder): Promise<void> {
  const own = `${file}.${mine.id}`;
  const { O_WRONLY, O_CREAT, O_EXCL } = constants;
  try {
    const handle = await open(own, O_WRONLY | O_CREAT | O_EXCL, 0o666);
    await handle.writeFile(`${JSON.stringify(mine)}\n`).finally(() => handle.close());
    await rename(own, file);
  } catch (cause) {
    await rm(own, { force: true }).catch(() => {});
    throw unwritable(file, cause);
  }
}

function heldLock(file: string, mine: Holder, handle: FileHandle | null): FolderLock {
  let seen: Stats | undefined = statSync(file, { throwIfNoEntry: false });
  const release = () => {
    if (isMine(file, mine)) rmSync(file, { force: true });
  };
  process.on('exit', release);
  return {
    requireHeld() {
      const now = statSync(file, { throwIfNoEntry: false });
      if (now !== undefined && now.ino === seen?.ino && now.mtimeMs === seen.mtimeMs && now.size === seen.size) return;
      if (!isMine(file, mine)) throw lost(file);
      seen = now;
    },
    async [Symbol.asyncDispose]() {
      process.off('exit', release);
      held.delete(file);
      try {
        release();
      } catch {} // on a disk that fails now; nobody is kept away by it
      await handle?.close().catch(() => {});
    },
  };
}

function isMine(file: string, mine: Holder): boolean {
  try {
    return parseHolder(readRegularSync(file).toString())?.id === mine.id;
  } catch {
    return false;
  }
}

/** @returns null where there is none, or it has no content */
async function holderOf(file: string): Promise<Holder | null> {
  return parseHolder(await readFile(file, 'utf8').catch(() => ''));
}

function taken(file: string, holder: Holder | null): SigboxError {
  const who = holder === null ? 'another run' : `process ${holder.pid} on ${holder.host} since ${holder.since}`;
  return new SigboxError(
    'E_IO',
    `${file}: expected a folder that no other run writes to, received one that is held by ${who}. ` +
      'Wait until it ends; if it is no longer there, remove this file.',
  );
}

function lost(file: string): SigboxError {
  return new SigboxError(
    'E_IO',
    `${file}: expected this run's lock, received another run's, or none. This run stops, so that two don't write to one ` +
      'folder; what it recorded stays.',
  );
}

function unwritable(file: string, cause: unknown): SigboxError {
  return new SigboxError('E_IO', `${file}: cannot be written: ${reason(cause)}.`, { cause });
}
