import { type Infer, literal, optional, orNull, strictObject } from '../../check/shapes.js';
import { flag } from '../../check/words.js';
import { boxFormat, boxUnit } from '../decode/boxes.js';
import type { Head } from '../head.js';
import { outputRows, outputValues } from '../outputs.js';
import { outputName } from '../words.js';
import { selectFinished } from './finished.js';

const schema = strictObject({
  family: literal('parts'),
  /** Names of the outputs. */
  boxes: outputName, // [1, n, 4] or [n, 4]; [1, n, 5] where the fifth number is the score
  scores: orNull(outputName), // [1, n] or [n]; null: the fifth number of boxes
  classes: outputName, // [1, n] or [n]
  /** How many of the rows count; null: all. */
  count: orNull(outputName),
  boxFormat,
  boxUnit,
  /** Whether non-maximum suppression is still to be done. Default false */
  suppress: optional(flag),
});

/** A box, a score and a class per row, in several outputs. */
export type PartsHeadSpec = Infer<typeof schema>;

/**
 * Detectors whose graph ends with boxes, scores and classes apart: the TensorFlow Object Detection API, torchvision,
 * RT-DETR and D-FINE in their official export, RTMDet by mmdeploy, YOLO-NAS with batched results. With
 * `suppress`, one row per cell: the YOLOs of Qualcomm AI Hub.
 */
export const partsHead: Head<PartsHeadSpec> = {
  schema,

  outputs: ({ boxes, scores, classes, count }) => [boxes, scores, classes, count].filter((name) => name !== null),

  needsSuppression: ({ suppress = false }) => suppress,

  finished: true,

  candidates(outputs, spec, geometry, selection) {
    const width = spec.scores === null ? 5 : 4;
    const { data, rows } = outputRows(outputs, spec.boxes, width);
    const scores = spec.scores === null ? null : outputValues(outputs, spec.scores, rows);
    const classes = outputValues(outputs, spec.classes, rows);
    const counted = spec.count === null ? rows : outputValues(outputs, spec.count, 1)[0]!;
    return selectFinished(
      {
        rows: Math.min(rows, counted),
        score: (row) => (scores === null ? data[row * width + 4]! : scores[row]!),
        classId: (row) => classes[row]!,
        boxes: { data, start: 0, rowStep: width, step: 1 },
        format: spec.boxFormat,
        unit: spec.boxUnit,
      },
      geometry,
      selection,
    );
  },
};
