import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { reason, SigboxError } from '../errors.js';

export const LOCK_FILE = 'run.lock';

/** Who holds a lock. */
interface Holder {
  pid: number;
  host: string;
  /** What tells the process from a later one of the same number; null where the system does not say. */
  start: string | null;
  since: string;
  /** Tells this holding from every other. */
  id: string;
}

/** Lock files that this process holds: of two runs in one process, the second is refused as well. */
const held = new Set<string>();
/** A lock without content is just being made, unless it is as old as this, or as young: a clock may have been put back. */
const MADE_BY_NOW_MS = 10_000;
/** Of two processes that take over one lock, the later one's content stands after this time. */
const SETTLED_MS = 100;

/**
 * Keeps other runs away from a folder until it is disposed of, or the process ends. A lock of a process of this machine
 * that has died is taken over.
 *
 * A file, not a lock of the operating system, which Node has no access to; not one that is renewed every few seconds,
 * because after a kill the next run would have to wait until it is old enough.
 *
 * @throws SigboxError E_IO  another run holds it, or it can't be written
 */
export async function lockFolder(folder: string): Promise<AsyncDisposable> {
  const file = join(await realPath(folder), LOCK_FILE);
  const mine = await holderHere();
  await take(file, mine);
  held.add(file);
  const release = () => rmSync(file, { force: true });
  process.on('exit', release);
  return {
    async [Symbol.asyncDispose]() {
      process.off('exit', release);
      held.delete(file);
      await rm(file, { force: true }).catch(() => {}); // on a disk that fails now; it counts as a dead process's later
    },
  };
}

async function realPath(folder: string): Promise<string> {
  return realpath(folder).catch((cause) => {
    throw unwritable(folder, cause);
  });
}

async function take(file: string, mine: Holder): Promise<void> {
  if (await create(file, mine)) return;
  const other = await holderOf(file);
  if (await isHeld(file, other)) throw taken(file, other);
  const stale = `${file}.${mine.id}`;
  try {
    await rename(file, stale);
    await rm(stale, { force: true });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw unwritable(file, cause); // another took it over
  }
  const made = await create(file, mine);
  await sleep(SETTLED_MS);
  const now = await holderOf(file);
  if (!made || now?.id !== mine.id) throw taken(file, now);
}

/** @returns false when there is one already */
async function create(file: string, holder: Holder): Promise<boolean> {
  try {
    await writeFile(file, `${JSON.stringify(holder)}\n`, { flag: 'wx' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw unwritable(file, cause);
  }
}

/** @returns null for a lock without content */
async function holderOf(file: string): Promise<Holder | null> {
  try {
    const { pid, host, start = null, since, id } = JSON.parse(await readFile(file, 'utf8'));
    return Number.isInteger(pid) && typeof host === 'string' ? { pid, host, start, since, id } : null;
  } catch {
    return null; // it has gone, or is not written yet: its age decides
  }
}

async function isHeld(file: string, holder: Holder | null): Promise<boolean> {
  if (held.has(file)) return true;
  if (holder === null) {
    const found = await stat(file).catch(() => null);
    return found !== null && Math.abs(Date.now() - found.mtimeMs) < MADE_BY_NOW_MS;
  }
  if (holder.host !== hostname()) return true; // what runs there can't be seen from here
  if (holder.pid === process.pid || !isAlive(holder.pid)) return false;
  return holder.start === null || holder.start === (await startOf(holder.pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // another user's
  }
}

async function holderHere(): Promise<Holder> {
  const { pid } = process;
  return { pid, host: hostname(), start: await startOf(pid), since: new Date().toISOString(), id: randomUUID() };
}

/** When a process was started, in ticks since the machine was: field 22 of Linux' /proc/PID/stat. */
async function startOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null; // the name before it may hold anything
}

function taken(file: string, holder: Holder | null): SigboxError {
  const who = holder === null ? 'another run' : `process ${holder.pid} on ${holder.host} since ${holder.since}`;
  return new SigboxError(
    'E_IO',
    `${file}: expected a folder that no other run writes to, received one that is held by ${who}. ` +
      'Wait until it ends; if it is no longer there, remove this file.',
  );
}

function unwritable(file: string, cause: unknown): SigboxError {
  return new SigboxError('E_IO', `${file}: cannot be written: ${reason(cause)}.`, { cause });
}
