import { KernelMemory } from '../kernels/memory.js';
import type { Tensor } from '../types/model.js';

/** What onnxruntime says of an output before a run: a number per dim, a name or −1 where it is open. */
export interface OutputFacts {
  name: string;
  type: string;
  shape: readonly (number | string)[];
}

/** Bytes up to which an output is held. Above, onnxruntime finds its own room. */
const MOST = 2 ** 30;

/**
 * Arrays of one model in a kernel memory of its own: onnxruntime reads its picture and writes its outputs where the kernels
 * write and read them, without copies. No other model's work can overwrite them, or let their memory grow.
 */
export class ModelMemory {
  readonly #memory = new KernelMemory();
  #picture = { start: 0, length: 0 };
  readonly #outputs = new Map<string, Held>();
  /** Outputs that have shown other dims than those that they were held for. */
  readonly #varying = new Set<string>();

  /** @param outputs  those that will be fetched; room is made for the ones whose dims are known */
  constructor(outputs: readonly OutputFacts[]) {
    for (const { name, type, shape } of outputs) {
      if (type !== 'float32') this.#varying.add(name);
      else if (shape.every((dim) => typeof dim === 'number' && dim > 0)) this.#hold(name, shape as number[]);
    }
  }

  /** An array for the picture, of the same memory every time. Outputs that were given before are dead after it. */
  picture(length: number): Float32Array {
    if (length > this.#picture.length) this.#picture = { start: this.#memory.hold(4 * length), length };
    return this.#memory.f32(this.#picture.start, length);
  }

  /** Where an output is to be written, for one run; null: wherever onnxruntime likes. */
  output(name: string): Tensor | null {
    const held = this.#outputs.get(name);
    return held === undefined ? null : { dims: held.dims, data: this.#memory.f32(held.start, held.length) };
  }

  /** Remembers the dims that an output had, for the next run. */
  learn(name: string, dims: readonly number[]): void {
    if (this.#varying.has(name) || this.#outputs.has(name)) return;
    this.#hold(name, dims);
  }

  /** Compares the dims that an output had with those that it was held for. */
  correct(name: string, dims: readonly number[]): void {
    if (this.#outputs.get(name)?.dims.join() === dims.join()) return;
    this.#outputs.delete(name);
    this.#varying.add(name);
  }

  #hold(name: string, dims: readonly number[]): void {
    const length = dims.reduce((product, dim) => product * dim, 1);
    if (length === 0 || 4 * length > MOST) return;
    this.#outputs.set(name, { dims, start: this.#memory.hold(4 * length), length });
  }
}

interface Held {
  dims: readonly number[];
  start: number;
  length: number;
}
