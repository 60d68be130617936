import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { linux, succeeds } from '../support/machine.js';
import { root, run } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const script = fileURLToPath(new URL('take-lock.mjs', import.meta.url));
const library = join(root, 'dist', 'files', 'lock.js');
const TAKERS = 8;
const TIMES = 120;
/** Process numbers of their own, as in containers that share a volume and a host name. */
const APART = ['unshare', '--pid', '--fork', '--mount-proc'];
/** The shell is process 1 there, which can't be killed from inside. */
const SHELL = ['sh', '-c', '"$@"; :', 'sh'];
const namespaces = linux && succeeds(APART[0]!, [...APART.slice(1), 'true']);

/** Holders one after the other; of a killed one the lock is free. */
function overlaps(log: string): string[] {
  const found: string[] = [];
  let holder: string | null = null;
  for (const line of log.trimEnd().split('\n')) {
    const [what, id] = line.split(' ') as [string, string];
    if (what === 'begin' ? holder !== null : holder !== id) found.push(`${line} while ${holder} has it`);
    holder = what === 'begin' ? id : null;
  }
  return found;
}

test.each([
  ['in one process namespace', false],
  ['in namespaces of their own, with one host name', true],
])(`${TAKERS} processes want a stale lock, and some are killed with it, %s: never two at a time`, async (_, apart) => {
  if (apart && !namespaces) return console.warn('skipped: no process namespaces here');
  const folder = await temporaryFolder();
  const log = join(await temporaryFolder(), 'log');
  await writeFile(log, '');
  await writeFile(join(folder, 'run.lock'), JSON.stringify({ pid: 2 ** 22 + 1, host: 'gone', kernel: true, id: 'x' }));
  const takers = Array.from({ length: TAKERS }, (_, i) => {
    const dies = i % 3 === 0 ? [String(1 + i)] : [];
    const command = [process.execPath, script, library, folder, log, String(TIMES), ...dies];
    const [program, ...args] = apart && i % 2 === 0 ? [...APART, ...SHELL, ...command] : command;
    return run(program!, args);
  });
  const outcomes = await Promise.all(takers);
  expect(outcomes.map(({ stderr }) => stderr.replaceAll('Killed\n', '')).join('')).toBe('');
  const text = await readFile(log, 'utf8');
  expect(overlaps(text)).toEqual([]);
  expect(text.match(/^begin/gm)!.length).toBeGreaterThan(TAKERS);
  expect(text).toMatch(/^killed/m);
});
