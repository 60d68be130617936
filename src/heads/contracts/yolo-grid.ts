import { type Infer, list, literal, oneOf, related, strictObject } from '../../check/shapes.js';
import { finite } from '../../check/words.js';
import { complain } from '../../errors.js';
import { sigmoid } from '../../kernels/maths/activation.js';
import { exp } from '../../kernels/maths/elementary.js';
import type { Tensors } from '../../types/model.js';
import type { Geometry } from '../../types/pictures.js';
import { type GridLayout, gridLayout, gridOrder } from '../decode/grid-layout.js';
import { gridsOf, type LevelGrid, scanAll } from '../decode/levels.js';
import { ANCHORS, type AnchorsName } from '../decode/yolo-anchors.js';
import type { Head } from '../head.js';
import { outputOf, outputRows } from '../outputs.js';
import { activation, anchorsOrSet, independentActivation, outputNames, strides } from '../words.js';

const fields = strictObject({
  family: literal('yolo-grid'),
  /**
   * Names of the outputs, one per stride: 'anchors-cells' [1, anchors, height, width, 5 + classes], 'cells-anchors'
   * [1, height, width, anchors, 5 + classes], 'anchors-channels' [1, anchors · (5 + classes), height, width],
   * 'cells-shared-classes' [1, height, width, 5 · anchors + classes]. One name alone: all levels in turn.
   */
  outputs: outputNames,
  order: gridOrder,
  strides,
  /** A published set by name, or per stride the width and height of each anchor in turn, model-input pixels. */
  anchors: anchorsOrSet(...(Object.keys(ANCHORS) as AnchorsName[])),
  /** Per stride, how far a centre reaches: (σ(t) · reach − (reach − 1) / 2 + cell) · stride. YOLOv5: 2. */
  reach: list('numbers', finite, { min: 1 }),
  /** 'exp': e^t · anchor; 'square': (2 σ(t))² · anchor. */
  size: oneOf('exp', 'square'),
  /** 'none': the graph has done σ on the box numbers. */
  boxActivation: independentActivation,
  activation,
});

/** Anchors, reach and outputs for every stride; one output alone has all levels. */
const schema = related(fields, ({ outputs, strides, reach, anchors }) => {
  const levels = strides.length;
  const sets = setsOf(anchors);
  if (outputs.length !== 1 && outputs.length !== levels) {
    return { field: 'outputs', expected: `the name of one output, or of one for each of ${levels} strides` };
  }
  if (sets.length !== levels || sets.some((set) => set.length % 2 !== 0)) {
    return { field: 'anchors', expected: `widths and heights in turn, a list for each of ${levels} strides` };
  }
  return reach.length === levels ? null : { field: 'reach', expected: `a number for each of ${levels} strides` };
});

/** A row per cell and anchor: box against both, objectness, class scores. */
export type YoloGridHeadSpec = Infer<typeof schema>;

/**
 * YOLO with anchors whose graph decodes no boxes: YOLOv2, YOLOv3 and YOLOv4 of the ONNX model zoo and Darknet, YOLOv5 and
 * YOLOv7 without their last step, YOLO-FastestV2.
 *
 * Source: Redmon and Farhadi, YOLO9000 (2017), section 2; postprocess_bbbox in the zoo's YOLOv4 README; Detect.forward of
 * YOLOv5's models/yolo.py; handel_preds in utils/utils.py of dog-qiuqiu/Yolo-FastestV2.
 */
export const yoloGridHead: Head<YoloGridHeadSpec> = {
  schema,

  outputs: ({ outputs }) => outputs,

  needsSuppression: () => true,

  candidates(outputs, spec, geometry, selection) {
    const classes = selection.scoreThresholds.length;
    const levels = levelsOf(outputs, spec, geometry, classes);
    const matrices = levels.flatMap(({ data, layout }) => layout.matrices.map((matrix) => ({ ...matrix, data })));
    const { values, ...hits } = scanAll(matrices, spec.activation, selection);
    return { ...hits, scores: values, boxes: decodeBoxes(hits.rows, levels, spec), space: 'input' };
  },
};

