/** Writes or reads little-endian numbers one after the other. */
export class Cursor {
  readonly #view: DataView;
  #at: number;

  constructor(bytes: Uint8Array, start = 0) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
  }

  u16s(numbers: ArrayLike<number>): void {
    for (let i = 0; i < numbers.length; i++) this.#view.setUint16(this.#next(2), numbers[i]!, true);
  }

  u32s(numbers: ArrayLike<number>): void {
    for (let i = 0; i < numbers.length; i++) this.#view.setUint32(this.#next(4), numbers[i]!, true);
  }

  f32s(numbers: ArrayLike<number>): void {
    for (let i = 0; i < numbers.length; i++) this.#view.setFloat32(this.#next(4), numbers[i]!, true);
  }

  f64s(numbers: ArrayLike<number>): void {
    for (let i = 0; i < numbers.length; i++) this.#view.setFloat64(this.#next(8), numbers[i]!, true);
  }

  someU16s(length: number): number[] {
    return Array.from({ length }, () => this.#view.getUint16(this.#next(2), true));
  }

  someU32s(length: number): number[] {
    return Array.from({ length }, () => this.#view.getUint32(this.#next(4), true));
  }

  someF32s(length: number): number[] {
    return Array.from({ length }, () => this.#view.getFloat32(this.#next(4), true));
  }

  someF64s(length: number): number[] {
    return Array.from({ length }, () => this.#view.getFloat64(this.#next(8), true));
  }

  #next(bytes: number): number {
    this.#at += bytes;
    return this.#at - bytes;
  }
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 as of zlib. */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) value = TABLE[(value ^ bytes[i]!) & 255]! ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
