import type { OutputGiven } from '../../support/onnx.js';

/** Logits of 20 queries; `of` gives a column's. */
export const logits = (columns: number, of: (column: number, query: number) => number): OutputGiven[] => [
  {
    name: 'logits',
    dims: [1, 20, columns],
    values: Array.from({ length: 20 * columns }, (_, i) => of(i % columns, Math.floor(i / columns))),
  },
  { name: 'pred_boxes', dims: [1, 20, 4], values: new Array(80).fill(0.5) },
];
export const noObjectOf = (columns: number) => logits(columns, (column) => (column === columns - 1 ? 8 : -3));
export const independent = (columns: number) => logits(columns, (column, query) => -5 + ((column + query) % columns));
export const inBetween = (columns: number) => logits(columns, (column, query) => (column + query) % columns);
