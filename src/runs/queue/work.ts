import { complain } from '../../errors.js';
import { withFirstError } from '../../flow/first-error.js';
import { toldEvents } from '../../flow/told-events.js';
import { hasAutoShard, parseShard, type Shard } from '../inputs/shard.js';
import type { ChunkOutcome } from './chunks/chunk-detection.js';
import type { SetAside } from './chunks/chunk-files.js';
import { redisName } from './dealing/redis.js';
import { workQueue } from './dealing/work-queue.js';
import { workShare } from './dealing/work-share.js';
import { openDetection } from './open-worker.js';
import { checkWorkOptions, type WorkOptions } from './options/work-options.js';

/** What happens while a worker works. */
export type WorkEvent =
  /** All is loaded. `images`, `chunks`: of the whole run; `done`: chunks that have a part already. */
  | { type: 'start'; store: string; run: string; images: number; chunks: number; done: number }
  /** A chunk is done: its part is written, by this worker or, where `isNew` is false, by another. */
  | ({ type: 'chunk' } & ChunkOutcome)
  /** A chunk failed and is tried again. */
  | { type: 'retry'; chunk: number; attempt: number; message: string }
  /** A chunk failed too often and is not tried again. */
  | ({ type: 'set-aside' } & SetAside)
  /** A worker with this chunk has fallen silent: it is dealt out again. */
  | { type: 'stalled'; chunk: number }
  /** Something to know. */
  | { type: 'warning'; message: string }
  /** `complete`: no chunk is left that this worker could take. The rest is what it did itself. */
  | { type: 'end'; complete: boolean; chunks: number; images: number; failures: number; setAside: number };

/**
 * Works on the chunks of a run that was planned, until none is left: detects on their images and writes what it finds into
 * the store. Any number of workers may do so; what is done twice gives the same bytes.
 *
 * @param where  the store of the run
 * @throws SigboxError E_ARGUMENT  an option that can't be right. E_MODEL  another model than the run's, or none. E_IO  a
 *   store without a plan, or that can't be read
 */
export function work(where: string, given: WorkOptions = {}): AsyncGenerator<WorkEvent, void, undefined> {
  return withFirstError(workOn(where, given));
}

async function* workOn(where: string, given: WorkOptions): AsyncGenerator<WorkEvent> {
  const { signal, queue, shard: share, ...options } = checkWorkOptions(given, 'work');
  if (queue !== undefined) redisName(queue); // before anything is loaded
  if (queue !== undefined && share !== undefined) {
    const expected = 'either a queue or a share of the chunks';
    throw complain('E_ARGUMENT', { where: 'work', expected, received: `both a queue and ${share}` });
  }
  if (queue !== undefined && given.workers === 0) {
    const expected = 'worker processes: inference in this process would keep it from renewing its locks';
    throw complain('E_ARGUMENT', { where: 'work', expected: `${expected}`, received: 'workers 0 and a queue' });
  }
  const own = queue === undefined ? shareOf(share) : null;
  let warn = (_message: string) => {};
  await using worker = await openDetection(where, { ...options, ...(signal && { signal }) }, (message) =>
    warn(`${message} It is tried again.`),
  );
  const { detection, done, run, images, chunks, warnings } = worker;
  await done.look(signal);
  yield { type: 'start', store: detection.run.store.name, run, images, chunks, done: done.size };
  const counts = { chunks: 0, images: 0, failures: 0, setAside: 0 };
  let warned = 0;
  const events = toldEvents<WorkEvent>(async (tell, stop) => {
    warn = (message) => tell({ type: 'warning', message });
    const working =
      own === null
        ? workQueue(detection, { url: queue!, done }, tell, stop)
        : workShare(detection, { own, done }, tell, stop);
    await working.catch((error) => {
      if (!stop.aborted) throw error;
    });
  }, signal);
  for await (const event of events) {
    if (event.type === 'set-aside') counts.setAside++;
    if (event.type === 'chunk' && event.isNew) {
      counts.chunks++;
      counts.images += event.images;
      counts.failures += event.failures;
    }
    yield event;
    for (; warned < warnings.length; warned++) yield { type: 'warning', message: warnings[warned]! };
  }
  yield { type: 'end', complete: signal?.aborted !== true, ...counts };
}

function shareOf(given: string | undefined): Shard {
  if (given !== undefined) return parseShard(given);
  return hasAutoShard() ? parseShard('auto') : { part: 1, of: 1 };
}
