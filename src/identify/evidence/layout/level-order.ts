import { gridsOf } from '../../../heads/decode/levels.js';
import type { Tensor } from '../../../types/model.js';
import { type Table, tableOf } from './table.js';

/** How many times better one order must explain the numbers than the other: real files are 10 and more apart. */
const CLEARLY = 3;
/** Share of the variance that the columns of a detector's output explain at least. */
const LEAST = 0.1;

/**
 * An output that is declared [1, cells, numbers] as it lies in memory: a row for each cell, or for each level in turn a map
 * for each number, where the graph was reshaped without being transposed. In the right order the numbers of one kind are
 * alike, in the other all kinds are mixed.
 *
 * @returns the rows, and why they are read so; null where they are what they are declared to be
 */
export function mapsPerLevel(
  tensor: Tensor,
  strides: readonly number[],
  { width: inputWidth, height: inputHeight }: { width: number; height: number },
): { table: Table; because: string } | null {
  const declared = tableOf(tensor, 'rows');
  const { rows, width } = declared;
  const grids = gridsOf(strides, { inputWidth, inputHeight });
  const maps: Table = {
    rows,
    width,
    at(row, column) {
      const { before, width: across, height } = grids.findLast((grid) => grid.before <= row)!;
      return tensor.data[before * width + column * across * height + row - before]!;
    },
  };
  const [asDeclared, asMaps] = [explained(declared), explained(maps)];
  if (!(asMaps > LEAST && asMaps > CLEARLY * asDeclared)) return null;
  const [a, b] = [asMaps, asDeclared].map((share) => `${(100 * share).toFixed(0)} %`);
  return { table: maps, because: `kinds of numbers explain ${a} of the variance of a run as maps, ${b} as rows` };
}

/** Share of the variance of all numbers that lies between the means of the columns. */
function explained({ rows, width, at }: Table): number {
  const means = new Float64Array(width);
  let sum = 0;
  let squares = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) {
      const value = at(row, column);
      means[column]! += value / rows;
      sum += value;
      squares += value * value;
    }
  }
  const mean = sum / (rows * width);
  const between = means.reduce((total, columnMean) => total + (columnMean - mean) ** 2, 0) / width;
  return between / (squares / (rows * width) - mean ** 2);
}
