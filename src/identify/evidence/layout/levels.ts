import type { LevelLayout } from '../../../heads/words.js';
import type { Tensors } from '../../../types/model.js';

/** An output that holds some numbers for each cell of one level. */
export interface LevelOutput {
  name: string;
  /** Input pixels from cell to cell. */
  stride: number;
  layout: LevelLayout;
  /** Numbers per row. */
  width: number;
  /** Rows per cell. */
  perCell: number;
}

/** The outputs of one level, in the order of the file. */
export type LevelGroup = LevelOutput[];

const STRIDES = [4, 8, 16, 32, 64, 128];

/**
 * Sorts outputs by the level whose cells they hold numbers for; levels must be alike.
 *
 * @returns finest level first; null where an output belongs to no level, or levels differ
 */
export function levelGroups(run: Tensors, size: { width: number; height: number }): LevelGroup[] | null {
  const groups = new Map<number, LevelGroup>();
  for (const [name, { dims }] of Object.entries(run)) {
    const output = levelOutput(name, dims, size);
    if (output === null) return null;
    groups.set(output.stride, [...(groups.get(output.stride) ?? []), output]);
  }
  const levels = [...groups.values()].sort(([a], [b]) => a!.stride - b!.stride);
  const form = (group: LevelGroup) =>
    group
      .map(({ width, layout, perCell }) => `${width} ${layout} ${perCell}`)
      .sort()
      .join();
  return levels.length > 1 && levels.every((group) => form(group) === form(levels[0]!)) ? levels : null;
}

function levelOutput(
  name: string,
  dims: readonly number[],
  size: { width: number; height: number },
): LevelOutput | null {
  const cells = (stride: number) => Math.ceil(size.width / stride) * Math.ceil(size.height / stride);
  if (dims.length === 4 && dims[0] === 1) {
    const [, width, height, across] = dims as [number, number, number, number];
    const stride = STRIDES.find(
      (candidate) => Math.ceil(size.width / candidate) === across && Math.ceil(size.height / candidate) === height,
    );
    return stride === undefined ? null : { name, stride, layout: 'maps', width, perCell: 1 };
  }
  const [rows, width] = dims.slice(-2) as [number, number];
  if (dims.length < 2 || dims.length > 3 || (dims.length === 3 && dims[0] !== 1)) return null;
  for (const perCell of [1, 2]) {
    const stride = STRIDES.find((candidate) => cells(candidate) * perCell === rows);
    if (stride !== undefined) return { name, stride, layout: 'rows', width, perCell };
  }
  return null;
}
