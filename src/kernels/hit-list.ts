import type { KernelMemory } from './memory.js';
import type { Hits } from './scan.js';

/** Bytes of a hit in the making: row, column, value. */
const HIT = 12;

/** Hits that the kernels write, at the end of the memory, one after the other. */
export class HitList {
  readonly #memory: KernelMemory;
  readonly #start: number;
  end: number;

  /** Nothing else may be reserved until the hits have been taken. */
  constructor(memory: KernelMemory) {
    this.#memory = memory;
    this.#start = memory.reserve(0);
    this.end = this.#start;
  }

  /** Room for so many more. Views that were made before may be dead after it. */
  expect(hits: number): void {
    this.#memory.require(this.end + hits * HIT);
  }

  /** The hits in the order in which they were found. */
  inOrder(): Hits {
    return this.#taken(({ kernels }, count, fields) => kernels.splitHits(this.#start, count, ...fields));
  }

  /** The hits by row; those of one row in the order in which they were found. */
  byRow(rows: number): Hits {
    return this.#taken((memory, count, fields) => {
      const places = memory.reserve(4 * (rows + 1));
      memory.kernels.orderHits(this.#start, count, places, rows, ...fields);
    });
  }

  #taken(fill: (memory: KernelMemory, count: number, fields: [number, number, number]) => void): Hits {
    const memory = this.#memory;
    const count = (this.end - this.#start) / HIT;
    memory.reserve(count * HIT);
    const rows = memory.reserve(4 * count);
    const classIds = memory.reserve(2 * count);
    const values = memory.reserve(4 * count);
    fill(memory, count, [rows, classIds, values]);
    return {
      rows: memory.u32(rows, count).slice(),
      classIds: memory.u16(classIds, count).slice(),
      values: memory.f32(values, count).slice(),
    };
  }
}
