/** Cells of square grids of these strides over an input: what dense detectors give a row each. */
export function cellsOf(width: number, height: number, strides: readonly number[]): number {
  return strides.reduce((sum, stride) => sum + Math.ceil(width / stride) * Math.ceil(height / stride), 0);
}

/** The strides of most dense detectors. */
export const STRIDES = [8, 16, 32] as const;
