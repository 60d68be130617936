import { Readable } from 'node:stream';
import { untilAborted } from './until-aborted.js';

export interface ReadAheadOptions {
  /** Items that are asked for beyond the one that the reader wants, at most. */
  ahead: number;
  signal?: AbortSignal | undefined;
}

/**
 * Works on a source's items ahead of the reader, and gives the outcomes in the items' order. An outcome is given as soon
 * as it is there, whether or not the source has answered by then with another item: it may wait for the reader itself.
 *
 * @param work  begins with an item; must not reject
 * @throws what the source throws, after the outcomes of all items that it gave; the signal's reason, as soon as it aborts
 */
export async function* readAhead<Item, Outcome>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item) => Promise<Outcome>,
  { ahead, signal }: ReadAheadOptions,
): AsyncGenerator<Outcome> {
  signal?.throwIfAborted();
  const source = new Source(items, work, { ahead, signal });
  try {
    for (;;) {
      const outcome = await untilAborted(source.next(), signal);
      signal?.throwIfAborted(); // it may be there before the abort is heard of
      if (outcome === null) return;
      yield outcome.value;
    }
  } catch (error) {
    await source.close().catch(() => {}); // what ended the reading is the error to tell
    throw error;
  } finally {
    await source.close();
  }
}

class Source<Item, Outcome> {
  readonly #items: Iterable<Item> | AsyncIterable<Item>;
  readonly #iterator: AsyncIterator<Item>;
  readonly #work: (item: Item) => Promise<Outcome>;
  readonly #options: ReadAheadOptions;
  /** Of items in their order, from the one that the reader gets next. */
  readonly #outcomes: Promise<Outcome>[] = [];
  /** Items asked for, and those of them that the reader has wanted. */
  #asked = 0;
  #wanted = 0;
  /** What the source is still to answer. */
  #answer: Promise<void> | null = null;
  /** Once the source gives nothing more: the error that it threw, if it did. */
  #end: { error?: unknown } | null = null;

  constructor(
    items: Iterable<Item> | AsyncIterable<Item>,
    work: (item: Item) => Promise<Outcome>,
    options: ReadAheadOptions,
  ) {
    this.#items = items;
    this.#iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : oneByOne(items);
    this.#work = work;
    this.#options = options;
  }

  /** @returns null after the last */
  async next(): Promise<{ value: Outcome } | null> {
    this.#wanted++;
    this.#ask();
    while (this.#outcomes.length === 0 && this.#answer !== null) await this.#answer;
    const outcome = this.#outcomes.shift();
    if (outcome !== undefined) return { value: await outcome };
    if (this.#end !== null && 'error' in this.#end) throw this.#end.error;
    return null;
  }

  /** One item at a time, as long as the reader is not too far behind. */
  #ask(): void {
    const { ahead, signal } = this.#options;
    const enough = this.#asked >= this.#wanted + ahead;
    if (enough || this.#answer !== null || this.#end !== null || signal?.aborted === true) return;
    this.#asked++;
    this.#answer = this.#take().then(() => {
      this.#answer = null;
      this.#ask();
    });
  }

  async #take(): Promise<void> {
    try {
      const { done, value } = await this.#iterator.next();
      if (done === true) this.#end ??= {};
      else if (this.#end === null) this.#outcomes.push(this.#work(value));
    } catch (error) {
      this.#end ??= { error };
    }
  }

  /** A source that still owes an answer, or one that was aborted, is told, but not waited for. */
  async close(): Promise<void> {
    if (this.#end !== null) return;
    this.#end = {};
    const owes = this.#answer !== null;
    // The iterator of a Node stream would pass it on with its next item only.
    if (owes && this.#items instanceof Readable) this.#items.destroy();
    const closed = (async () => this.#iterator.return?.())();
    if (owes || this.#options.signal?.aborted === true) closed.catch(() => {});
    else await closed;
  }
}

async function* oneByOne<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}
