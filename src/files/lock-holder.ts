import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** The process that holds a lock, as its file says. */
export interface Holder {
  pid: number;
  host: string;
  /** Tells the process from a later one with the same number; null where the system does not say. */
  start: string | null;
  since: string;
  /** Tells this lock from every other. */
  id: string;
  /** Whether the kernel keeps the lock as well, so that its end is the holder's. */
  kernel?: boolean;
}

export async function holderHere(): Promise<Holder> {
  const { pid } = process;
  return { pid, host: hostname(), start: await startOf(pid), since: new Date().toISOString(), id: randomUUID() };
}

/** @returns null for the content of another file */
export function parseHolder(text: string): Holder | null {
  try {
    const { pid, host, start = null, since, id, kernel } = JSON.parse(text);
    if (!Number.isInteger(pid) || typeof host !== 'string') return null;
    return { pid, host, start, since, id, kernel: kernel === true };
  } catch {
    return null;
  }
}

/** Whether a holder may still run. One on another machine can't be seen from here. */
export async function mayRun({ pid, host, start }: Holder): Promise<boolean> {
  if (host !== hostname()) return true;
  if (pid === process.pid || !isAlive(pid)) return false;
  return start === null || start === (await startOf(pid));
}

/** Whether a process of this machine, as far as this one can see, is still there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // another user's
  }
}

/** When a process was started, in ticks since the machine was: field 22 of Linux' /proc/PID/stat. */
async function startOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null; // the name before it may contain anything
}
