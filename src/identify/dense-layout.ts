import type { Tensor } from '../types.js';
import { cellsOf } from './cells.js';
import type { Evidence } from './recognition.js';
import { undecided } from './refusal.js';
import { isNoScore, type Table, tableOf } from './table.js';

/** How one output holds a row of numbers for each of many boxes. */
export interface DenseLayout {
  layout: 'columns' | 'rows';
  rows: number;
  /** Numbers per row. */
  width: number;
  /** What a row stands for; null where their number is none of the usual ones. */
  grid: Grid | null;
  because: string;
}

/** Rows for each cell of some strides. */
export interface Grid {
  strides: readonly number[];
  perCell: 1 | 3;
}

interface Size {
  width: number;
  height: number;
}

/** The strides of the levels of dense detectors, the usual ones first. */
const STRIDES = [
  [8, 16, 32],
  [8, 16, 32, 64],
  [4, 8, 16, 32],
  [16, 32],
];

/** The grid that has so many rows, one or three per cell. */
export function gridOf(rows: number, { width, height }: Size): Grid | null {
  for (const perCell of [1, 3] as const) {
    const strides = STRIDES.find((some) => perCell * cellsOf(width, height, some) === rows);
    if (strides !== undefined) return { strides, perCell };
  }
  return null;
}

/**
 * Tells rows from numbers per row: rows are the cells of the input, or three times as many; else there are more rows
 * than numbers in each; where neither tells, the numbers that are scores do.
 *
 * @param dims   [1, a, b]
 * @param probe  the output of a run, asked for only where dims do not tell
 * @returns null where no side can be a box and a score
 * @throws SigboxError E_MODEL  neither tells
 */
export async function denseLayout(
  evidence: Pick<Evidence, 'file' | 'given'>,
  dims: readonly number[],
  { size, probe }: { size: Size; probe: () => Promise<Tensor> },
): Promise<DenseLayout | null> {
  const [, a, b] = dims as [number, number, number];
  const asRows = { layout: 'rows', rows: a, width: b, grid: gridOf(a, size) } as const;
  const asColumns = { layout: 'columns', rows: b, width: a, grid: gridOf(b, size) } as const;
  const [first, ...others] = [asRows, asColumns].filter(({ grid, width }) => grid !== null && width > 4);
  if (first !== undefined && others.length === 0) return { ...first, because: cellsReason(first.rows, first.grid!) };
  if (first === undefined && a !== b) {
    const shorter = b >= 5 && (b < a || a < 5) ? asRows : asColumns;
    const because = `${shorter.rows} rows: not the ${cellsOf(size.width, size.height, STRIDES[0]!)} cells of a YOLO, so the shorter side is taken for the numbers per row`;
    return shorter.width < 5 ? null : { ...shorter, because };
  }
  if (Math.min(a, b) < 5) return null;
  const tensor = await probe();
  const [rowsFit, columnsFit] = [asRows, asColumns].map(({ layout }) => holdsScores(tableOf(tensor, layout)));
  if (rowsFit === columnsFit) throw openSides(evidence, dims);
  const because = 'its sides do not tell, but in a run only so do all numbers after the box lie from 0 to 1';
  return { ...(rowsFit ? asRows : asColumns), because };
}

function cellsReason(rows: number, { strides, perCell }: Grid): string {
  return `${rows} rows: ${perCell === 1 ? 'one' : 'three'} for each cell of strides ${strides.join(', ')}`;
}

function holdsScores(table: Table): boolean {
  for (let row = 0; row < table.rows; row++) {
    for (let k = 4; k < table.width; k++) if (isNoScore(table.at(row, k))) return false;
  }
  return true;
}

function openSides(evidence: Pick<Evidence, 'file'>, dims: readonly number[]) {
  const open = `output of dims [${dims.join(', ')}] may hold its boxes in rows or in columns`;
  return undecided(evidence, open, 'A whole spec with head.layout (sigbox inspect --json prints one to start from)');
}
