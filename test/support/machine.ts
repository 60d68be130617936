import { execFileSync } from 'node:child_process';
import { bin } from './run.js';

// What this machine allows tests to do.

export const linux = process.platform === 'linux';
/** Whether file systems can be mounted in a room of their own. */
export const mounts = linux && succeeds('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
export const root = linux && process.getuid?.() === 0;
export const AS_NOBODY = 'setpriv --reuid=65534 --regid=65534 --clear-groups';
/** Whether another user can reach the built command: a clone in a folder of root's alone is closed to it. */
export const openToOthers = root && succeeds('setpriv', [...AS_NOBODY.split(' ').slice(1), 'test', '-r', bin]);

export function succeeds(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
