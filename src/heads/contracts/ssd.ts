import { type Infer, literal, strictObject, tuple } from '../../check/shapes.js';
import { nonZero } from '../../check/words.js';
import { exp } from '../../kernels/maths/elementary.js';
import { rowMajor } from '../../kernels/scan/score-matrix.js';
import type { Tensors } from '../../types/model.js';
import type { Geometry } from '../../types/pictures.js';
import { candidatesAt, scanScores } from '../decode/scores.js';
import type { Head } from '../head.js';
import { outputOf, outputRows } from '../outputs.js';
import { activation, outputName } from '../words.js';

const schema = strictObject({
  family: literal('ssd'),
  /** Names of the outputs. */
  scores: outputName, // [1, n, classes]
  boxes: outputName, // [1, n, 4] or [1, n, 1, 4] encodings ty, tx, th, tw
  anchors: outputName, // [1, n, 4] y1, x1, y2, x2 as fractions of the input
  activation,
  /** Divisors of ty, tx, th, tw. */
  boxScales: tuple('four numbers other than 0', nonZero, 4),
});

/** SSD: class scores and box encodings against anchors that the model gives as well. */
export type SsdHeadSpec = Infer<typeof schema>;

/**
 * Every row is an anchor with a score per class and a box encoded against the anchor.
 *
 * Source: Liu et al., SSD (2016), section 2.2; box coder of the TensorFlow Object Detection API
 * (faster_rcnn_box_coder): centre = t / scale · anchor size + anchor centre, size = e^(t / scale) · anchor size.
 */
export const ssdHead: Head<SsdHeadSpec> = {
  schema,

  outputs: ({ scores, boxes, anchors }) => [scores, boxes, anchors],

  needsSuppression: () => true,

  candidates(outputs, spec, geometry, selection) {
    const classes = selection.scoreThresholds.length;
    const scores = outputOf(outputs, spec.scores, [1, -1, classes]);
    const hits = scanScores(rowMajor(scores.data, classes), spec.activation, selection);
    return candidatesAt(hits, { boxes: decodeBoxes(outputs, spec, geometry, hits.rows), space: 'input' });
  },
};

/** @returns [rows.length, 4] xyxy, model-input pixels */
function decodeBoxes(outputs: Tensors, spec: SsdHeadSpec, geometry: Geometry, rows: Uint32Array): Float32Array {
  const { inputWidth, inputHeight } = geometry;
  const { data: anchors, rows: anchorRows } = outputRows(outputs, spec.anchors, 4);
  const { data: encodings, rows: encodingRows } = outputRows(outputs, spec.boxes, 4);
  outputOf(outputs, spec.scores, [1, anchorRows, -1]);
  outputOf(outputs, spec.scores, [1, encodingRows, -1]);
  const [scaleY, scaleX, scaleH, scaleW] = spec.boxScales;
  const boxes = new Float32Array(rows.length * 4); // [n, 4]
  for (let i = 0; i < rows.length; i++) {
    const at = rows[i]! * 4;
    const [y1, x1, y2, x2] = [anchors[at]!, anchors[at + 1]!, anchors[at + 2]!, anchors[at + 3]!];
    const centreY = (encodings[at]! / scaleY) * (y2 - y1) + (y1 + y2) / 2;
    const centreX = (encodings[at + 1]! / scaleX) * (x2 - x1) + (x1 + x2) / 2;
    const halfHeight = (exp(encodings[at + 2]! / scaleH) * (y2 - y1)) / 2;
    const halfWidth = (exp(encodings[at + 3]! / scaleW) * (x2 - x1)) / 2;
    boxes[i * 4] = (centreX - halfWidth) * inputWidth;
    boxes[i * 4 + 1] = (centreY - halfHeight) * inputHeight;
    boxes[i * 4 + 2] = (centreX + halfWidth) * inputWidth;
    boxes[i * 4 + 3] = (centreY + halfHeight) * inputHeight;
  }
  return boxes;
}
