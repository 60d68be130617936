import { setTimeout as sleep } from 'node:timers/promises';
import { type ReadHow, type Store, type StoredFile, StoreError, type Written } from './store.js';

export interface Patience {
  /** Called before each wait, with what went wrong. */
  onWait?: (message: string) => void;
  /** Milliseconds before the second attempt; twice as long before each that follows. Default 250 */
  first?: number;
  /** Attempts at most. Default 12, that is two minutes */
  attempts?: number;
}

/** Between two attempts, at most. */
const LONGEST_MS = 15_000;

/** Tries again what may work when it is tried again: a network that fails, a server that is overloaded, a disk that is full. */
export class PatientStore implements Store {
  readonly name: string;
  readonly #store: Store;
  readonly #patience: Required<Patience>;

  constructor(store: Store, { onWait = () => {}, first = 250, attempts = 12 }: Patience = {}) {
    this.name = store.name;
    this.#store = store;
    this.#patience = { onWait, first, attempts };
  }

  read(key: string, how: ReadHow = {}): Promise<{ bytes: Uint8Array; etag?: string }> {
    return this.#patiently(() => this.#store.read(key, how), how.signal);
  }

  /** As the store itself does: nobody knows what the reader has made of the pieces before a failure. */
  stream(key: string, how?: ReadHow): AsyncIterable<Uint8Array> {
    return this.#store.stream(key, how);
  }

  /** Bytes that are made on the way are written once. */
  write(
    key: string,
    bytes: Uint8Array | AsyncIterable<Uint8Array>,
    how: { ifAbsent?: boolean; signal?: AbortSignal | undefined } = {},
  ): Promise<Written> {
    if (!(bytes instanceof Uint8Array)) return this.#store.write(key, bytes, how);
    return this.#patiently(() => this.#store.write(key, bytes, how), how.signal);
  }

  find(key: string, how: { signal?: AbortSignal | undefined } = {}): Promise<StoredFile | null> {
    return this.#patiently(() => this.#store.find(key, how), how.signal);
  }

  /** Goes on behind the last key that was given. */
  async *list(
    prefix: string,
    how: { after?: string; signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<StoredFile> {
    let { after } = how;
    const begin = () =>
      this.#store.list(prefix, { ...how, ...(after !== undefined && { after }) })[Symbol.asyncIterator]();
    let files = begin();
    for (;;) {
      const next = await this.#patiently(async () => {
        try {
          return await files.next();
        } catch (error) {
          files = begin();
          throw error;
        }
      }, how.signal);
      if (next.done === true) return;
      after = next.value.key;
      yield next.value;
    }
  }

  remove(key: string): Promise<void> {
    return this.#patiently(() => this.#store.remove(key));
  }

  removeAbandoned(folder: string): Promise<void> {
    return this.#store.removeAbandoned(folder);
  }

  async #patiently<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { onWait, first, attempts } = this.#patience;
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        const isPassing = error instanceof StoreError && error.trouble === 'passing';
        if (!isPassing || attempt >= attempts || signal?.aborted === true) throw error;
        onWait(error.message);
      }
      await sleep(Math.min(LONGEST_MS, first * 2 ** (attempt - 1)), undefined, signal === undefined ? {} : { signal });
    }
  }
}