interface Level extends LevelGrid {
  layout: GridLayout;
  /** Width and height of each in turn. */
  anchors: readonly number[];
  reach: number;
  /** Rows of all levels before this one. */
  rowsBefore: number;
  data: Float32Array;
}

function levelsOf(outputs: Tensors, spec: YoloGridHeadSpec, geometry: Geometry, classes: number): Level[] {
  const sets = setsOf(spec.anchors);
  let rowsBefore = 0;
  const levels = gridsOf(spec.strides, geometry).map((grid, k) => {
    const anchors = sets[k]!;
    const layout = gridLayout(spec.order, { ...grid, anchors: anchors.length / 2, classes });
    const level = { ...grid, layout, anchors, reach: spec.reach[k]!, rowsBefore };
    rowsBefore += (grid.width * grid.height * anchors.length) / 2;
    return level;
  });
  return spec.outputs.length < levels.length
    ? fromOne(outputs, spec.outputs[0]!, levels)
    : levels.map((level, k) => ({ ...level, data: ofLevel(outputs, spec.outputs[k]!, level.layout) }));
}

function ofLevel(outputs: Tensors, name: string, { dims: [usual, ...others] }: GridLayout): Float32Array {
  const rank = outputs[name]?.dims.length;
  return outputOf(outputs, name, others.find(({ length }) => length === rank) ?? usual!).data;
}

/** All levels in one output, one after the other. */
function fromOne(outputs: Tensors, name: string, levels: Omit<Level, 'data'>[]): Level[] {
  const { data } = outputRows(outputs, name, -1);
  const sizes = levels.map(({ layout }) => layout.dims[0]!.reduce((product, dim) => product * dim, 1));
  const all = sizes.reduce((sum, size) => sum + size, 0);
  if (data.length !== all) {
    throw complain('E_MODEL', {
      where: `output "${name}"`,
      expected: `${all} numbers for all levels`,
      received: data.length,
      mend: 'The spec (labels, head) must belong to this model.',
    });
  }
  let end = 0;
  return levels.map((level, k) => {
    const start = end;
    end += sizes[k]!;
    return { ...level, data: data.subarray(start, end) };
  });
}

function setsOf(anchors: YoloGridHeadSpec['anchors']): readonly (readonly number[])[] {
  return typeof anchors === 'string' ? ANCHORS[anchors] : anchors;
}

/** @returns [rows.length, 4] xyxy, model-input pixels */
function decodeBoxes(rows: Uint32Array, levels: Level[], spec: YoloGridHeadSpec): Float32Array {
  const unit = spec.boxActivation === 'sigmoid' ? sigmoid : (value: number) => value;
  const boxes = new Float32Array(rows.length * 4); // [n, 4]
  for (let i = 0; i < rows.length; i++) {
    const level = levels.findLast(({ rowsBefore }) => rowsBefore <= rows[i]!)!;
    const { stride, anchors, reach, data, layout } = level;
    const { cell, anchor, at } = layout.place(rows[i]! - level.rowsBefore);
    const number = (k: number) => data[at + k * layout.step]!;
    const place = (t: number, middle: number) => (unit(t) * reach - (reach - 1) / 2 + middle) * stride;
    const extent = (t: number, side: number) => (spec.size === 'exp' ? exp(t) : (2 * unit(t)) ** 2) * side;
    const centreX = place(number(0), cell % level.width);
    const centreY = place(number(1), Math.floor(cell / level.width));
    const halfWidth = extent(number(2), anchors[2 * anchor]!) / 2;
    const halfHeight = extent(number(3), anchors[2 * anchor + 1]!) / 2;
    boxes.set([centreX - halfWidth, centreY - halfHeight, centreX + halfWidth, centreY + halfHeight], 4 * i);
  }
  return boxes;
}
