import type { FileState } from './record.js';

/** Where a line begins and ends in its file, bytes. */
export interface LinePlace {
  start: number;
  end: number;
}

/** A recorded result, without what was found: the whole stands in unfiltered.jsonl, at this place. */
export interface RecordEntry extends LinePlace {
  file: FileState;
  /** Whether only a part of the image could be decoded. */
  damaged: boolean;
}

/** Numbers of an entry: start, end, bytes and time of change of its file. */
const NUMBERS = 4;

/**
 * Entries by image, in the order in which they were added. Numbers lie in one array: a run holds an entry for each of its
 * images, and as objects they would take five times the room.
 */
export class RecordEntries {
  readonly #rows = new Map<string, number>();
  readonly #hashes = new Map<string, string>();
  readonly #etags = new Map<string, string>();
  readonly #damaged = new Set<string>();
  #numbers = new Float64Array(256 * NUMBERS); // [rows, NUMBERS]
  #added = 0;

  get size(): number {
    return this.#rows.size;
  }

  has(image: string): boolean {
    return this.#rows.has(image);
  }

  images(): IterableIterator<string> {
    return this.#rows.keys();
  }

  get(image: string): RecordEntry | undefined {
    const row = this.#rows.get(image);
    if (row === undefined) return undefined;
    const [start, end, bytes, modified] = this.#numbers.subarray(row * NUMBERS, (row + 1) * NUMBERS);
    const file: FileState = { bytes: bytes!, modified: new Date(modified!).toISOString() };
    const etag = this.#etags.get(image);
    if (etag !== undefined) file.etag = etag;
    const sha256 = this.#hashes.get(image);
    if (sha256 !== undefined) file.sha256 = sha256;
    return { start: start!, end: end!, file, damaged: this.#damaged.has(image) };
  }

  /** Adds an entry, or replaces it behind all others. */
  set(image: string, { start, end, file, damaged }: RecordEntry): void {
    this.delete(image);
    const row = this.#added++;
    if (this.#added * NUMBERS > this.#numbers.length) {
      const more = new Float64Array(2 * this.#numbers.length);
      more.set(this.#numbers);
      this.#numbers = more;
    }
    this.#numbers.set([start, end, file.bytes, Date.parse(file.modified)], row * NUMBERS);
    this.#rows.set(image, row);
    if (file.etag !== undefined) this.#etags.set(image, file.etag);
    if (file.sha256 !== undefined) this.#hashes.set(image, file.sha256);
    if (damaged) this.#damaged.add(image);
  }

  delete(image: string): boolean {
    this.#etags.delete(image);
    this.#hashes.delete(image);
    this.#damaged.delete(image);
    return this.#rows.delete(image);
  }

  *[Symbol.iterator](): Generator<[image: string, RecordEntry]> {
    for (const image of this.#rows.keys()) yield [image, this.get(image)!];
  }
}
