import { type Infer, literal, optional, strictObject } from '../../check/shapes.js';
import { flag, wholeFromZero } from '../../check/words.js';
import type { ScoreMatrix } from '../../kernels/scan/score-matrix.js';
import { boxesOf, boxFormat, boxUnit } from '../decode/boxes.js';
import { candidatesAt, scanScores } from '../decode/scores.js';
import type { Head } from '../head.js';
import { outputOf } from '../outputs.js';
import { activation, matrixLayout, outputName } from '../words.js';

const schema = strictObject({
  family: literal('yolo'),
  /** Name of the output. */
  output: outputName,
  /** 'columns': [1, 4 + classes, n]; 'rows': [1, n, 4 + classes]; one number more per row with objectness. */
  layout: matrixLayout,
  /** A fifth number that all class scores of the row are multiplied by. */
  objectness: flag,
  activation,
  boxFormat,
  boxUnit,
  /** Whether non-maximum suppression is still to be done. */
  suppress: flag,
  /** Numbers of a row after its class scores that are not read: mask coefficients, key points. Default 0 */
  extraColumns: optional(wholeFromZero),
});

/** One output with box, perhaps objectness, and class scores of every row; the graph has decoded the boxes. */
export type YoloHeadSpec = Infer<typeof schema>;

/**
 * YOLOv5 to YOLO26 in all forms whose graph decodes the boxes and leaves the rest.
 *
 * Source: ultralytics.utils.nms.non_max_suppression (columns), yolov5 utils.general.non_max_suppression (rows, objectness).
 */
export const yoloHead: Head<YoloHeadSpec> = {
  schema,

  outputs: ({ output }) => [output],

  needsSuppression: ({ suppress }) => suppress,

  candidates(outputs, spec, geometry, selection) {
    const classes = selection.scoreThresholds.length;
    const before = spec.objectness ? 5 : 4;
    const width = before + classes + (spec.extraColumns ?? 0);
    const byRow = spec.layout === 'rows';
    const { data, dims } = outputOf(outputs, spec.output, byRow ? [1, -1, width] : [1, width, -1]);
    const rows = dims[byRow ? 1 : 2]!;
    const rowStep = byRow ? width : 1;
    const step = byRow ? 1 : rows;
    const matrix: ScoreMatrix = { data, rows, classes, start: before * step, rowStep, classStep: step };
    if (spec.objectness) matrix.objectness = { start: 4 * step };
    const hits = scanScores(matrix, spec.activation, selection);
    const format = { format: spec.boxFormat, unit: spec.boxUnit };
    return candidatesAt(hits, boxesOf(hits.rows, { data, start: 0, rowStep, step }, format, geometry));
  },
};
