import { createRequire } from 'node:module';
import type { DetectorOutput } from '../sets.js';

/** One call: how long it took, and what came out, so that contenders can be compared. */
export interface Measured {
  ms: number;
  kept: number;
  /** Of the scores kept. */
  sum: number;
}

/** Calls one after the other. What came out of the last one. */
export interface Turn extends Omit<Measured, 'ms'> {
  /** Of each call. */
  ms: number[];
}

/** A turn has so many calls, or fewer: none is begun once they have taken `ms` together. */
export interface TurnLength {
  calls: number;
  ms: number;
}

/** One way of post-processing, with a copy of the output of its own, which is written anew before every call. */
export type Contender = (multi: boolean, length: TurnLength) => Promise<Turn>;

/** Someone else's post-processing. */
export interface Rival {
  /** Gives it the output of a detector; null where it can't take it. */
  load(output: DetectorOutput): Promise<Record<string, Contender> | null>;
  close(): Promise<void>;
}

/**
 * A contender in this process.
 *
 * @param write  writes the contender's copy of the output, as inference would before every call; not timed
 * @param call   times itself
 */
export function contenderOf(write: () => void, call: (multi: boolean) => Measured | Promise<Measured>): Contender {
  return async (multi, length) => {
    const turn: Turn = { ms: [], kept: 0, sum: 0 };
    for (let spent = 0; turn.ms.length < length.calls && spent < length.ms; ) {
      write();
      const { ms, ...found } = await call(multi);
      Object.assign(turn, found);
      turn.ms.push(ms);
      spent += ms;
    }
    return turn;
  };
}

/** A package of bench/package.json, typed as little as it is used. */
// biome-ignore lint/suspicious/noExplicitAny: the root project is checked where these packages are not installed
export async function contender(name: string): Promise<any> {
  const { resolve } = createRequire(new URL('../package.json', import.meta.url));
  return import(resolve(name));
}

export function folderOfContender(name: string): string {
  const entry = createRequire(new URL('../package.json', import.meta.url)).resolve(name);
  return entry.slice(0, entry.lastIndexOf('/') + 1);
}
