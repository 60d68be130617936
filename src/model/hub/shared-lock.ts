import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../files/lock-holder.js';

/** A holder that is alive renews its lock this often. */
const RENEW_MS = 2_000;
/** A lock that nobody renews for this long is taken over, by the clock of the one who waits. */
const STALE_MS = 20_000;
const POLL_MS = 200;

interface Holder {
  id: string;
  pid: number;
  host: string;
}

/**
 * Waits until no other process holds the lock, then runs `work` and releases it. A lock of a process that was killed is
 * taken over at once on the same machine, after 20 s elsewhere.
 *
 * Advisory: it saves work that would be done twice. Where two processes believe that they hold it (a frozen one that wakes
 * up, a file system without exclusive creation), `work` must still be safe.
 */
export async function withSharedLock<T>(file: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const mine: Holder = { id: randomUUID(), pid: process.pid, host: hostname() };
  await acquire(file, mine, signal);
  const renewal = setInterval(() => {
    const now = new Date();
    void utimes(file, now, now).catch(() => {});
  }, RENEW_MS);
  renewal.unref();
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    if ((await holderOf(file))?.id === mine.id) await rm(file, { force: true }).catch(() => {});
  }
}

async function acquire(file: string, mine: Holder, signal?: AbortSignal): Promise<void> {
  let seen = { modified: Number.NaN, since: performance.now() };
  while (!(await create(file, mine))) {
    signal?.throwIfAborted();
    const [holder, found] = await Promise.all([holderOf(file), stat(file).catch(() => null)]);
    if (found === null) continue;
    if (found.mtimeMs !== seen.modified) seen = { modified: found.mtimeMs, since: performance.now() };
    const renewed = performance.now() - seen.since < STALE_MS;
    const dead = holder !== null && holder.host === hostname() && !isAlive(holder.pid);
    if (dead || !renewed) await remove(file, holder, mine);
    else await sleep(POLL_MS, undefined, { signal });
  }
}

/** Whole at once under its name: a reader never finds half of it. */
async function create(file: string, mine: Holder): Promise<boolean> {
  const draft = `${file}.${mine.id}`;
  try {
    await writeFile(draft, JSON.stringify(mine), { flag: 'wx' });
    await link(draft, file).catch(async (error) => {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
      await writeFile(file, JSON.stringify(mine), { flag: 'wx' }); // a file system without hard links
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true }).catch(() => {});
  }
}

/** If several processes find a lock stale, one of them may already have taken it again: then its lock is put back. */
async function remove(file: string, stale: Holder | null, mine: Holder): Promise<void> {
  const aside = `${file}.${mine.id}.stale`;
  try {
    await rename(file, aside);
  } catch {
    return; // another removed it
  }
  const removed = await holderOf(aside);
  if (removed !== null && removed.id !== stale?.id) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

async function holderOf(file: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch {
    return null;
  }
}
