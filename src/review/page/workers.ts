import { effect } from '@preact/signals';
import { BLOCK_ROWS } from '../protocol/blocks.js';
import { unpackColumns } from '../protocol/columns.js';
import type { Corrections, NamesBlock, PairColumns } from '../protocol/info.js';
import type { Reply, Request, ShownImage } from '../protocol/messages.js';
import { loadBytes, loadJson, openWorker } from './load.js';
import {
  confusion,
  corrections,
  fault,
  info,
  inspecting,
  knobs,
  mode,
  names,
  numbers,
  order,
  shows,
  upToDate,
  view,
} from './state.js';

/** Blocks that the worker for what is visible keeps. */
const LOOKOUT_BLOCKS = 24;

/** Told of every image that was looked at, at once: drawing does not wait for anything else. */
type Watcher = (image: ShownImage) => void;

class Crew {
  readonly #lookout: Worker;
  readonly #counter: Worker;
  /** By run and number. */
  readonly #blocks = new Map<string, Promise<Block>>();
  /** Per run, blocks that the lookout has. */
  readonly #atLookout = [new Set<number>(), new Set<number>()] as const;
  #pairs: Int32Array | null = null;
  readonly #watchers = new Map<number, Set<Watcher>>();
  readonly #naming = new Set<number>();
  #showing = 0;
  readonly #begun = { turned: 0, show: 0, count: 0 };
  #awaited = false;
  #again = false;
  #counted = 0;
  #wanted = false;

  constructor(lookout: Worker, counter: Worker) {
    this.#lookout = lookout;
    this.#counter = counter;
    lookout.onmessage = ({ data }: MessageEvent<Reply>) => this.#hear(data);
    counter.onmessage = ({ data }: MessageEvent<Reply>) => this.#hear(data);
  }

  open(opening: Omit<Extract<Request, { type: 'open' }>, 'type'>, pairs: Int32Array | null): void {
    this.#pairs = pairs;
    const request: Request = { type: 'open', ...opening };
    this.#lookout.postMessage(request);
    this.#counter.postMessage(request);
  }

