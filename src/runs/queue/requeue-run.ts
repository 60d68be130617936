import { DoneChunks, listSetAside, setAsideKey } from './chunks/chunk-files.js';
import { openPlan } from './chunks/manifest.js';
import { ChunkQueue } from './dealing/chunk-queue.js';
import { checkStatusOptions, type StatusOptions } from './options/status-options.js';

/** What a run has still to do. */
export interface Requeued {
  /** Chunks without a part. */
  missing: number;
  /** Those of them that were set aside, and are tried again. */
  setAside: number;
}

/**
 * Has chunks that were set aside tried again and, where there is a queue, fills it with all that is missing: after the queue
 * was lost, or what made chunks fail was mended.
 *
 * @param where          the store of the run
 * @param given.queue    URL of its Redis server
 * @throws SigboxError E_IO  a store without a plan, or a queue that can't be reached
 */
export async function requeueRun(where: string, given: StatusOptions = {}): Promise<Requeued> {
  const { signal, queue: url } = checkStatusOptions(given, 'requeueRun');
  const run = await openPlan(where, signal);
  await using queue = url === undefined ? null : await ChunkQueue.open(run.plan, url);
  const done = new DoneChunks(run);
  await done.look(signal);
  const aside = await listSetAside(run, signal);
  for (const chunk of aside) await run.store.remove(setAsideKey(chunk));
  const missing = [...done.missing()];
  if (queue !== null) {
    await queue.forget((await queue.failed()).map(({ chunk }) => chunk));
    await queue.fill(missing, signal);
  }
  return { missing: missing.length, setAside: aside.filter((chunk) => !done.has(chunk)).length };
}
