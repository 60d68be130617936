import { complain, type SigboxError } from '../../errors.js';
import { LineCounter } from './line-counter.js';
import { NumberReader } from './read-number.js';

/** Thrown where the bytes end in the middle of a value and more may follow. Never leaves the scanner. */
export const INCOMPLETE = Symbol('incomplete');

const [QUOTE, BACKSLASH, COMMA, COLON, MINUS] = [0x22, 0x5c, 0x2c, 0x3a, 0x2d];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const MAX_DEPTH = 512;
/** A single value that is read whole may be this long, bytes. */
const MAX_VALUE = 2 ** 28;

/** What comes next while a value is skipped. */
const AWAITS = { value: 0, firstItem: 1, firstKey: 2, key: 3, next: 4 } as const;

/**
 * A window on the bytes of a JSON text, and the tokens at its current position. Every method either moves past what it
 * reads, or throws: INCOMPLETE where the window ends first, else an error that names line and column.
 *
 * The byte behind the window is 0, which ends every token: loops need not compare with the end.
 */
export class JsonBytes {
  bytes = new Uint8Array(1 << 16);
  /** Position in the window. */
  at = 0;
  /** Bytes from here on are needed again when the window ends. */
  mark = 0;
  readonly #where: string;
  readonly #lines = new LineCounter();
  readonly #numbers = new NumberReader();
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** Open brackets of a value that is skipped. */
  readonly #open = new Uint8Array(MAX_DEPTH);
  #depth = 0;
  #awaits: number = AWAITS.value;
  #end = 0;
  #isLast = false;

  /** @param where  what the bytes are of, for errors: a file's name */
  constructor(where: string) {
    this.#where = where;
  }

