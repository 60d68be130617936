import { homeOf, type KernelMemory, kernelMemory } from '../memory.js';
import type { ScoreMatrix } from './score-matrix.js';

/** Rows at a time that are read where they are. */
const BLOCK = 65536;
/** Numbers at a time of rows that are copied: enough for all rows that matter, as a rule. */
const PIECE = 1024 * 1024;

/**
 * The rows of a matrix whose objectness reaches a bound, in the kernels' memory, a block at a time: their
 * row ids at `rowIds`, their objectness at `factors`. A matrix with contiguous rows in kernel memory stays where it is; of others, those rows are
 * copied.
 */
export class FactoredRows {
  /** Clear but for what is said here. */
  readonly memory: KernelMemory;
  readonly rowIds: number;
  readonly factors: number;
  /** Where the classes of row 0 lie, or of the first row of the block where rows lie `together`, one after the other. */
  readonly values: number;
  readonly together: boolean;
  readonly rowBytes: number;
  readonly #matrix: ScoreMatrix;
  readonly #lowest: number;
  readonly #activates: boolean;
  /** Rows of a block at most. */
  readonly #maxRows: number;
  /** The block that lies there: from which row on, up to which, and how many of them. */
  #laid = { from: -1, to: -1, count: 0 };

  /**
   * @param lowest     the bound, float32
   * @param activates  whether factors are the sigmoids of objectness
   */
  constructor(matrix: ScoreMatrix, lowest: number, activates: boolean) {
    const { data, rows, start, rowStep, classes, classStep } = matrix;
    const home = classStep === 1 ? homeOf(data) : null;
    this.memory = home?.memory ?? kernelMemory();
    this.memory.clear();
    this.#matrix = matrix;
    this.#lowest = lowest;
    this.#activates = activates;
    this.#maxRows = Math.min(rows, home === null ? Math.max(1, Math.floor(PIECE / classes)) : BLOCK);
    this.rowIds = this.memory.reserve(4 * this.#maxRows);
    this.factors = this.memory.reserve(4 * this.#maxRows);
    this.values = home === null ? this.memory.reserve(4 * this.#maxRows * classes) : home.start + 4 * start;
    this.together = home === null;
    this.rowBytes = 4 * (home === null ? classes : rowStep);
  }

  /** How many rows there are; where they are several blocks, how many the matrix has. */
  get max(): number {
    const { rows } = this.#matrix;
    this.#lay(0);
    return this.#laid.to === rows ? this.#laid.count : rows;
  }

  /** Lays block after block down. @param visit  is told how many rows lie there */
  eachBlock(visit: (count: number) => void): void {
    for (let from = 0; from < this.#matrix.rows; from = this.#laid.to) {
      this.#lay(from);
      visit(this.#laid.count);
    }
  }

  #lay(from: number): void {
    if (this.#laid.from === from) return;
    this.#laid = this.together ? this.#gathered(from) : this.#listed(from);
    if (this.#activates) this.memory.kernels.sigmoids(this.factors, this.#laid.count);
  }

  #listed(from: number) {
    const { rows, objectness, start } = this.#matrix;
    const to = Math.min(rows, from + this.#maxRows);
    const at = this.values + 4 * (objectness!.start - start) + from * this.rowBytes;
    const { rowIds, factors } = this;
    const count = this.memory.kernels.rowsFrom(at, from, to - from, this.rowBytes, this.#lowest, rowIds, factors);
    return { from, to, count };
  }

  #gathered(from: number) {
    const { data, rows, start, rowStep, classes, classStep, objectness } = this.#matrix;
    const [lowest, maxRows] = [this.#lowest, this.#maxRows];
    const rowIds = this.memory.u32(this.rowIds, maxRows);
    const factors = this.memory.f32(this.factors, maxRows);
    const piece = this.memory.f32(this.values, maxRows * classes);
    let [row, count] = [from, 0];
    for (let to = 0, at = objectness!.start + from * rowStep; row < rows && count < maxRows; row++, at += rowStep) {
      const factor = data[at]!;
      if (!(factor >= lowest)) continue;
      rowIds[count] = row;
      factors[count++] = factor;
      for (let c = 0, number = start + row * rowStep; c < classes; c++, number += classStep)
        piece[to++] = data[number]!;
    }
    return { from, to: row, count };
  }
}
