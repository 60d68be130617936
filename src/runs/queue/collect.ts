import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pMapIterable } from 'p-map';
import { withDefaults } from '../../check/option.js';
import { complain, type SigboxError } from '../../errors.js';
import { readText } from '../../files/read-file.js';
import { FolderStore } from '../../files/store/folder-store.js';
import type { Store } from '../../files/store/store.js';
import { writeWhole } from '../../files/write-whole.js';
import { orFirstError } from '../../flow/first-error.js';
import { CANDIDATES_MAGIC } from '../../postprocess/candidates/codec.js';
import { counted } from '../../text/printable.js';
import { RECORD_FILE } from '../../types/record-file.js';
import { isBucket } from '../inputs/bucket-inputs.js';
import { writeProducts } from '../outputs/finish-run.js';
import { RENDERED } from '../outputs/rendering.js';
import type { Failure, RunSummary } from '../outputs/summary.js';
import { CANDIDATES_FILE } from '../record/candidates-file.js';
import { openFolder } from '../record/open-run.js';
import { FAILURES_FILE, failureLine, type RecordedFailure } from '../record/record.js';
import { HEADER_FILE, headerText } from '../record/run-header.js';
import { DoneChunks, namedSetAside, type SetAside } from './chunks/chunk-files.js';
import { chunkCount, imagesIn, Manifest, openPlan, type Plan, type PlannedRun } from './chunks/manifest.js';
import { type Part, readPart } from './chunks/read-part.js';
import {
  COLLECT_CALL_OPTIONS,
  type CollectOptions,
  checkCollectOptions,
  type SettledCollect,
} from './options/collect-options.js';

/** What was collected. */
export interface Collected {
  /** Where the run is now. */
  out: string;
  summary: RunSummary;
  /** Chunks without a part. */
  missing: number;
  /** Those of them that are not tried again, and why. */
  setAside: SetAside[];
}

/**
 * Joins the parts of a run into a folder, as `annotate` on one machine would have written it: the same lines in the same
 * order. Parts are read one after the other, however many there are. Pictures and crops stay in the store.
 *
 * @param where       the store of the run
 * @param given.out   folder for the collected run. Default: `collected` in the store
 * @throws SigboxError E_ARGUMENT  an option that can't be right. E_IO  chunks are missing and `partial` is not set; a part
 *   that can't be read or is not of this plan; the folder can't be written, or contains a run.
 */
export function collect(where: string, given: CollectOptions = {}): Promise<Collected> {
  return orFirstError(collectRun(where, given));
}

