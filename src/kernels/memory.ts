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

/** What src/kernels/assembly exports; pointers are byte offsets into the memory. See there for the parameters. */
interface Exports {
  heapStart: { value: number };
  scanColumns(...args: number[]): number;
  bestOfColumns(...args: number[]): void;
  collectBest(...args: number[]): number;
  scanRows(...args: number[]): number;
  bestOfRows(...args: number[]): number;
  orderHits(...args: number[]): void;
  splitHits(...args: number[]): void;
  orderByScore(...args: number[]): void;
  suppress(...args: number[]): number;
}

const PAGE = 65536;
/** Kernels read vectors of 64 bytes, the last one perhaps past the end of its array. */
const SLACK = 64;

/**
 * The memory of the kernels: arrays laid one after the other, from the start again for each piece of work. It grows with
 * the largest piece so far and never shrinks. Work is synchronous, so that one at a time uses it.
 */
export class KernelMemory {
  readonly kernels: Exports;
  readonly #memory = new WebAssembly.Memory({ initial: 8, maximum: PAGE });
  #top: number;

  constructor() {
    const bytes = Uint8Array.from(atob(module), (letter) => letter.charCodeAt(0));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: this.#memory } });
    this.kernels = instance.exports as Exports;
    this.#top = this.kernels.heapStart.value;
  }

  /** Forgets all arrays. */
  clear(): void {
    this.#top = this.kernels.heapStart.value;
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
    const missing = Math.ceil((end + SLACK - this.#memory.buffer.byteLength) / PAGE);
    if (missing > 0) this.#memory.grow(missing);
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

  /** A copy of an array in this memory. */
  put(array: Float32Array | Float64Array | Uint32Array | Uint16Array): number {
    const start = this.reserve(array.byteLength);
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    new Uint8Array(this.#memory.buffer, start, array.byteLength).set(bytes);
    return start;
  }
}

let memory: KernelMemory | undefined;

/** The kernels with their memory, empty; compiled on first use. */
export function kernelMemory(): KernelMemory {
  memory ??= new KernelMemory();
  memory.clear();
  return memory;
}
