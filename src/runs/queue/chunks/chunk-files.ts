import { check } from '../../../check/check.js';
import { type Infer, object } from '../../../check/shapes.js';
import { count, text, wholeFromZero } from '../../../check/words.js';
import { complain } from '../../../errors.js';
import type { Store } from '../../../files/store/store.js';
import { chunkCount, keyNumber, type Plan, type PlannedRun, parseJson } from './manifest.js';

const PARTS = 'parts/';
const SET_ASIDE = 'set-aside/';

/** The results and failures of a chunk, in the order of its images. That it is there is all that says that a chunk is done. */
export function partKey(chunk: number): string {
  return `${PARTS}${keyNumber(chunk)}.jsonl`;
}

/** What the model saw in the images of a chunk, as in candidates.bin; written before the part. */
export function candidatesKey(chunk: number): string {
  return `candidates/${keyNumber(chunk)}.bin`;
}

export function setAsideKey(chunk: number): string {
  return `${SET_ASIDE}${keyNumber(chunk)}.json`;
}

/** A chunk that is not tried again, and why. */
export type SetAside = Infer<typeof setAsideSchema>;
const setAsideSchema = object({
  chunk: wholeFromZero,
  /** How often it was tried. */
  attempts: count,
  /** Its first image and its last one. */
  first: text,
  last: text,
  code: text,
  message: text,
});

export function setAsideText(given: SetAside): Uint8Array {
  return Buffer.from(`${JSON.stringify(given)}\n`);
}

/** Chunks by number, a bit for each. */
export class ChunkSet {
  readonly #bits: Uint8Array;
  size = 0;

  constructor(chunks: number) {
    this.#bits = new Uint8Array(Math.ceil(chunks / 8));
  }

  has(chunk: number): boolean {
    return (this.#bits[chunk >> 3]! & (1 << (chunk & 7))) !== 0;
  }

  add(chunk: number): void {
    if (this.has(chunk)) return;
    this.#bits[chunk >> 3]! |= 1 << (chunk & 7);
    this.size++;
  }
}

/** Which chunks of a run are done, as far as the store has been looked at: what is there once is there for good. */
export class DoneChunks {
  readonly #run: PlannedRun;
  readonly #done: ChunkSet;
  /** All before this one are done. */
  #first = 0;

  constructor(run: PlannedRun) {
    this.#run = run;
    this.#done = new ChunkSet(chunkCount(run.plan));
  }

  get size(): number {
    return this.#done.size;
  }

  has(chunk: number): boolean {
    return this.#done.has(chunk);
  }

  add(chunk: number): void {
    this.#done.add(chunk);
  }

  /**
   * Looks which parts are there by now.
   *
   * @param take  gets each part that was not known, and when it was written, milliseconds
   */
  async look(signal?: AbortSignal, take: (chunk: number, modified: number) => void = () => {}): Promise<void> {
    const { store, plan } = this.#run;
    const chunks = chunkCount(plan);
    while (this.#first < chunks && this.#done.has(this.#first)) this.#first++;
    if (this.#first === chunks) return;
    const after = this.#first === 0 ? {} : { after: partKey(this.#first - 1) };
    for await (const { key, modified } of store.list(PARTS, { ...after, signal })) {
      const chunk = numberIn(key, partKey, plan);
      if (chunk === null || this.#done.has(chunk)) continue;
      this.#done.add(chunk);
      take(chunk, modified);
    }
  }

  /** Chunks without a part, in their order. */
  *missing(): Generator<number> {
    for (let chunk = this.#first; chunk < chunkCount(this.#run.plan); chunk++) if (!this.#done.has(chunk)) yield chunk;
  }
}

/** Chunks that were set aside, in their order; some may have been done since. */
export async function listSetAside({ store, plan }: PlannedRun, signal?: AbortSignal): Promise<number[]> {
  const chunks: number[] = [];
  for await (const { key } of store.list(SET_ASIDE, { signal })) {
    const chunk = numberIn(key, setAsideKey, plan);
    if (chunk !== null) chunks.push(chunk);
  }
  return chunks;
}

/** So many chunks are named. */
const NAMED = 100;

/** Chunks that were set aside and not done since, as far as `done` has looked; and why, of the first hundred. */
export async function namedSetAside(
  run: PlannedRun,
  done: DoneChunks,
  signal?: AbortSignal,
): Promise<{ chunks: number[]; named: SetAside[] }> {
  const chunks = (await listSetAside(run, signal)).filter((chunk) => !done.has(chunk));
  const read = (chunk: number) => readSetAside(run.store, chunk, signal);
  return { chunks, named: await Promise.all(chunks.slice(0, NAMED).map(read)) };
}

/** @throws SigboxError E_IO  it can't be read, or says something else */
async function readSetAside(store: Store, chunk: number, signal?: AbortSignal): Promise<SetAside> {
  const where = `${store.name}: ${setAsideKey(chunk)}`;
  const { bytes } = await store.read(setAsideKey(chunk), { signal });
  const given = check(setAsideSchema, parseJson(bytes, where), { where, code: 'E_IO' });
  if (given.chunk === chunk) return given;
  throw complain('E_IO', { where, expected: `chunk ${chunk}`, received: given.chunk });
}

/** The chunk that a key is of; null for what is no key of a chunk of this plan. */
function numberIn(key: string, keyOf: (chunk: number) => string, plan: Plan): number | null {
  const chunk = Number(/\/(\d+)\.[a-z]+$/.exec(key)?.[1] ?? Number.NaN);
  return Number.isInteger(chunk) && chunk < chunkCount(plan) && keyOf(chunk) === key ? chunk : null;
}
