import { allocateFloat32 } from '../../src/kernels/memory.js';
import type { ScoreMatrix } from '../../src/kernels/scan/score-matrix.js';
import type { ScanOptions } from './scan.js';

/** How a score matrix lies in its array. */
export interface Layout {
  name: string;
  rows: number;
  classes: number;
  byColumn: boolean;
  objectness: boolean;
  /** Numbers between one row, or one column, and the next. */
  gap: number;
  stray?: boolean;
}

/** A matrix of the layout whose numbers, and those around it, come from `next`. */
export function matrixOf({ rows, classes, byColumn, objectness, gap, stray = false }: Layout, next: () => number) {
  const before = objectness ? 1 : 0;
  const width = before + classes;
  const unit = stray ? 2 : 1; // neither rows nor columns are contiguous
  const [rowStep, classStep] = byColumn ? [unit, unit * rows + gap] : [unit * width + gap, unit];
  const length = 3 + rows * rowStep + width * classStep + 20;
  const data = Float32Array.from({ length }, next);
  const matrix: ScoreMatrix = { data, rows, classes, start: 3 + before * classStep, rowStep, classStep };
  return objectness ? { ...matrix, objectness: { start: 3 } } : matrix;
}

const room = allocateFloat32(2_300_000);

/** The same matrix in kernel memory, between numbers that are hits. */
export function held(matrix: ScoreMatrix): ScoreMatrix {
  const [before, { length }] = [3, matrix.data];
  room.fill(Number.POSITIVE_INFINITY, 0, before + length + 64);
  const data = room.subarray(before, before + length);
  data.set(matrix.data);
  return { ...matrix, data };
}

/** @param columns  default all */
export function optionsOf(thresholds: number[], single: boolean, columns?: number[]): ScanOptions {
  const taking = columns ?? [...thresholds.keys()];
  return { thresholds: Float64Array.from(thresholds), columns: Uint16Array.from(taking), single };
}
