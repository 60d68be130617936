import type { MatrixLayout } from '../../../heads/words.js';
import type { Tensor } from '../../../types/model.js';
import type { Evidence } from '../../recognition.js';
import { undecided } from '../../refusal.js';
import { isNoScore } from '../values/ranges.js';
import { cellsOf } from './cells.js';
import { type Table, tableOf } from './table.js';

/** How one output holds a row of numbers for each of many boxes. */
export interface DenseLayout {
  layout: MatrixLayout;
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
 * than numbers in each. Where a run contradicts, because only the other way round all numbers after the box can be
 * scores, or where dims do not tell, the run decides.
 *
 * @param tensor  [1, a, b], of a run
 * @param usual   how its family lays them, and how many classes have names: these settle what dims and the run leave open
 * @returns null where no side can be a box and a score
 * @throws SigboxError E_MODEL  neither tells
 */
export function denseLayout(
  evidence: Pick<Evidence, 'file'>,
  tensor: Tensor,
  size: Size,
  usual?: { layout: DenseLayout['layout']; named: number },
): DenseLayout | null {
  const { dims } = tensor;
  const [, a, b] = dims as [number, number, number];
  const asRows = { layout: 'rows', rows: a, width: b, grid: gridOf(a, size) } as const;
  const asColumns = { layout: 'columns', rows: b, width: a, grid: gridOf(b, size) } as const;
  const possible = [asRows, asColumns].filter(({ width }) => width >= 5);
  if (possible.length === 0) return null;
  const fitting = possible.filter(({ layout }) => holdsScores(tableOf(tensor, layout)));
  const byDims = (usual && byNames(possible, usual.named)) ?? preferred(possible, size);
  if (byDims !== null && (fitting.length !== 1 || fitting[0]!.layout === byDims.layout)) return byDims;
  if (fitting.length !== 1 && usual !== undefined) return byUsage(possible, usual);
  if (fitting.length !== 1) throw openSides(evidence, dims);
  return { ...fitting[0]!, because: 'in a run only so do all numbers after the box lie from 0 to 1' };
}

/** The one side that box and named classes are as long as, unless the cells of the input speak for the other. */
function byNames(possible: readonly Omit<DenseLayout, 'because'>[], named: number): DenseLayout | null {
  const [first, ...others] = possible.filter(({ width }) => width === 4 + named);
  if (first === undefined || others.length > 0) return null;
  if (first.grid === null && possible.some(({ grid }) => grid !== null)) return null;
  return { ...first, because: `${named} classes have names, and 4 numbers are the box` };
}

function byUsage(
  possible: readonly Omit<DenseLayout, 'because'>[],
  { layout }: { layout: DenseLayout['layout'] },
): DenseLayout {
  const found = possible.find((candidate) => candidate.layout === layout) ?? possible[0]!;
  return { ...found, because: `usual for the family` };
}

/** What dims say; null where they say nothing. */
function preferred(possible: Omit<DenseLayout, 'because'>[], size: Size): DenseLayout | null {
  const withCells = possible.filter(({ grid }) => grid !== null);
  const [only, ...others] = withCells.length > 0 ? withCells : possible;
  if (only!.grid !== null && others.length === 0) return { ...only!, because: cellsReason(only!.rows, only!.grid) };
  if (withCells.length > 0) return null;
  const [shorter, other] = [...possible].sort((x, y) => x.width - y.width);
  if (shorter!.width === other?.width) return null;
  const cells = cellsOf(size.width, size.height, STRIDES[0]!);
  const because = `${shorter!.rows} rows are not the ${cells} cells of a YOLO: the shorter side is taken for the numbers per row`;
  return { ...shorter!, because };
}

function cellsReason(rows: number, { strides, perCell }: Grid): string {
  return `${rows} rows, ${perCell === 1 ? 'one' : 'three'} for each cell of strides ${strides.join(', ')}`;
}

function holdsScores(table: Table): boolean {
  for (let row = 0; row < table.rows; row++) {
    for (let k = 4; k < table.width; k++) if (isNoScore(table.at(row, k))) return false;
  }
  return true;
}

function openSides(evidence: Pick<Evidence, 'file'>, dims: readonly number[]) {
  const open = `output of dims [${dims.join(', ')}] may hold its boxes in rows or in columns`;
  return undecided(
    evidence,
    open,
    'A whole spec with head.layout (sigbox inspect --json prints the built-in model with one to start from)',
  );
}
