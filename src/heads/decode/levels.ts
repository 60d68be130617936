import type { Hits, ScoreMatrix } from '../../kernels/scan/score-matrix.js';
import type { ClassSelection } from '../../types/plan.js';
import type { Activation } from '../words.js';
import { scanScores } from './scores.js';

/** One level of a dense head: a grid of cells over the model's input. */
export interface LevelGrid {
  /** Input pixels from cell to cell. */
  stride: number;
  /** Cells. */
  width: number;
  height: number;
  /** Cells of all levels before this one. */
  before: number;
}

/** The grids of these strides over an input, in their order; the last cells may reach over its edge. */
export function gridsOf(strides: readonly number[], input: { inputWidth: number; inputHeight: number }): LevelGrid[] {
  let before = 0;
  return strides.map((stride) => {
    const [width, height] = [Math.ceil(input.inputWidth / stride), Math.ceil(input.inputHeight / stride)];
    const grid = { stride, width, height, before };
    before += width * height;
    return grid;
  });
}

/** The grid that a cell is in; cells are numbered through all grids. */
export function gridAt<G extends LevelGrid>(grids: readonly G[], cell: number): G {
  return grids.findLast(({ before }) => before <= cell)!;
}

/**
 * The places of several score matrices that reach their thresholds, as if the matrices stood one below the other.
 *
 * @returns rows numbered through all matrices; `values` are scores in [0, 1]
 */
export function scanAll(matrices: readonly ScoreMatrix[], kind: Activation, selection: ClassSelection): Hits {
  const { single, labelled, budget } = selection;
  const possible = matrices.reduce((sum, { rows }) => sum + rows, 0) * (single ? 1 : labelled.length);
  const own = { ...selection };
  if (budget !== undefined && possible > budget.countAbove) own.budget = { ...budget, countAbove: 0 };
  let before = 0;
  const found = matrices.map((matrix) => {
    const hits = scanScores(matrix, kind, own);
    const offset = before;
    before += matrix.rows;
    return { ...hits, rows: hits.rows.map((row) => row + offset) };
  });
  if (found.length === 1) return found[0]!;
  const length = found.reduce((sum, { rows }) => sum + rows.length, 0);
  const all: Hits = {
    rows: new Uint32Array(length),
    classIds: new Uint16Array(length),
    values: new Float32Array(length),
  };
  let at = 0;
  for (const { rows, classIds, values } of found) {
    all.rows.set(rows, at);
    all.classIds.set(classIds, at);
    all.values.set(values, at);
    at += rows.length;
  }
  const floors = found.flatMap(({ floor }) => (floor === undefined ? [] : [floor]));
  if (floors.length === 0) return all;
  return {
    ...all,
    floor: Math.max(...floors),
    total: found.reduce((sum, { rows, total = rows.length }) => sum + total, 0),
  };
}
