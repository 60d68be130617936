import type { OutputGiven } from './onnx.js';

/** 84 cells at 64 × 64: 64 of 8 pixels, 16 of 16, 4 of 32. Middles of all, times `perCell`. */
function middles(perCell = 1): [x: number, y: number][] {
  return [8, 16, 32].flatMap((stride) => {
    const side = 64 / stride;
    const level = Array.from({ length: side * side }, (_, i): [number, number] => [
      ((i % side) + 0.5) * stride,
      (Math.floor(i / side) + 0.5) * stride,
    ]);
    return Array.from({ length: perCell }, () => level).flat();
  });
}

/** A row per cell: box, then the same numbers for all. */
export function rowsOf(scores: number[], perCell = 1, box = ([x, y]: [number, number]) => [x, y, 10, 20]): number[][] {
  return middles(perCell).map((middle, i) => [
    ...box(middle),
    ...scores.map((score) => (i % 3 === 0 ? score : score / 2)),
  ]);
}

export function output(rows: number[][], layout: 'rows' | 'columns', name = 'output0'): OutputGiven {
  const width = rows[0].length;
  if (layout === 'rows') return { name, dims: [1, rows.length, width], values: rows.flat() };
  const values = Array.from({ length: width }, (_, c) => rows.map((row) => row[c])).flat();
  return { name, dims: [1, width, rows.length], values };
}
