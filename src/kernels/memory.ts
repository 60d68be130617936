import type { Exports } from './exports.js';
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
    readonly exports: unknown;
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
  readonly #memory = new WebAssembly.Memory({ initial: 8, maximum: PAGE });
  /** All of it. */
  #bytes: Uint8Array<ArrayBuffer>;
  /** Where the held arrays end. */
  #base: number;
  #top: number;

  constructor() {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(module), (letter) => letter.charCodeAt(0)));
    const instance = new WebAssembly.Instance(compiled, { env: { memory: this.#memory } });
    this.kernels = instance.exports as Exports;
    this.#base = this.kernels.heapStart.value;
    this.#top = this.#base;
    this.#bytes = this.#mapped();
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
    const missing = Math.ceil((end + SLACK - this.#bytes.length) / PAGE);
    if (missing <= 0) return;
    this.#memory.grow(missing);
    this.#bytes = this.#mapped();
  }

  /** Whether an array finds room without growth. */
  fits(bytes: number): boolean {
    return this.#top + 16 + bytes + SLACK <= this.#bytes.length;
  }

  #mapped(): Uint8Array<ArrayBuffer> {
    memories.set(this.#memory.buffer, this);
    return new Uint8Array(this.#memory.buffer);
  }

  f32(start: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#memory.buffer, start, length);
  }

  f64(start: number, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#memory.buffer, start, length);
  }

  u32(start: number, length: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.#memory.buffer, start, length);
  }

  u16(start: number, length: number): Uint16Array<ArrayBuffer> {
    return new Uint16Array(this.#memory.buffer, start, length);
  }

  u8(start: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory.buffer, start, length);
  }

  /** A copy of an array in this memory. */
  put(array: Float32Array | Float64Array | Uint32Array | Uint16Array): number {
    const start = this.reserve(array.byteLength);
    this.#bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start);
    return start;
  }
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

/**
 * An array in a kernel memory of its own, which is scanned where it is, without a copy. For outputs that are written again
 * and again: every call takes a memory, and 4 MB more than the array.
 *
 * @returns [length] zeros
 */
export function allocateFloat32(length: number): Float32Array<ArrayBuffer> {
  const own = new KernelMemory();
  return own.f32(own.hold(4 * length), length);
}
