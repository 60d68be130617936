import { setTimeout as sleep } from 'node:timers/promises';
import { SigboxError } from '../../../errors.js';
import { asTheyFinish } from '../../as-they-finish.js';
import type { Shard } from '../../inputs/shard.js';
import type { ChunkDetection } from '../chunks/chunk-detection.js';
import { type DoneChunks, listSetAside } from '../chunks/chunk-files.js';
import type { WorkEvent } from '../work.js';

/** A chunk that fails so often is set aside. */
export const ATTEMPTS = 3;
/** Before the second attempt; twice as long before each that follows. */
export const BACKOFF_MS = 1_000;
/** While the last images of one are worked on, those of the next begin. */
export const CHUNKS_AT_ONCE = 2;

interface Share {
  own: Shard;
  done: DoneChunks;
}

/** Works on every `of`th chunk that is not done: the door without a queue. */
export async function workShare(
  detection: ChunkDetection,
  { own, done }: Share,
  tell: (event: WorkEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const aside = new Set(await listSetAside(detection.run, signal));
  function* chunks() {
    for (const chunk of done.missing()) {
      if (signal.aborted) return;
      if (chunk % own.of === own.part - 1 && !aside.has(chunk)) yield chunk;
    }
  }
  const work = (chunk: number) => workOn(detection, chunk, tell, signal);
  for await (const _ of asTheyFinish(chunks(), work, CHUNKS_AT_ONCE));
}

async function workOn(
  detection: ChunkDetection,
  chunk: number,
  tell: (event: WorkEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      tell({ type: 'chunk', ...(await detection.detect(chunk, signal)) });
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof SigboxError)) throw error;
      if (attempt === ATTEMPTS) {
        tell({ type: 'set-aside', ...(await detection.setAside(chunk, attempt, error)) });
        return;
      }
      tell({ type: 'retry', chunk, attempt, message: error.message });
      await sleep(BACKOFF_MS * 2 ** (attempt - 1), undefined, { signal }).catch(() => {});
    }
  }
}