  /** Adds bytes behind the window; those before the mark are dropped. @param chunk  copied */
  append(chunk: Uint8Array): void {
    const rest = this.#end - this.mark;
    this.#lines.advance(this.bytes, this.mark);
    if (rest + chunk.length + 1 > this.bytes.length) {
      if (rest > MAX_VALUE) throw this.fail(`a value of at most ${MAX_VALUE >> 20} MiB`, 'a longer one');
      const larger = new Uint8Array(2 * (rest + chunk.length + 1));
      larger.set(this.bytes.subarray(this.mark, this.#end));
      this.bytes = larger;
    } else {
      this.bytes.copyWithin(0, this.mark, this.#end);
    }
    this.bytes.set(chunk, rest);
    this.#end = rest + chunk.length;
    this.bytes[this.#end] = 0;
    this.at -= this.mark;
    this.mark = 0;
  }

  /** Says that nothing follows the window. */
  close(): void {
    this.#isLast = true;
  }

  get isAtEnd(): boolean {
    return this.at === this.#end;
  }

  /** The next byte that is not white space; 0 at the end of all bytes. */
  peek(): number {
    const { bytes } = this;
    let { at } = this;
    let byte = bytes[at]!;
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      if (byte === 0x0a) this.#lines.count(at);
      byte = bytes[++at]!;
    }
    this.at = at;
    if (byte === 0 && at === this.#end && !this.#isLast) throw INCOMPLETE;
    return byte;
  }

  /** Moves past a byte, after white space. */
  expect(byte: number, expected: string): void {
    if (this.peek() !== byte) throw this.unexpected(expected);
    this.at++;
  }

  /** After a value in a list or an object: whether another one follows. @param close  the bracket that ends it */
  hasNext(close: number): boolean {
    const byte = this.peek();
    if (byte !== COMMA && byte !== close) throw this.unexpected(`"," or "${String.fromCharCode(close)}"`);
    this.at++;
    if (byte === close) return false;
    this.peek();
    return true;
  }

  /** A number, the same double that JSON.parse gives. */
  readNumber(expected = 'a number'): number {
    const byte = this.peek();
    if (byte !== MINUS && (byte < 0x30 || byte > 0x39)) throw this.unexpected(expected);
    const { bytes, at } = this;
    const value = this.#numbers.read(bytes, at);
    this.at = this.#numbers.end;
    if (this.at === this.#end && !this.#isLast) throw INCOMPLETE;
    if (!this.#numbers.isWellFormed) throw this.unexpected('a digit');
    return value;
  }

  /** A string. */
  readString(expected = 'a string'): string {
    if (this.peek() !== QUOTE) throw this.unexpected(expected);
    const start = this.at;
    this.skipString();
    const inside = this.bytes.subarray(start + 1, this.at - 1);
    const text = this.#decoder.decode(inside); // skipString has checked it
    return inside.includes(BACKSLASH) ? (JSON.parse(`"${text}"`) as string) : text;
  }

  /** Moves past a string. */
  skipString(): void {
    const { bytes } = this;
    const start = this.at;
    let at = start + 1;
    let isAscii = true;
    for (;;) {
      const byte = bytes[at]!;
      if (byte === QUOTE) break;
      if (byte < 0x20 || byte === BACKSLASH) at = this.#pastEscape(at);
      else at++;
      if (byte >= 0x80) isAscii = false;
    }
    this.at = at + 1;
    if (!isAscii) this.#requireUtf8(start + 1, at);
  }

  #pastEscape(at: number): number {
    const { bytes } = this;
    const incomplete = (place: number) => place >= this.#end && !this.#isLast;
    const wrong = (place: number, expected: string) => {
      this.at = place;
      return incomplete(place) ? INCOMPLETE : this.unexpected(expected);
    };
    if (bytes[at] !== BACKSLASH) throw wrong(at, at >= this.#end ? 'the end of the string' : 'no control character');
    const letter = bytes[at + 1]!;
    if (letter !== 0x75) {
      if ('"\\/bfnrt'.includes(String.fromCharCode(letter)) && letter !== 0) return at + 2;
      throw wrong(at + 1, 'an escape: \\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u');
    }
    for (let i = at + 2; i < at + 6; i++) {
      const byte = bytes[i]!;
      const isHex = (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
      if (!isHex) throw wrong(i, 'four hexadecimal digits');
    }
    return at + 6;
  }

  #requireUtf8(start: number, end: number): void {
    try {
      this.#decoder.decode(this.bytes.subarray(start, end));
    } catch {
      this.at = start;
      throw this.fail('UTF-8', 'a string with other bytes');
    }
  }

  /** Moves past a value of any kind; its syntax is checked like that of every other. */
  skipValue(): void {
    this.startSkipping();
    this.skipOn(false);
  }

  startSkipping(): void {
    this.#depth = 0;
    this.#awaits = AWAITS.value;
  }

  /**
   * Skips a value, or goes on where a window ended: each token is a step of its own.
   *
   * @param drops  whether the window may drop what was skipped; if not, INCOMPLETE means to start again
   */
  skipOn(drops: boolean): void {
    for (;;) {
      if (drops) this.mark = this.at;
      const byte = this.peek();
      const awaits = this.#awaits;
      if (
        (awaits === AWAITS.firstItem && byte === CLOSE_LIST) ||
        (awaits === AWAITS.firstKey && byte === CLOSE_OBJECT)
      ) {
        this.at++;
        this.#depth--;
        this.#awaits = AWAITS.next;
      } else if (awaits === AWAITS.key || awaits === AWAITS.firstKey) {
        this.skipKey();
        this.#awaits = AWAITS.value;
      } else if (awaits === AWAITS.next) this.#goOn();
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#enter(byte);
      else {
        if (byte === QUOTE) this.skipString();
        else if (byte === MINUS || (byte >= 0x30 && byte <= 0x39)) this.readNumber();
        else this.readLiteral();
        this.#awaits = AWAITS.next;
      }
      if (this.#depth === 0 && this.#awaits === AWAITS.next) return;
    }
  }

  #enter(bracket: number): void {
    if (this.#depth === MAX_DEPTH) throw this.fail(`at most ${MAX_DEPTH} levels of brackets`, 'more');
    this.at++;
    this.#open[this.#depth++] = bracket;
    this.#awaits = bracket === OPEN_OBJECT ? AWAITS.firstKey : AWAITS.firstItem;
  }

  #goOn(): void {
    const isObject = this.#open[this.#depth - 1] === OPEN_OBJECT;
    const byte = this.bytes[this.at];
    if (byte === COMMA) this.#awaits = isObject ? AWAITS.key : AWAITS.value;
    else if (byte === (isObject ? CLOSE_OBJECT : CLOSE_LIST)) this.#depth--;
    else throw this.unexpected(isObject ? '"," or "}"' : '"," or "]"');
    this.at++;
  }

  /** Moves past a key and its colon. */
  skipKey(): void {
    if (this.peek() !== QUOTE) throw this.unexpected('a key in double quotes');
    this.skipString();
    this.expect(COLON, '":"');
  }

  /** true, false or null. */
  readLiteral(expected = 'a value'): boolean | null {
    const byte = this.peek();
    const word = byte === 0x74 ? 'true' : byte === 0x66 ? 'false' : byte === 0x6e ? 'null' : '';
    if (word === '') throw this.unexpected(expected);
    for (let i = 1; i < word.length; i++) {
      if (this.bytes[this.at + i] === word.charCodeAt(i)) continue;
      if (this.at + i >= this.#end && !this.#isLast) throw INCOMPLETE;
      throw this.unexpected(word);
    }
    this.at += word.length;
    return byte === 0x6e ? null : byte === 0x74;
  }

  /** A value of any kind, parsed. */
  readValue(): unknown {
    this.peek();
    const start = this.at;
    this.skipValue();
    return JSON.parse(this.#decoder.decode(this.bytes.subarray(start, this.at)));
  }

  /** An error about the byte at the current position. */
  unexpected(expected: string): SigboxError | typeof INCOMPLETE {
    const rest = this.bytes.subarray(this.at, Math.min(this.#end, this.at + 24));
    if (!this.#isLast && rest.length < 24) return INCOMPLETE; // the whole word is told
    if (rest.length === 0) return this.fail(expected, 'the end of the file');
    const [word = ''] = /^(?:-?[A-Za-z]+|.)/su.exec(new TextDecoder().decode(rest)) ?? [];
    return this.fail(expected, word);
  }

  /** An error with the place in the file. @param at  position in the window */
  fail(expected: string, received: unknown, what?: string, at = this.at): SigboxError {
    const { line, column } = this.#lines.placeOf(this.bytes, Math.min(at, this.#end));
    const where = `${this.#where}: line ${line}, column ${column}${what === undefined ? '' : `: ${what}`}`;
    return complain('E_IO', { where, expected, received });
  }
}
