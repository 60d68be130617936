import { complain } from '../errors.js';
import { sigmoid } from '../kernels/activation.js';
import type { Geometry, Tensors } from '../types.js';
import type { Activation, Head } from './head.js';
import { type Grid, gridsOf, scanAll } from './levels.js';
import { outputOf } from './outputs.js';

/** Anchors per level: width and height of each in turn, model-input pixels. */
export const ANCHORS = {
  /** Source: YOLOv4's yolov4.cfg; YOLOv7's cfg/training/yolov7.yaml has the same. */
  yolov4: [
    [12, 16, 19, 36, 40, 28],
    [36, 75, 76, 55, 72, 146],
    [142, 110, 192, 243, 459, 401],
  ],
  /** Source: YOLOv5's models/yolov5s.yaml; YOLOv3's yolov3.cfg has the same. */
  yolov5: [
    [10, 13, 16, 30, 33, 23],
    [30, 61, 62, 45, 59, 119],
    [116, 90, 156, 198, 373, 326],
  ],
} as const satisfies Record<string, number[][]>;

/** Rows per cell and anchor: box against both, objectness, class scores. */
export interface YoloGridHeadSpec {
  family: 'yolo-grid';
  /**
   * Names of the outputs, one per stride: 'anchors-cells' [1, anchors, height, width, 5 + classes], 'cells-anchors'
   * [1, height, width, anchors, 5 + classes]. One name alone: all levels in turn in [1, n, 5 + classes].
   */
  outputs: string[];
  order: 'anchors-cells' | 'cells-anchors';
  strides: number[];
  /** A published set by name, or per stride the width and height of each anchor in turn, model-input pixels. */
  anchors: keyof typeof ANCHORS | number[][];
  /** Per stride, how far a centre reaches: (σ(t) · reach − (reach − 1) / 2 + cell) · stride. YOLOv5: 2. */
  reach: number[];
  /** 'exp': e^t · anchor; 'square': (2 σ(t))² · anchor. */
  size: 'exp' | 'square';
  /** 'none': the graph has done σ on the box numbers. */
  boxActivation: 'sigmoid' | 'none';
  activation: Activation;
}

/**
 * YOLO with anchors whose graph decodes no boxes: YOLOv4 of the ONNX model zoo, YOLOv5 and YOLOv7 without their last step.
 *
 * Source: postprocess_bbbox in the zoo's YOLOv4 README; Detect.forward of YOLOv5's models/yolo.py.
 */
export const yoloGrid: Head<YoloGridHeadSpec> = {
  outputs: ({ outputs }) => outputs,

  needsSuppression: () => true,

  candidates(outputs, spec, geometry, selection) {
    const classes = selection.scoreThresholds.length;
    const width = 5 + classes;
    const levels = levelsOf(outputs, spec, geometry, width);
    const places = { classes, start: 5, rowStep: width, classStep: 1, objectness: { start: 4 } };
    const matrices = levels.map(({ data }) => ({ ...places, data, rows: data.length / width }));
    const { values, ...hits } = scanAll(matrices, spec.activation, selection);
    return { ...hits, scores: values, boxes: decodeBoxes(hits.rows, levels, width, spec), space: 'input' };
  },
};

interface Level extends Grid {
  /** Width and height of each in turn. */
  anchors: readonly number[];
  reach: number;
  /** Rows of all levels before this one. */
  rowsBefore: number;
  /** [rows, 5 + classes] */
  data: Float32Array;
}

function levelsOf(outputs: Tensors, spec: YoloGridHeadSpec, geometry: Geometry, width: number): Level[] {
  const sets: readonly (readonly number[])[] = typeof spec.anchors === 'string' ? ANCHORS[spec.anchors] : spec.anchors;
  requireLists(spec, sets);
  const grids = gridsOf(spec.strides, geometry);
  const rowsIn = grids.map((grid, k) => (grid.width * grid.height * sets[k]!.length) / 2);
  const all = rowsIn.reduce((sum, rows) => sum + rows, 0);
  let rowsBefore = 0;
  return grids.map((grid, k) => {
    const start = rowsBefore;
    rowsBefore += rowsIn[k]!;
    const anchors = sets[k]!;
    const cells = [grid.height, grid.width];
    const dims = spec.order === 'anchors-cells' ? [anchors.length / 2, ...cells] : [...cells, anchors.length / 2];
    const together = spec.outputs.length < grids.length;
    const data = together
      ? outputOf(outputs, spec.outputs[0]!, [1, all, width]).data.subarray(start * width, rowsBefore * width)
      : outputOf(outputs, spec.outputs[k]!, [1, ...dims, width]).data;
    return { ...grid, anchors, reach: spec.reach[k]!, rowsBefore: start, data };
  });
}

function requireLists({ outputs, strides, reach }: YoloGridHeadSpec, anchors: readonly (readonly number[])[]): void {
  const fits = (list: readonly unknown[]) => list.length === strides.length;
  const inPairs = anchors.every((set) => set.length > 0 && set.length % 2 === 0);
  if ((outputs.length === 1 || fits(outputs)) && fits(anchors) && fits(reach) && inPairs) return;
  throw complain('E_MODEL', {
    where: 'spec',
    expected: `outputs, anchors (a width and a height each) and reach for ${strides.length} strides in head`,
    received: JSON.stringify({ outputs: outputs.length, anchors: anchors.map(({ length }) => length), reach }),
  });
}

/** @returns [rows.length, 4] xyxy, model-input pixels */
function decodeBoxes(rows: Uint32Array, levels: Level[], width: number, spec: YoloGridHeadSpec): Float32Array {
  const unit = spec.boxActivation === 'sigmoid' ? sigmoid : (value: number) => value;
  const boxes = new Float32Array(rows.length * 4); // [n, 4]
  for (let i = 0; i < rows.length; i++) {
    const level = levels.findLast(({ rowsBefore }) => rowsBefore <= rows[i]!)!;
    const { stride, anchors, reach, data } = level;
    const row = rows[i]! - level.rowsBefore;
    const perCell = anchors.length / 2;
    const cells = level.width * level.height;
    const [cell, anchor] =
      spec.order === 'anchors-cells'
        ? [row % cells, Math.floor(row / cells)]
        : [Math.floor(row / perCell), row % perCell];
    const place = (t: number, at: number) => (unit(t) * reach - (reach - 1) / 2 + at) * stride;
    const extent = (t: number, side: number) => (spec.size === 'exp' ? Math.exp(t) : (2 * unit(t)) ** 2) * side;
    const at = row * width;
    const centreX = place(data[at]!, cell % level.width);
    const centreY = place(data[at + 1]!, Math.floor(cell / level.width));
    const halfWidth = extent(data[at + 2]!, anchors[2 * anchor]!) / 2;
    const halfHeight = extent(data[at + 3]!, anchors[2 * anchor + 1]!) / 2;
    boxes.set([centreX - halfWidth, centreY - halfHeight, centreX + halfWidth, centreY + halfHeight], 4 * i);
  }
  return boxes;
}
