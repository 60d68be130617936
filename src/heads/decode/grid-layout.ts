import { type Infer, oneOf } from '../../check/shapes.js';
import type { ScoreMatrix } from '../../kernels/scan/score-matrix.js';

/**
 * How the numbers of a grid of cells with anchors lie in memory, outermost first. A box is four numbers, an objectness and
 * a score per class; 'cells-shared-classes' has all boxes of a cell, then all objectnesses, then scores that apply to each of them.
 */
export type GridOrder = Infer<typeof gridOrder>;
export const gridOrder = oneOf('anchors-cells', 'cells-anchors', 'anchors-channels', 'cells-shared-classes');

/** One level: sizes of its grid, anchors per cell, classes. */
export interface GridShape {
  width: number;
  height: number;
  anchors: number;
  classes: number;
}

/** Rows of one level are numbered from 0: one for each cell and anchor. */
export interface GridLayout {
  /** Dims that the level's output may have. */
  dims: number[][];
  /** Where the scores lie; rows of one matrix after those of the other. */
  matrices: Omit<ScoreMatrix, 'data'>[];
  /** The cell (line by line) and anchor of a row, and where its box begins. */
  place(row: number): { cell: number; anchor: number; at: number };
  /** From one number of a box to the next. */
  step: number;
}

export function gridLayout(order: GridOrder, shape: GridShape): GridLayout {
  return LAYOUTS[order](shape);
}

const LAYOUTS: Record<GridOrder, (shape: GridShape) => GridLayout> = {
  'anchors-cells'({ width, height, anchors, classes }) {
    const [cells, row] = [width * height, 5 + classes];
    return {
      dims: [[1, anchors, height, width, row]],
      matrices: [rowsOfBoxes(cells * anchors, classes)],
      place: (i) => ({ cell: i % cells, anchor: Math.floor(i / cells), at: i * row }),
      step: 1,
    };
  },
  'cells-anchors'({ width, height, anchors, classes }) {
    const row = 5 + classes;
    return {
      dims: [
        [1, height, width, anchors, row],
        [1, height, width, anchors * row],
      ],
      matrices: [rowsOfBoxes(width * height * anchors, classes)],
      place: (i) => ({ cell: Math.floor(i / anchors), anchor: i % anchors, at: i * row }),
      step: 1,
    };
  },
  'anchors-channels'({ width, height, anchors, classes }) {
    const cells = width * height;
    const startOf = (anchor: number) => anchor * (5 + classes) * cells;
    return {
      dims: [
        [1, anchors * (5 + classes), height, width],
        [1, anchors, 5 + classes, height, width],
      ],
      matrices: Array.from({ length: anchors }, (_, anchor) => ({
        rows: cells,
        classes,
        start: startOf(anchor) + 5 * cells,
        rowStep: 1,
        classStep: cells,
        objectness: { start: startOf(anchor) + 4 * cells },
      })),
      place(i) {
        const [cell, anchor] = [i % cells, Math.floor(i / cells)];
        return { cell, anchor, at: startOf(anchor) + cell };
      },
      step: cells,
    };
  },
  'cells-shared-classes'({ width, height, anchors, classes }) {
    const [cells, rowStep] = [width * height, 5 * anchors + classes];
    return {
      dims: [[1, height, width, rowStep]],
      matrices: Array.from({ length: anchors }, (_, anchor) => ({
        rows: cells,
        classes,
        start: 5 * anchors,
        rowStep,
        classStep: 1,
        objectness: { start: 4 * anchors + anchor },
      })),
      place(i) {
        const [cell, anchor] = [i % cells, Math.floor(i / cells)];
        return { cell, anchor, at: cell * rowStep + 4 * anchor };
      },
      step: 1,
    };
  },
};

function rowsOfBoxes(rows: number, classes: number): Omit<ScoreMatrix, 'data'> {
  return { rows, classes, start: 5, rowStep: 5 + classes, classStep: 1, objectness: { start: 4 } };
}
