import { createRequire } from 'node:module';
import type { DetectorOutput } from '../sets.js';

/** One measurement: how long it took, and what came out, so that contenders can be compared. */
export interface Measured {
  ms: number;
  kept: number;
  /** Of the scores kept. */
  sum: number;
}

/** Someone else's post-processing. */
export interface Rival {
  /** Gives it the output of a detector; null where it can't take it. */
  load(output: DetectorOutput): Promise<Record<string, (multi: boolean) => Promise<Measured>> | null>;
  close(): Promise<void>;
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
