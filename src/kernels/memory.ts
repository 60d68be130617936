import { complain } from '../errors.js';
import { checkedExports, type Exports } from './exports.js';
import { module } from './module.js';

// Node's types and ours know no DOM, whose types hold WebAssembly.
declare namespace WebAssembly {
  class Memory {
    constructor(size: { initial: number; maximum: number });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
}

const PAGE = 65536;
/** Kernels read vectors of 64 bytes, the last one perhaps past the end of its array. */
const SLACK = 64;
/** What a scan of arrays that are held needs besides them, at most; see scan-by-column.ts and scan-by-row.ts. */
const WORK = 4 * 1024 * 1024;

/** Who owns a buffer. */
const memories = new WeakMap<ArrayBufferLike, KernelMemory>();
let compiled: WebAssembly.Module | undefined;

/**
 * A memory of the kernels. At its bottom lie arrays that are held for as long as it lives; above them those of one piece
 * of work, laid one after the other, from the start again for each. It grows with the largest piece so far and never
 * shrinks. Work is synchronous, so that one piece at a time uses it.
 */
export class KernelMemory {
  readonly kernels: Exports;
  /** Where the kernels keep what is read and set here without a call, in u32. */
  readonly #state: number;
  readonly #memory = new WebAssembly.Memory({ initial: 8, maximum: PAGE });
  /** All of it, as each kind of number: made once, as making views takes longer than what is done with most of them. */
  #views: Views;
  /** Where the held arrays end. */
  #base: number;
  #top: number;

