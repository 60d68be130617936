import { type BoxFormat, type BoxUnit, boxFormat, boxUnit } from '../decode/boxes.js';
import { optional, orNull, outputName, trueOrFalse } from '../fields.js';
import type { Head } from '../head.js';
import { rowsOf, valuesOf } from '../outputs.js';
import { selectFinished } from './finished.js';

/** A box, a score and a class per row, in several outputs. */
export interface PartsHeadSpec {
  family: 'parts';
  /** Names of the outputs. */
  boxes: string; // [1, n, 4] or [n, 4]; [1, n, 5] where the fifth number is the score
  scores: string | null; // [1, n] or [n]; null: the fifth number of boxes
  classes: string; // [1, n] or [n]
  /** How many of the rows count; null: all. */
  count: string | null;
  boxFormat: BoxFormat;
  boxUnit: BoxUnit;
  /** Whether non-maximum suppression is still to be done. Default false */
  suppress?: boolean;
}

/**
 * Detectors whose graph ends with boxes, scores and classes apart: the TensorFlow Object Detection API, torchvision,
 * RT-DETR and D-FINE in their official export, RTMDet by mmdeploy, YOLO-NAS with batched results. With
 * `suppress`, one row per cell: the YOLOs of Qualcomm AI Hub.
 */
export const parts: Head<PartsHeadSpec> = {
  fields: {
    boxes: outputName,
    scores: orNull(outputName),
    classes: outputName,
    count: orNull(outputName),
    boxFormat,
    boxUnit,
    suppress: optional(trueOrFalse),
  },

  outputs: ({ boxes, scores, classes, count }) => [boxes, scores, classes, count].filter((name) => name !== null),

  needsSuppression: ({ suppress = false }) => suppress,

  finished: true,

  candidates(outputs, spec, geometry, selection) {
    const width = spec.scores === null ? 5 : 4;
    const { data, rows } = rowsOf(outputs, spec.boxes, width);
    const scores = spec.scores === null ? null : valuesOf(outputs, spec.scores, rows);
    const classes = valuesOf(outputs, spec.classes, rows);
    const counted = spec.count === null ? rows : valuesOf(outputs, spec.count, 1)[0]!;
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
