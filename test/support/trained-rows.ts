import type { OutputGiven } from './onnx.js';

// Rows of detectors with values as a trained network gives them, on an input of 128 × 128.

export const SIDE = 128;
export const STRIDES = [8, 16, 32];
/** The middle of every cell, and its stride. */
export const CELLS = STRIDES.flatMap((stride) => {
  const side = SIDE / stride;
  return Array.from({ length: side * side }, (_, i) => ({
    x: ((i % side) + 0.5) * stride,
    y: (Math.floor(i / side) + 0.5) * stride,
    stride,
  }));
});

/** Numbers from 0 to 1 that are the same in every run. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface Row {
  centre: [x: number, y: number];
  size: [width: number, height: number];
  corners: number[];
  stride: number;
  /** [classes] of an object in a few cells, near 0 in the others */
  scores: number[];
  best: { score: number; classId: number };
}

export function rowsOf(classes: number, perCell = 1): Row[] {
  const next = noise(classes + perCell);
  return Array.from({ length: perCell }, () => CELLS).flatMap((cells) =>
    cells.map(({ x, y, stride }, i): Row => {
      const centre: [number, number] = [x + (next() - 0.5) * stride * 0.8, y + (next() - 0.5) * stride * 0.8];
      const size: [number, number] = [(1 + 3 * next()) * stride, (1 + 3 * next()) * stride];
      const found = i % 41 === 7;
      const classId = Math.floor(next() * classes);
      const scores = Array.from({ length: classes }, (_, k) =>
        found && k === classId ? 0.6 + 0.3 * next() : 0.02 * next(),
      );
      const corners = [
        centre[0] - size[0] / 2,
        centre[1] - size[1] / 2,
        centre[0] + size[0] / 2,
        centre[1] + size[1] / 2,
      ];
      const score = Math.max(...scores);
      return { centre, size, corners, stride, scores, best: { score, classId: scores.indexOf(score) } };
    }),
  );
}

export function dense(rows: number[][], layout: 'rows' | 'columns', name = 'output0'): OutputGiven {
  const width = rows[0].length;
  if (layout === 'rows') return { name, dims: [1, rows.length, width], values: rows.flat() };
  return { name, dims: [1, width, rows.length], values: rows[0].flatMap((_, c) => rows.map((row) => row[c])) };
}

export const logit = (score: number) => Math.log(score / (1 - score));
