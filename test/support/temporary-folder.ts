import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder of its own for one test. Its name holds what careless code takes for parts of a URL, a glob or a command. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sigbox test's #%41 [x] "));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
