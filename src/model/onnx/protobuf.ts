import { fstatSync, readSync } from 'node:fs';
import { closeRead, openRegularSync } from '../../files/read-file.js';

// Wire types of Protocol Buffers.
const VARINT = 0;
const I64 = 1;
const BYTES = 2;
const I32 = 5;
const HEAD_BYTES = 20; // a tag and a length, at most ten bytes each
const WINDOW_BYTES = 2 ** 14;

/** One field of a message: its number, and its value (a varint) or the place of its content. */
export interface Field {
  number: number;
  /** Of a varint, with its sign; else 0. */
  value: number;
  /** Whether its content is bytes: a text, a message, or numbers in a row. */
  packed: boolean;
  start: number;
  end: number;
}

/** A file that is read where it is looked at: what is stepped over costs nothing, whatever its size. */
export class ProtobufFile {
  readonly size: number;
  readonly #fd: number;
  #window = new Uint8Array(0);
  #at = 0;

  /** @throws the system's error where the file can't be opened */
  constructor(path: string) {
    this.#fd = openRegularSync(path);
    this.size = fstatSync(this.#fd).size;
  }

  close(): void {
    closeRead(this.#fd);
  }

  /** The fields of the message that lies between two places of the file; without them, of the whole file. */
  *fields({ start, end }: Pick<Field, 'start' | 'end'> = { start: 0, end: this.size }): Generator<Field> {
    for (let at = start; at < end; ) {
      const field = readField(this.#bytes(at, Math.min(HEAD_BYTES, end - at)), at);
      const length = field.end - field.start;
      if (field.end > end) {
        throw new Error(`it ends after ${end - start} bytes, in the middle of a field of ${length} bytes`);
      }
      yield field;
      at = field.end;
    }
  }

  /** The first bytes. */
  head(count: number): Uint8Array {
    return this.#bytes(0, Math.min(count, this.size));
  }

  text({ start, end }: Field): string {
    return new TextDecoder().decode(this.#bytes(start, end - start));
  }

  bytes({ start, end }: Field): Uint8Array {
    return this.#bytes(start, end - start);
  }

  /** The float32 numbers of a field, one or many. */
  floats(field: Field): number[] {
    const bytes = this.bytes(field);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Array.from({ length: bytes.length >> 2 }, (_, i) => view.getFloat32(4 * i, true));
  }

  #bytes(position: number, length: number): Uint8Array {
    const from = position - this.#at;
    if (from < 0 || from + length > this.#window.length) {
      const window = new Uint8Array(Math.max(length, Math.min(WINDOW_BYTES, this.size - position)));
      let filled = 0;
      while (filled < window.length) {
        const count = readSync(this.#fd, window, filled, window.length - filled, position + filled);
        if (count === 0) throw new Error(`only ${filled} of ${window.length} bytes could be read`);
        filled += count;
      }
      this.#window = window;
      this.#at = position;
      return window.subarray(0, length);
    }
    return this.#window.subarray(from, from + length);
  }
}

function readField(bytes: Uint8Array, at: number): Field {
  const tag = readVarint(bytes, 0);
  const number = Math.floor(tag.value / 8);
  const wire = tag.value % 8;
  const after = at + tag.end;
  if (number === 0) throw new Error('field number 0');
  if (wire === I64) return { number, value: 0, packed: false, start: after, end: after + 8 };
  if (wire === I32) return { number, value: 0, packed: false, start: after, end: after + 4 };
  if (wire !== VARINT && wire !== BYTES) throw new Error(`wire type ${wire}`);
  const { value, end } = readVarint(bytes, tag.end);
  const start = at + end;
  if (wire === VARINT) return { number, value, packed: false, start, end: start };
  return { number, value: 0, packed: true, start, end: start + value };
}

/** Numbers in a row. */
export function varints(bytes: Uint8Array): number[] {
  const values: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { value, end } = readVarint(bytes, at);
    values.push(value);
    at = end;
  }
  return values;
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let i = start, unit = 1; i < start + 10; i++, unit *= 128) {
    const byte = bytes[i];
    if (byte === undefined) throw new Error('it ends in the middle of a number');
    value += (byte & 127) * unit;
    if (byte < 128) return { value: i - start === 9 ? negative(bytes.subarray(start, i + 1)) : value, end: i + 1 };
  }
  throw new Error('a number of more than 10 bytes');
}

/** Ten bytes are 64 bits, of which the highest is the sign. */
function negative(bytes: Uint8Array): number {
  const bits = bytes.reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 127), 0n);
  return Number(BigInt.asIntN(64, bits));
}
