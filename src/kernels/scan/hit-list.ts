import { type KernelMemory, kernelMemory } from '../memory.js';
import { DIGITS } from './nth-highest.js';
import type { Hits } from './score-matrix.js';

/** Bytes of a hit in the making: row, column, value. */
export const HIT = 12;
/** Room that is enough for any row, and any block of columns. */
const ROOM = 1024 * 1024;
/** Bytes of the table that puts hits in order. */
const TABLE = 4 * 4096;

interface How {
  activates: boolean;
  single?: boolean;
}

/** When a list is given up. */
interface Limit {
  /** The budget: hits that are likely to be enough. */
  budget: number;
  /** Hits that the smallest piece of work can give. */
  atOnce: number;
  /** Rows, columns or numbers that are worked through in all. */
  of: number;
}

/** A list is given up when so many times its budget is to be expected: docs/decisions/014-best-first.md. */
const MANY = 2.5;

/** Hits that the kernels write into room of a fixed size, so that no scan makes the memory grow that it reads. */
export class HitList {
  readonly #memory: KernelMemory;
  readonly #start: number;
  readonly #end: number;
  /** What was moved because the room was full. */
  readonly #moved: Uint8Array[] = [];
  readonly #limit: Limit | null;
  #done = 0;

  /** @param limit  null: all hits are wanted */
  constructor(memory: KernelMemory, limit: Limit | null = null) {
    this.#memory = memory;
    this.#limit = limit;
    const room = limit === null ? ROOM : Math.min(HIT * (limit.budget + limit.atOnce), ROOM);
    this.#start = memory.reserve(room);
    this.#end = this.#start + room;
    memory.hitsEnd = this.#start;
  }

  /**
   * Lets a kernel work through so many rows or columns.
   *
   * @param scan  goes on from one of them with room up to `end`; says how many it did: not all where there was no more room
   * @returns whether all was done
   */
  collect(count: number, scan: (from: number, end: number) => number): boolean {
    for (let from = 0; from < count; ) {
      const done = scan(from, this.#end);
      from += done;
      this.#done += done;
      if (from >= count) break;
      if (this.#isTooMany()) return false;
      this.#move();
    }
    return true;
  }

  /** By what there is so far. */
  #isTooMany(): boolean {
    if (this.#limit === null) return false;
    const { budget, of } = this.#limit;
    return (this.#bytes() / HIT) * of > MANY * budget * this.#done;
  }

  #bytes(): number {
    const moved = this.#moved.reduce((sum, { length }) => sum + length, 0);
    return moved + this.#memory.hitsEnd - this.#start;
  }

  /**
   * The hits in the order in which they were found.
   *
   * @param activates  whether values are logits, and their sigmoids are wanted
   */
  inOrder(activates: boolean): Hits {
    return this.#finished(0, { activates });
  }

  /**
   * The hits by row; those of one row in the order in which they were found.
   *
   * @param single  whether of each row only the highest is wanted, of equal ones the first
   */
  byRow(rows: number, { activates, single = false }: How): Hits {
    return this.#finished(rows, { activates, single });
  }

  /** The n-th highest value; null where there are no more than n. The list is at its end after it. */
  nthHighest(n: number): number | null {
    const { work, start, bytes } = this.#together();
    const count = bytes / HIT;
    if (count <= n) return null;
    return work.kernels.nthHighest(start + 8, HIT, count, n, work.reserve(DIGITS));
  }

  #move(): void {
    this.#moved.push(this.#memory.u8(this.#start, this.#memory.hitsEnd - this.#start).slice());
    this.#memory.hitsEnd = this.#start;
  }

  #finished(rowCount: number, { activates, single = false }: How): Hits {
    const { work, start, bytes } = this.#together();
    const found = bytes / HIT;
    const scratch = work.reserve(rowCount > 0 ? bytes : 0);
    const table = work.reserve(TABLE);
    // One array that holds them all: making three takes longer than what is written into them.
    const toValues = 4 * Math.ceil((6 * found) / 4);
    const fields = work.reserve(toValues + 4 * found);
    const places = [fields, fields + 4 * found, fields + toValues] as const;
    const how = [Number(single), Number(activates)] as const;
    const count = work.kernels.finishHits(start, found, scratch, table, rowCount, ...how, ...places);
    const own = work.copy(fields, toValues + 4 * count);
    return {
      rows: new Uint32Array(own, 0, count),
      classIds: new Uint16Array(own, 4 * found, count),
      values: new Float32Array(own, toValues, count),
    };
  }

  /** All hits, one after the other: where they are, or where there is room for them. */
  #together(): { work: KernelMemory; start: number; bytes: number } {
    const written = this.#memory.hitsEnd - this.#start;
    // Twice as much is what putting them in order and taking them apart needs.
    if (this.#moved.length === 0 && this.#memory.fits(2 * written + TABLE + 64)) {
      return { work: this.#memory, start: this.#start, bytes: written };
    }
    this.#move();
    const work = kernelMemory();
    const bytes = this.#bytes();
    const start = work.reserve(bytes);
    let to = start;
    for (const hits of this.#moved) {
      work.u8(to, hits.length).set(hits);
      to += hits.length;
    }
    return { work, start, bytes };
  }
}