  /** Looks at an image from now on, whenever a knob is turned. @returns what ends it */
  watch(row: number, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(row) ?? new Set();
    watchers.add(watcher);
    this.#watchers.set(row, watchers);
    this.#wantShow();
    void this.#bring(0, Math.floor(row / BLOCK_ROWS));
    const pair = this.#pairs?.[row] ?? -1;
    if (pair >= 0) void this.#bring(1, Math.floor(pair / BLOCK_ROWS));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#watchers.delete(row);
    };
  }

  /** Asks for what is watched, at once; while an answer is awaited, when that has come: knobs turn faster than it comes. */
  show(): void {
    this.#begun.turned = performance.now();
    if (this.#awaited) this.#again = true;
    else this.#ask();
  }

  #ask(): void {
    this.#awaited = true;
    this.#again = false;
    this.#begun.show = this.#begun.turned;
    const rows = [...this.#watchers.keys()];
    const judged = shows.groundTruth.value;
    const inspected = inspecting.value;
    this.#send(this.#lookout, { type: 'show', id: ++this.#showing, knobs: knobs.value, rows, judged, inspected });
  }

  count(): void {
    upToDate.value = false;
    const patches = mode.value === 'patches';
    this.#begun.count = performance.now();
    this.#send(this.#counter, { type: 'count', id: ++this.#counted, knobs: knobs.value, view: view.value, patches });
  }

  correct(all: Corrections, row: number): void {
    for (const worker of [this.#lookout, this.#counter])
      this.#send(worker, { type: 'corrected', row, corrections: all });
    this.show();
  }

  /** Brings the runs to the worker that counts, block after block. */
  async bringAll(): Promise<void> {
    for (const [number, { images }] of info.value.runs.entries()) {
      for (let block = 0; block * BLOCK_ROWS < images; block++) {
        const found = await this.#load(number, block);
        this.#blocks.delete(`${number}/${block}`);
        this.#send(this.#counter, { type: 'block', run: number, block, ...found });
      }
    }
  }

  /** Name of an image, once it is known. */
  name(row: number): string | undefined {
    const block = Math.floor(row / BLOCK_ROWS);
    const known = names.value.get(block);
    if (known === undefined && !this.#naming.has(block)) {
      this.#naming.add(block);
      void loadJson<NamesBlock>(`data/0/names/${block}.json`).then((found) => {
        names.value = new Map([...names.value, [block, found]]);
      }, complain);
    }
    return known?.names[row - block * BLOCK_ROWS];
  }

  remarks(row: number): string[] {
    const block = Math.floor(row / BLOCK_ROWS);
    return names.value.get(block)?.remarks[row - block * BLOCK_ROWS] ?? [];
  }

  async #bring(number: 0 | 1, block: number): Promise<void> {
    const there = this.#atLookout[number];
    if (there.has(block)) return;
    there.add(block);
    const found = await this.#load(number, block).catch(complain);
    if (found === undefined) return;
    this.#send(this.#lookout, { type: 'block', run: number, block, ...found });
    const needed = new Set([...this.#watchers.keys()].map((row) => this.#blockOf(number, row)));
    for (const old of [...there].slice(0, -LOOKOUT_BLOCKS)) {
      if (needed.has(old)) continue;
      there.delete(old);
      this.#send(this.#lookout, { type: 'drop', run: number, block: old });
    }
    this.#wantShow();
  }

  #blockOf(number: 0 | 1, row: number): number {
    return Math.floor((number === 0 ? row : (this.#pairs?.[row] ?? -1)) / BLOCK_ROWS);
  }

  #load(number: number, block: number): Promise<Block> {
    const key = `${number}/${block}`;
    const known = this.#blocks.get(key);
    if (known !== undefined) return known;
    const loading = loadBlock(number, block);
    this.#blocks.set(key, loading);
    void loading.catch(() => this.#blocks.delete(key));
    return loading;
  }

  /** Several cards appear at a time: one question for all of them. */
  #wantShow(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    queueMicrotask(() => {
      this.#wanted = false;
      this.show();
    });
  }

  #hear(reply: Reply): void {
    if (reply.type === 'failed') {
      fault.value = reply.message;
      this.#answered();
    } else if (reply.type === 'shown') {
      for (const image of reply.images) for (const watcher of this.#watchers.get(image.row) ?? []) watcher(image);
      measure('sigbox shown', this.#begun.show);
      this.#answered();
    } else if (reply.id !== this.#counted) return;
    else if (reply.type === 'counted') numbers.value = reply.numbers;
    else if (reply.type === 'ordered') {
      order.value = reply.order;
      measure('sigbox counted', this.#begun.count);
    } else {
      confusion.value = reply.confusion;
      upToDate.value = numbers.value?.exact === true;
    }
  }

  #answered(): void {
    this.#awaited = false;
    if (this.#again) this.#ask();
  }

  #send(worker: Worker, request: Request): void {
    worker.postMessage(request);
  }
}

/** For the browser's own tools: the time since a knob was turned. Only the latest is kept. */
function measure(name: string, start: number): void {
  performance.clearMeasures(name);
  performance.measure(name, { start });
}

interface Block {
  regions: ArrayBuffer;
  candidates: ArrayBuffer | null;
}

async function loadBlock(number: number, block: number): Promise<Block> {
  const path = (part: string) => `data/${number}/${part}/${block}.bin`;
  const [regions, candidates] = await Promise.all([
    loadBytes(path('regions')),
    info.value.runs[number]!.candidates ? loadBytes(path('candidates')) : null,
  ]);
  return { regions, candidates };
}

export let crew: Crew;

/** Starts the workers and has them follow the knobs. */
export async function startCrew(): Promise<void> {
  const page = info.value;
  const [lookout, counter, before, groundTruth, pairs] = await Promise.all([
    openWorker(),
    openWorker(),
    loadJson<Corrections>('data/0/corrections.json'),
    page.groundTruth === null ? null : loadBytes('data/0/ground-truth.bin'),
    page.runs.length < 2 ? null : loadBytes('data/pairs.bin'),
  ]);
  corrections.value = before;
  crew = new Crew(lookout, counter);
  const opening = { info: page, groundTruth, pairs, corrections: before };
  crew.open(opening, pairs === null ? null : unpackColumns<PairColumns>(pairs).pairs);
  effect(() => {
    void [knobs.value, shows.groundTruth.value, inspecting.value];
    crew.show();
  });
  effect(() => {
    void [knobs.value, view.value, mode.value, corrections.value];
    crew.count();
  });
  void crew.bringAll().catch(complain);
}

function complain(error: unknown): undefined {
  fault.value = error instanceof Error ? error.message : String(error);
}