  constructor() {
    compiled ??= new WebAssembly.Module(bytesOf(module));
    const instance = new WebAssembly.Instance(compiled, { env: { memory: this.#memory } });
    this.kernels = checkedExports(instance.exports);
    this.#state = this.kernels.state.value / 4;
    this.#base = this.kernels.heapStart.value;
    this.#top = this.#base;
    this.#views = this.#mapped();
  }

  /** Forgets all arrays but the held ones. */
  clear(): void {
    this.#top = this.#base;
  }

  /**
   * Room for an array that stays, and above it for scanning it, so that no scan of held arrays lets the memory grow. Not
   * during a piece of work. Views that were made before may be dead after it.
   *
   * @throws RangeError  as in `reserve`
   */
  hold(bytes: number): number {
    this.clear();
    const start = this.reserve(bytes);
    this.require(this.#top + SLACK + WORK);
    this.#base = this.#top + SLACK;
    return start;
  }

  /**
   * Room for an array, at a multiple of 16 bytes. Views that were made before may be dead after it.
   *
   * @throws RangeError  more than the 4 GiB that WebAssembly can address, or than the machine has
   */
  reserve(bytes: number): number {
    const start = Math.ceil(this.#top / 16) * 16;
    this.require(start + bytes);
    this.#top = start + bytes;
    return start;
  }

  /** Makes the memory reach to `end` at least: for an array that stands last and grows. */
  require(end: number): void {
    const missing = Math.ceil((end + SLACK - this.#views.u8.length) / PAGE);
    if (missing <= 0) return;
    this.#memory.grow(missing);
    this.#views = this.#mapped();
  }

  /** Whether an array finds room without growth. */
  fits(bytes: number): boolean {
    return this.#top + 16 + bytes + SLACK <= this.#views.u8.length;
  }

  /** Where the next hit goes. */
  get hitsEnd(): number {
    return this.#views.u32[this.#state]!;
  }

  set hitsEnd(end: number) {
    this.#views.u32[this.#state] = end;
  }

  /** How many values have reached their lower threshold since it was set to 0. */
  get reached(): number {
    return this.#views.u32[this.#state + 1]!;
  }

  set reached(count: number) {
    this.#views.u32[this.#state + 1] = count;
  }

  #mapped(): Views {
    const { buffer } = this.#memory;
    memories.set(buffer, this);
    return {
      u8: new Uint8Array(buffer),
      u16: new Uint16Array(buffer),
      u32: new Uint32Array(buffer),
      f32: new Float32Array(buffer),
      f64: new Float64Array(buffer),
    };
  }

  /** A view on an array in this memory, dead once it grows. */
  f32(start: number, length: number): Float32Array<ArrayBuffer> {
    return this.#views.f32.subarray(start / 4, start / 4 + length);
  }

  u32(start: number, length: number): Uint32Array<ArrayBuffer> {
    return this.#views.u32.subarray(start / 4, start / 4 + length);
  }

  u8(start: number, length: number): Uint8Array<ArrayBuffer> {
    return this.#views.u8.subarray(start, start + length);
  }

  /** An array in this memory as an array of its own. */
  copyF32(start: number, length: number): Float32Array<ArrayBuffer> {
    return this.#views.f32.slice(start / 4, start / 4 + length);
  }

  copyU32(start: number, length: number): Uint32Array<ArrayBuffer> {
    return this.#views.u32.slice(start / 4, start / 4 + length);
  }

  /** Some bytes of this memory as a buffer of their own. */
  copy(start: number, bytes: number): ArrayBuffer {
    return this.#views.u8.slice(start, start + bytes).buffer;
  }

  /** A copy of an array in this memory. */
  put(array: Float32Array | Float64Array | Uint32Array | Uint16Array): number {
    const start = this.reserve(array.byteLength);
    const { f32, f64, u32, u16 } = this.#views;
    if (array instanceof Float32Array) f32.set(array, start / 4);
    else if (array instanceof Float64Array) f64.set(array, start / 8);
    else if (array instanceof Uint32Array) u32.set(array, start / 4);
    else u16.set(array, start / 2);
    return start;
  }
}

interface Views {
  u8: Uint8Array<ArrayBuffer>;
  u16: Uint16Array<ArrayBuffer>;
  u32: Uint32Array<ArrayBuffer>;
  f32: Float32Array<ArrayBuffer>;
  f64: Float64Array<ArrayBuffer>;
}

let memory: KernelMemory | undefined;

/** The kernels with a memory in which nothing is held, empty; compiled on first use. */
export function kernelMemory(): KernelMemory {
  memory ??= new KernelMemory();
  memory.clear();
  return memory;
}

/** The memory in which an array lies, and where; null for an array elsewhere. */
export function homeOf(array: Float32Array): { memory: KernelMemory; start: number } | null {
  const owner = memories.get(array.buffer);
  return owner === undefined ? null : { memory: owner, start: array.byteOffset };
}

/** In floats: the 4 GiB that WebAssembly can address, less 8 MiB for work and what the kernels keep. */
const MAX_FLOATS = 2 ** 30 - 2 ** 21;

/**
 * An array in a kernel memory of its own, which is scanned where it is, without a copy. For outputs that are written again
 * and again: every call takes a memory, and 4 MB more than the array.
 *
 * @param length  whole number from 0 to 1,071,644,672
 * @returns [length] zeros
 * @throws SigboxError E_ARGUMENT  another length, or one for which the machine has no memory
 */
export function allocateFloat32(length: number): Float32Array<ArrayBuffer> {
  const where = 'allocateFloat32';
  if (!Number.isInteger(length) || length < 0 || length > MAX_FLOATS) {
    throw complain('E_ARGUMENT', {
      where,
      expected: `length to be a whole number from 0 to ${MAX_FLOATS}`,
      received: length,
    });
  }
  const own = new KernelMemory();
  try {
    return own.f32(own.hold(4 * length), length);
  } catch (cause) {
    const expected = 'length to be one that there is memory for';
    throw complain('E_ARGUMENT', { where, expected, received: length, cause });
  }
}

/** @param digits  two hexadecimal ones per byte, in lower case */
function bytesOf(digits: string): Uint8Array<ArrayBuffer> {
  const digit = (at: number) => digits.charCodeAt(at) - (digits.charCodeAt(at) > 57 ? 87 : 48);
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => 16 * digit(2 * i) + digit(2 * i + 1));
}
