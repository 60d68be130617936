import { type Infer, literal, optional, strictObject } from '../../check/shapes.js';
import { flag } from '../../check/words.js';
import { complain } from '../../errors.js';
import type { BoxLayout } from '../../kernels/boxes/lay-boxes.js';
import { rowMajor, type ScoreMatrix } from '../../kernels/scan/score-matrix.js';
import type { Tensors } from '../../types/model.js';
import { boxesOf, boxFormat, boxUnit } from '../decode/boxes.js';
import { candidatesAt, scanScores } from '../decode/scores.js';
import type { Head } from '../head.js';
import { outputOf, outputRows } from '../outputs.js';
import { activation, matrixLayout, outputName } from '../words.js';

const schema = strictObject({
  family: literal('boxes-scores'),
  /** Names of the outputs. */
  boxes: outputName, // [1, n, 4], [1, n, 1, 4] or [n, 4]; [1, 4, n] with boxLayout 'columns'
  scores: outputName, // [1, n, classes], or [1, classes, n] with layout 'columns'
  layout: matrixLayout,
  /** Default 'rows' */
  boxLayout: optional(matrixLayout),
  /** With 'softmax' all columns compete, those without a label (background, no object) as well. */
  activation,
  boxFormat,
  boxUnit,
  /** Whether non-maximum suppression is still to be done; DETR and its kind need none. */
  suppress: flag,
});

/** Decoded boxes in one output, the class scores of every row in another. */
export type BoxesScoresHeadSpec = Infer<typeof schema>;

/**
 * DETR and its descendants (logits and boxes of a few hundred queries), and detectors that give boxes and scores apart
 * (DAMO-YOLO, YOLO-NAS, PP-YOLOE, pytorch-ssd).
 *
 * Source: post_process_object_detection of the image processors in Hugging Face transformers.
 */
export const boxesScoresHead: Head<BoxesScoresHeadSpec> = {
  schema,

  outputs: ({ boxes, scores }) => [boxes, scores],

  needsSuppression: ({ suppress }) => suppress,

  candidates(outputs, spec, geometry, selection) {
    const matrix = scoresOf(outputs, spec, selection.scoreThresholds.length);
    const boxes = boxesIn(outputs, spec);
    if (boxes.rows !== matrix.rows) {
      throw complain('E_MODEL', {
        where: `output "${spec.boxes}"`,
        expected: `${matrix.rows} boxes, one for each row of "${spec.scores}"`,
        received: boxes.rows,
        mend: 'Correct the head in the spec.',
      });
    }
    const hits = scanScores(matrix, spec.activation, selection);
    const format = { format: spec.boxFormat, unit: spec.boxUnit };
    return candidatesAt(hits, boxesOf(hits.rows, boxes.layout, format, geometry));
  },
};

function boxesIn(
  outputs: Tensors,
  { boxes, boxLayout = 'rows' }: BoxesScoresHeadSpec,
): { rows: number; layout: BoxLayout } {
  if (boxLayout === 'rows') {
    const { data, rows } = outputRows(outputs, boxes, 4);
    return { rows, layout: { data, start: 0, rowStep: 4, step: 1 } };
  }
  const { data, dims } = outputOf(outputs, boxes, [1, 4, -1]);
  const rows = dims[2]!;
  return { rows, layout: { data, start: 0, rowStep: 1, step: rows } };
}

function scoresOf(outputs: Tensors, { scores, layout }: BoxesScoresHeadSpec, classes: number): ScoreMatrix {
  if (layout === 'rows') return rowMajor(outputRows(outputs, scores, classes).data, classes);
  const { data, dims } = outputOf(outputs, scores, [1, classes, -1]);
  const rows = dims[2]!;
  return { data, rows, classes, start: 0, rowStep: 1, classStep: rows };
}
