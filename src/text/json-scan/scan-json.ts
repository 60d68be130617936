import type { Items } from './entry.js';
import { EntryReader } from './entry-reader.js';
import { INCOMPLETE, JsonBytes } from './json-bytes.js';

/** What a JSON text may hold: a list of entries, an object with lists of entries, or either. */
export interface JsonShape {
  /** Entries of a list at the top. */
  items?: Items;
  /** Lists of entries by their key, of an object at the top; other keys are skipped. */
  members?: Readonly<Record<string, Items>>;
  /** Entries one after the other, as in JSON Lines; none of the others then. */
  lines?: Items;
  /** Called when a list of entries begins. @param key  '' for the list at the top */
  opens?(key: string): void;
}

const [QUOTE, OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x22, 0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Reads a JSON text as its bytes come in, entry by entry: neither the text nor its objects are ever in memory as a whole. The
 * syntax of all of it is checked, also of what is skipped.
 *
 * @param chunks  in any parts; each is done with before the next is asked for
 * @param where   what the bytes are of, for errors: a file's name
 * @throws SigboxError E_IO  no JSON, of another shape, or an entry that its visitor refuses; names line and column
 */
export async function scanJson(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  shape: JsonShape,
  where: string,
): Promise<void> {
  const scanner = new JsonScanner(shape, where);
  for await (const chunk of chunks) scanner.push(chunk);
  scanner.close();
}

type State =
  | 'start'
  | 'first key'
  | 'key'
  | 'after'
  | 'list'
  | 'first item'
  | 'item'
  | 'next item'
  | 'line'
  | 'skipping'
  | 'end';

/** The same, bytes pushed instead of pulled. */
export class JsonScanner {
  readonly #scan: JsonBytes;
  readonly #shape: JsonShape;
  readonly #readers = new Map<string, EntryReader>();
  readonly #seen = new Set<string>();
  #state: State = 'start';
  #reader: EntryReader | undefined;
  #index = 0;
  #isObject = false;
  #key = '';

  constructor(shape: JsonShape, where: string) {
    this.#shape = shape;
    this.#scan = new JsonBytes(where);
    for (const [key, items] of Object.entries(shape.members ?? {})) {
      this.#readers.set(key, new EntryReader(this.#scan, items, key));
    }
    const items = shape.lines ?? shape.items;
    if (items !== undefined) this.#reader = new EntryReader(this.#scan, items, '');
  }

  push(chunk: Uint8Array): void {
    this.#scan.append(chunk);
    this.#run();
  }

  /** Ends the input. @param mayBeCut  a last line that is cut off is dropped */
  close({ mayBeCut = false } = {}): void {
    if (mayBeCut && this.#state === 'line') return;
    this.#scan.close();
    this.#run();
    if (this.#state !== 'end') throw this.#scan.unexpected('JSON');
  }

  #run(): void {
    const scan = this.#scan;
    try {
      for (;;) {
        scan.mark = scan.at;
        if (this.#state === 'end') {
          if (scan.peek() === 0 && scan.isAtEnd) return;
          throw scan.unexpected('the end of the file');
        }
        this.#step();
      }
    } catch (error) {
      if (error !== INCOMPLETE) throw error;
      scan.at = scan.mark;
    }
  }

  /** One step, after which the window may drop what was read. */
  #step(): void {
    const scan = this.#scan;
    const state = this.#state;
    if (state === 'item' || state === 'line') this.#readItem();
    else if (state === 'next item') {
      if (scan.hasNext(CLOSE_LIST)) this.#state = 'item';
      else this.#endList();
    } else if (state === 'key' || state === 'first key') this.#readKey();
    else if (state === 'after') this.#state = scan.hasNext(CLOSE_OBJECT) ? 'key' : 'end';
    else if (state === 'skipping') {
      scan.skipOn(true);
      this.#state = 'after';
    } else if (state === 'start') this.#start();
    else this.#openList();
  }

  #openList(): void {
    const scan = this.#scan;
    if (this.#state === 'list') {
      if (scan.peek() !== OPEN_LIST) throw scan.unexpected(`${this.#key} to be a list`);
      scan.at++;
      this.#shape.opens?.(this.#key);
      this.#state = 'first item';
    } else if (scan.peek() === CLOSE_LIST) {
      scan.at++;
      this.#endList();
    } else this.#state = 'item';
  }

  #start(): void {
    const scan = this.#scan;
    if (scan.bytes[scan.at] === 0xef) this.#passByteOrderMark();
    if (this.#shape.lines !== undefined) {
      this.#state = 'line';
      return;
    }
    const byte = scan.peek();
    const [isList, isObject] = [this.#shape.items !== undefined, this.#shape.members !== undefined];
    if (byte === OPEN_LIST && isList) this.#state = 'list';
    else if (byte === OPEN_OBJECT && isObject) {
      scan.at++;
      this.#isObject = true;
      this.#state = 'first key';
    } else {
      const expected = isList && isObject ? 'a list or an object' : isList ? 'a list' : 'an object';
      throw scan.unexpected(expected);
    }
  }

  #passByteOrderMark(): void {
    const { bytes, at } = this.#scan;
    if (bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) this.#scan.at += 3;
    else if (bytes[at + 1] === 0 || bytes[at + 2] === 0) throw INCOMPLETE;
  }

  #readKey(): void {
    const scan = this.#scan;
    const byte = scan.peek();
    if (this.#state === 'first key' && byte === CLOSE_OBJECT) {
      scan.at++;
      this.#state = 'end';
      return;
    }
    if (byte !== QUOTE) throw scan.unexpected('a key in double quotes');
    const start = scan.at;
    const key = scan.readString();
    scan.expect(0x3a, '":"');
    scan.peek();
    this.#key = key;
    this.#reader = this.#readers.get(key);
    if (this.#reader === undefined) {
      scan.startSkipping();
      this.#state = 'skipping';
      return;
    }
    if (this.#seen.has(key)) throw scan.fail(`${key} once`, 'it twice', undefined, start);
    this.#seen.add(key);
    this.#index = 0;
    this.#state = 'list';
  }

  #readItem(): void {
    if (this.#state === 'line' && this.#scan.peek() === 0 && this.#scan.isAtEnd) {
      this.#state = 'end';
      return;
    }
    this.#reader!.read(this.#index);
    this.#index++;
    if (this.#state !== 'line') this.#state = 'next item';
  }

  #endList(): void {
    this.#state = this.#isObject ? 'after' : 'end';
  }
}
