import { type Infer, list, literal, oneOf, related, strictObject } from '../../check/shapes.js';
import { positive } from '../../check/words.js';
import { exp } from '../../kernels/maths/elementary.js';
import type { ScoreMatrix } from '../../kernels/scan/score-matrix.js';
import type { Tensors } from '../../types/model.js';
import type { Geometry } from '../../types/pictures.js';
import { anchorSets, anchorsOf } from '../decode/anchors.js';
import { gridAt, gridsOf, type LevelGrid, scanAll } from '../decode/levels.js';
import type { Head } from '../head.js';
import { outputOf } from '../outputs.js';
import { activation, anchorsOrSet, levelLayout, outputNames } from '../words.js';

const fields = strictObject({
  family: literal('anchor-deltas'),
  /**
   * Names of the outputs. Layout 'maps': one per stride, [1, anchors · classes, height, width] and
   * [1, anchors · 4, height, width]. Layout 'rows': one each for all strides, [1, n, classes] and [1, n, 4], the anchors
   * of a cell one after the other.
   */
  scores: outputNames,
  deltas: outputNames,
  layout: levelLayout,
  activation,
  /** What the four numbers of a box move and stretch: 'xywh' or, as TensorFlow orders them, 'yxhw'. */
  order: oneOf('xywh', 'yxhw'),
  strides: list('positive numbers', positive, { min: 1 }),
  /** A published set by name, or per stride the width and height of each anchor in turn, model-input pixels. */
  anchors: anchorsOrSet(...anchorSets),
});

/** Anchors for every stride, as many for each; outputs as the layout has them. */
const schema = related(fields, ({ scores, deltas, layout, strides, anchors }) => {
  const outputs = layout === 'rows' ? 1 : strides.length;
  const sets = setsOf(anchors, strides);
  const perCell = sets[0]!.length;
  if (sets.length !== strides.length || perCell % 2 !== 0 || sets.some((set) => set.length !== perCell)) {
    const expected = `a width and a height of each anchor, as many for each of ${strides.length} strides`;
    return { field: 'anchors', expected };
  }
  const expected = `${outputs} names of outputs with layout '${layout}'`;
  if (scores.length !== outputs) return { field: 'scores', expected };
  return deltas.length === outputs ? null : { field: 'deltas', expected };
});

/** Class scores and boxes against anchors that the model does not give: several in the middle of every cell. */
export type AnchorDeltasHeadSpec = Infer<typeof schema>;

/**
 * RetinaNet and EfficientDet: centre = anchor centre + delta · anchor size, size = anchor size · e^delta.
 *
 * Source: delta2box in retinanet/box.py of NVIDIA/retinanet-examples; decode_box_outputs in effdet/anchors.py.
 */
export const anchorDeltasHead: Head<AnchorDeltasHeadSpec> = {
  schema,

  outputs: ({ scores, deltas }) => [...scores, ...deltas],

  needsSuppression: () => true,

  candidates(outputs, spec, geometry, selection) {
    const levels = levelsOf(spec, geometry);
    const classes = selection.scoreThresholds.length;
    const matrices =
      spec.layout === 'rows'
        ? [rowMatrix(outputs, spec, levels, classes)]
        : mapMatrices(outputs, spec, levels, classes);
    const { values, ...places } = scanAll(matrices, spec.activation, selection);
    return { ...places, scores: values, boxes: decode(places.rows, outputs, spec, levels), space: 'input' };
  },
};

interface AnchorLevel extends LevelGrid {
  /** [2 · perCell] width and height of each, model-input pixels */
  anchors: readonly number[];
}

function levelsOf({ strides, anchors }: AnchorDeltasHeadSpec, geometry: Geometry): AnchorLevel[] {
  const sets = setsOf(anchors, strides);
  return gridsOf(strides, geometry).map((level, k) => ({ ...level, anchors: sets[k]! }));
}

function setsOf(anchors: AnchorDeltasHeadSpec['anchors'], strides: readonly number[]): readonly (readonly number[])[] {
  return typeof anchors === 'string' ? strides.map((stride) => anchorsOf(anchors, stride)) : anchors;
}

function rowMatrix(
  outputs: Tensors,
  { scores, deltas }: AnchorDeltasHeadSpec,
  levels: readonly AnchorLevel[],
  classes: number,
): ScoreMatrix {
  const rows = levels.reduce((sum, { width, height, anchors }) => sum + (width * height * anchors.length) / 2, 0);
  const { data } = outputOf(outputs, scores[0]!, [1, rows, classes]);
  outputOf(outputs, deltas[0]!, [1, rows, 4]);
  return { data, rows, classes, start: 0, rowStep: classes, classStep: 1 };
}

/** A matrix for each anchor of each level; its rows are the cells. */
function mapMatrices(
  outputs: Tensors,
  { scores, deltas }: AnchorDeltasHeadSpec,
  levels: readonly AnchorLevel[],
  classes: number,
): ScoreMatrix[] {
  return levels.flatMap(({ width, height, anchors }, k) => {
    const perCell = anchors.length / 2;
    const { data } = outputOf(outputs, scores[k]!, [1, perCell * classes, height, width]);
    outputOf(outputs, deltas[k]!, [1, perCell * 4, height, width]);
    const rows = width * height;
    return Array.from({ length: perCell }, (_, anchor): ScoreMatrix => {
      return { data, rows, classes, start: anchor * classes * rows, rowStep: 1, classStep: rows };
    });
  });
}

/** @returns [rows.length, 4] xyxy, model-input pixels; float64 inside, rounded once to float32 */
function decode(
  rows: Uint32Array,
  outputs: Tensors,
  { deltas, layout, order }: AnchorDeltasHeadSpec,
  levels: readonly AnchorLevel[],
): Float32Array {
  const [first, second] = order === 'xywh' ? [0, 1] : [1, 0];
  const perCell = levels[0]!.anchors.length / 2;
  const byRow = layout === 'rows';
  const boxes = new Float32Array(rows.length * 4); // [n, 4]
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const level = gridAt(levels, Math.floor(row / perCell));
    const within = row - level.before * perCell;
    const cells = level.width * level.height;
    const [cell, anchor] = byRow
      ? [Math.floor(within / perCell), within % perCell]
      : [within % cells, Math.floor(within / cells)];
    const { data } = outputs[deltas[byRow ? 0 : levels.indexOf(level)]!]!;
    const [at, step] = byRow ? [row * 4, 1] : [anchor * 4 * cells + cell, cells];
    const [width, height] = [level.anchors[2 * anchor]!, level.anchors[2 * anchor + 1]!];
    const x = ((cell % level.width) + 0.5) * level.stride + data[at + first * step]! * width;
    const y = (Math.floor(cell / level.width) + 0.5) * level.stride + data[at + second * step]! * height;
    const halfWidth = (exp(data[at + (2 + first) * step]!) * width) / 2;
    const halfHeight = (exp(data[at + (2 + second) * step]!) * height) / 2;
    boxes.set([x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight], 4 * i);
  }
  return boxes;
}
