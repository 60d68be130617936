import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reason, SigboxError } from '../errors.js';
import { readLines } from './lines.js';
import { writeWhole } from './write-whole.js';

/** Characters of items that are kept in memory, some 200 MB with everything around them. */
const IN_MEMORY = 32 * 1024 * 1024;

/** Bytes that are read at a time of each piece: a hundred pieces, ten million names of a bucket, are open at once. */
const READ_AT_ONCE = 1 << 14;

/** What an item costs besides its text, in characters. */
const ITEM_COST = 50;

/** An item of a sorted sequence, and where the rest of the sequence comes from. */
interface Head<Item> {
  key: string;
  item: Item;
  /** Number of the sequence: items with equal keys come in the order in which they were added. */
  of: number;
  rest: AsyncIterator<Item>;
}

/**
 * Sorts more items than fit into memory, by the UTF-16 code units of a key: sorted pieces lie in temporary files and are
 * merged as they are read. Items with equal keys keep their order. To be disposed of, which removes the files.
 *
 * Every method throws SigboxError E_IO where the temporary files can't be written or read.
 */
export class ExternalSort<Item> implements AsyncDisposable {
  readonly #keyOf: (item: Item) => string;
  readonly #inMemory: number;
  #items: { key: string; text: string }[] = [];
  #size = 0;
  #folder: string | undefined;
  readonly #files: string[] = [];

  /**
   * @param keyOf           key of an item
   * @param options.inMemory  characters of items, as JSON, that are kept in memory
   */
  constructor(keyOf: (item: Item) => string, { inMemory = IN_MEMORY } = {}) {
    this.#keyOf = keyOf;
    this.#inMemory = inMemory;
  }

  /** @param item  must survive JSON */
  async add(item: Item): Promise<void> {
    const text = JSON.stringify(item);
    const key = this.#keyOf(item);
    this.#items.push({ key, text });
    this.#size += text.length + key.length + ITEM_COST;
    if (this.#size > this.#inMemory) await this.#spill();
  }

  /** All items in order. May be gone through once, when all have been added. */
  async *sorted(): AsyncGenerator<Item> {
    const rest = this.#sortedItems();
    const sequences: AsyncGenerator<Item>[] = [...this.#files.map((file) => this.#read(file)), parsed<Item>(rest)];
    try {
      yield* merged(sequences, this.#keyOf);
    } finally {
      for (const sequence of sequences) await sequence.return(undefined);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }

  #sortedItems(): readonly { text: string }[] {
    const items = this.#items;
    [this.#items, this.#size] = [[], 0];
    return items.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  }

  async #spill(): Promise<void> {
    this.#folder ??= await mkdtemp(join(tmpdir(), 'sigbox-sort-')).catch((cause) => {
      throw new SigboxError('E_IO', `${tmpdir()}: cannot be written to: ${reason(cause)}.`, { cause });
    });
    const file = join(this.#folder, `${this.#files.length}.jsonl`);
    await writeWhole(file, lines(this.#sortedItems()));
    this.#files.push(file);
  }

  async *#read(file: string): AsyncGenerator<Item> {
    try {
      for await (const { text } of readLines(file, READ_AT_ONCE)) yield JSON.parse(text);
    } catch (cause) {
      throw new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}.`, { cause });
    }
  }
}

function* lines(items: readonly { text: string }[]): Generator<string> {
  for (const { text } of items) yield `${text}\n`;
}

async function* parsed<Item>(items: readonly { text: string }[]): AsyncGenerator<Item> {
  for (const { text } of items) yield JSON.parse(text);
}

/** One sorted sequence of several. */
async function* merged<Item>(
  sequences: readonly AsyncGenerator<Item>[],
  keyOf: (item: Item) => string,
): AsyncGenerator<Item> {
  const heads: Head<Item>[] = []; // the next one last
  const advance = async (of: number, rest: AsyncIterator<Item>) => {
    const { done, value: item } = await rest.next();
    if (done === true) return;
    const head = { key: keyOf(item), item, of, rest };
    let [low, high] = [0, heads.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (comesBefore(head, heads[middle]!)) low = middle + 1;
      else high = middle;
    }
    heads.splice(low, 0, head);
  };
  for (const [of, sequence] of sequences.entries()) await advance(of, sequence);
  for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
    yield head.item;
    await advance(head.of, head.rest);
  }
}

function comesBefore(a: Head<unknown>, b: Head<unknown>): boolean {
  return a.key < b.key || (a.key === b.key && a.of < b.of);
}
