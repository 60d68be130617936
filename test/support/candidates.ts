import type { Candidates } from '../../src/types/plan.js';

export type Row = [score: number, classId: number, ...box: number[]];

/** Candidates with the given scores, classes and boxes, of rows 0, 1, 2 … */
export function candidatesOf(rows: readonly Row[]): Candidates {
  return {
    rows: Uint32Array.from(rows.keys()),
    scores: Float32Array.from(rows, ([score]) => score),
    classIds: Uint16Array.from(rows, ([, classId]) => classId),
    boxes: Float32Array.from(rows.flatMap(([, , ...box]) => box)),
    space: 'input',
  };
}
