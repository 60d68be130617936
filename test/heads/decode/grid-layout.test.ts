import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GridOrder, gridLayout } from '../../../src/heads/decode/grid-layout.js';

/** Writes number k of a box, its objectness (4) or a score (5 + class) for every cell and anchor, each number its own. */
function numberOf(cell: number, anchor: number, k: number): number {
  return cell * 1000 + anchor * 100 + k;
}

/** The memory of one level, written out as its dims say, outermost first. */
function memoryOf(order: GridOrder, cells: number, anchors: number, classes: number): Float32Array {
  const numbers: number[] = [];
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);
  const boxes = range(5 + classes);
  if (order === 'anchors-cells') {
    for (const a of range(anchors))
      for (const c of range(cells)) for (const k of boxes) numbers.push(numberOf(c, a, k));
  } else if (order === 'cells-anchors') {
    for (const c of range(cells))
      for (const a of range(anchors)) for (const k of boxes) numbers.push(numberOf(c, a, k));
  } else if (order === 'anchors-channels') {
    for (const a of range(anchors))
      for (const k of boxes) for (const c of range(cells)) numbers.push(numberOf(c, a, k));
  } else {
    for (const c of range(cells)) {
      for (const a of range(anchors)) for (const k of range(4)) numbers.push(numberOf(c, a, k));
      for (const a of range(anchors)) numbers.push(numberOf(c, a, 4));
      for (const k of range(classes)) numbers.push(numberOf(c, 0, 5 + k));
    }
  }
  return Float32Array.from(numbers);
}

const gridOrders: GridOrder[] = ['anchors-cells', 'cells-anchors', 'anchors-channels', 'cells-shared-classes'];

describe.each(gridOrders)('%s', (order) => {
  test('every row leads to the numbers of its own cell and anchor', () => {
    const side = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(side, side, side, side, (width, height, anchors, classes) => {
        const cells = width * height;
        const data = memoryOf(order, cells, anchors, classes);
        const { dims, matrices, place, step } = gridLayout(order, { width, height, anchors, classes });
        for (const some of dims) expect(some.reduce((product, dim) => product * dim, 1)).toBe(data.length);
        let before = 0;
        const seen = new Set<string>();
        for (const { rows, start, rowStep, classStep, objectness } of matrices) {
          for (let i = 0; i < rows; i++) {
            const { cell, anchor, at } = place(before + i);
            seen.add(`${cell} ${anchor}`);
            for (let k = 0; k < 4; k++) expect(data[at + k * step]).toBe(numberOf(cell, anchor, k));
            expect(data[objectness!.start + i * rowStep]).toBe(numberOf(cell, anchor, 4));
            const shared = order === 'cells-shared-classes' ? 0 : anchor;
            for (let c = 0; c < classes; c++) {
              expect(data[start + i * rowStep + c * classStep]).toBe(numberOf(cell, shared, 5 + c));
            }
          }
          before += rows;
        }
        expect(seen.size).toBe(cells * anchors);
      }),
    );
  });
});