async function collectRun(where: string, given: CollectOptions): Promise<Collected> {
  const { out, ...options } = withDefaults(COLLECT_CALL_OPTIONS, checkCollectOptions(given, 'collect'));
  const run = await openPlan(where, options.signal);
  if (out !== undefined) return collectInto(run, out, options);
  if (!isBucket(where)) return collectInto(run, join(where, COLLECTED), options);
  const folder = await mkdtemp(join(tmpdir(), 'sigbox-collect-'));
  try {
    const collected = await collectInto(run, folder, options);
    await upload(folder, run.store, options.signal);
    return { ...collected, out: `${run.store.name}/${COLLECTED}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where a run is collected in its store. */
const COLLECTED = 'collected';
/** Files that are written into a bucket side by side. */
const UPLOADS = 8;

async function upload(folder: string, store: Store, signal: AbortSignal | undefined): Promise<void> {
  const put = async (file: string) => {
    await store.write(`${COLLECTED}/${file}`, new FolderStore(folder).stream(file), { signal });
  };
  const files = (async function* () {
    for await (const { key } of new FolderStore(folder).list('')) yield key;
  })();
  for await (const _ of pMapIterable(files, put, { concurrency: UPLOADS }));
}

async function collectInto(
  run: PlannedRun,
  out: string,
  { partial, restart, formats, confidence, labelsAs, imageIds, signal, onProgress }: Omit<SettledCollect, 'out'>,
): Promise<Collected> {
  const done = new DoneChunks(run);
  await done.look(signal);
  const missing = chunkCount(run.plan) - done.size;
  const aside = await namedSetAside(run, done, signal);
  if (missing > 0 && !partial) throw incomplete(run, done, aside.chunks.length);
  const again = restart || (await isCollected(out, run.plan));
  await using folder = await openFolder(out, { restart: again, formats });
  for (const written of WRITTEN) await run.store.removeAbandoned(written);
  const record = new Collection(run, done, { signal, onProgress });
  await writeWhole(join(out, RECORD_FILE), record.results());
  await writeWhole(join(out, FAILURES_FILE), record.failures.map(failureLine));
  if (run.header.candidates !== undefined) await writeWhole(join(out, CANDIDATES_FILE), record.candidates());
  const notBegun = run.plan.images - record.images;
  const state = { images: run.plan.images, complete: notBegun === 0 };
  const header = { ...run.header, rendering: NOT_DRAWN, exports: [...formats], state };
  await writeWhole(join(out, HEADER_FILE), [headerText(header)]);
  const summary = await writeProducts(folder.files, {
    images: imageIds === undefined ? [] : await record.names(),
    exports: { formats, confidence, labelsAs, imageIds },
    failures: [...unreadable(run.plan), ...record.failures.map(({ image, error }): Failure => ({ image, ...error }))],
    told: { done: 0, seconds: 0, otherFiles: run.plan.otherFiles, notBegun },
  });
  await folder.files.write(COLLECTED_FILE, [await collectedText(out, run.plan)]);
  return { out, summary, missing, setAside: aside.named };
}

/** Folders of a store that workers write into. */
const WRITTEN = ['parts', 'candidates', 'set-aside', ...RENDERED];

function unreadable(plan: Plan): Failure[] {
  return plan.unreadable.map(({ path, reason }) => ({ image: path, code: 'E_IO', message: reason }));
}

/** Pictures and crops stay in the store. */
const NOT_DRAWN = { pictures: false, pictureSize: null, crops: false };

/** Says that a folder holds what was collected of a plan, so that it may be collected again once there is more. */
const COLLECTED_FILE = '.sigbox-collected';

async function collectedText(out: string, { id }: Plan): Promise<string> {
  const sizes = [RECORD_FILE, FAILURES_FILE].map(async (file) => (await stat(join(out, file))).size);
  return `${JSON.stringify([id, ...(await Promise.all(sizes))])}\n`;
}

/** Whether a folder holds what was collected of this plan, and nothing that was added to it since. */
async function isCollected(out: string, plan: Plan): Promise<boolean> {
  try {
    return (await readText(join(out, COLLECTED_FILE))) === (await collectedText(out, plan));
  } catch {
    return false; // there is none
  }
}

/** Parts that are read ahead of the one that is written. */
const READ_AHEAD = 4;

interface Watching {
  signal: AbortSignal | undefined;
  onProgress: ((images: number) => void) | undefined;
}

/** The record of a run, part by part. */
class Collection {
  /** In the order of the images, once `results` has been gone through. */
  readonly failures: RecordedFailure[] = [];
  /** Images with a result or a failure, by then. */
  images = 0;
  readonly #run: PlannedRun;
  readonly #done: DoneChunks;
  readonly #manifest: Manifest;
  readonly #watching: Watching;

  constructor(run: PlannedRun, done: DoneChunks, watching: Watching) {
    this.#run = run;
    this.#done = done;
    this.#manifest = new Manifest(run);
    this.#watching = watching;
  }

  async *results(): AsyncGenerator<string> {
    const { onProgress } = this.#watching;
    let last = '';
    for await (const { lines, failures, first, last: end } of this.#parts()) {
      if (first <= last && this.images > 0) throw unsorted(this.#run, first);
      last = end;
      this.images += lines.length + failures.length;
      this.failures.push(...failures);
      yield lines.join('');
      onProgress?.(this.images);
    }
  }

  /** The blocks of candidates.bin. */
  async *candidates(): AsyncGenerator<Uint8Array> {
    yield CANDIDATES_MAGIC;
    for await (const { blocks } of this.#parts(true)) yield blocks;
  }

  /** Of all images that were planned. */
  async names(): Promise<string[]> {
    const names: string[] = [];
    for (let chunk = 0; chunk < chunkCount(this.#run.plan); chunk++) {
      names.push(...(await this.#manifest.images(chunk, this.#watching.signal)).map(({ name }) => name));
    }
    return names;
  }

  #parts(candidates = false): AsyncIterable<Part> {
    const { signal } = this.#watching;
    const read = async (chunk: number) => {
      signal?.throwIfAborted();
      const images = await this.#manifest.images(chunk, signal);
      return readPart(this.#run, { chunk, images, candidates }, signal);
    };
    return pMapIterable(this.#chunks(), read, { concurrency: READ_AHEAD });
  }

  *#chunks(): Generator<number> {
    for (let chunk = 0; chunk < chunkCount(this.#run.plan); chunk++) if (this.#done.has(chunk)) yield chunk;
  }
}

function incomplete({ store, plan }: PlannedRun, done: DoneChunks, setAside: number): SigboxError {
  let images = 0;
  for (const chunk of done.missing()) images += imagesIn(chunk, plan);
  const missing = `Missing: ${counted(images, 'image')}. sigbox work does the rest, --partial collects what is there.`;
  const aside = `Set aside: ${counted(setAside, 'chunk')}, named by sigbox status; plan --requeue has them tried again.`;
  return complain('E_IO', {
    where: store.name,
    expected: `parts of all ${chunkCount(plan)} chunks`,
    received: done.size,
    mend: setAside === 0 ? missing : `${missing} ${aside}`,
  });
}

function unsorted({ store }: PlannedRun, name: string): SigboxError {
  const expected = 'a manifest in the order of its names';
  return complain('E_IO', { where: store.name, expected, received: name });
}
