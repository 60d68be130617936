import { type Infer, literal, optional, orNull, related, strictObject } from '../../check/shapes.js';
import { count, flag, wholeFromZero } from '../../check/words.js';
import { boxFormat, boxUnit } from '../decode/boxes.js';
import type { Head } from '../head.js';
import { outputRows, outputValues } from '../outputs.js';
import { outputName } from '../words.js';
import { selectFinished } from './finished.js';

const columns = related(
  strictObject({ all: count, box: wholeFromZero, score: wholeFromZero, class: wholeFromZero }),
  ({ all, box, score, class: classColumn }) => {
    if (box + 4 > all) return { field: 'box', expected: `the first of four columns out of ${all}` };
    if (score >= all) return { field: 'score', expected: `a column below ${all}` };
    return classColumn >= all ? { field: 'class', expected: `a column below ${all}` } : null;
  },
);

const schema = strictObject({
  family: literal('rows'),
  /** Name of the output: [1, n, columns] or [n, columns]. */
  output: outputName,
  /** How many of the rows count; null: all, where rows without a class of the model are padding. */
  count: orNull(outputName),
  /** Columns in all, and which is what; `box` is the first of four. */
  columns,
  boxFormat,
  boxUnit,
  /** Whether non-maximum suppression is still to be done. Default false */
  suppress: optional(flag),
});

/** One output with a box, a score and a class per row, in some order of columns. */
export type RowsHeadSpec = Infer<typeof schema>;

/**
 * Detectors that end in non-maximum suppression or need none: YOLOv10 and YOLO26 end to end, Ultralytics exports with
 * nms=True, YOLOv7 end to end, YOLO-NAS flat, PaddleDetection with its post-processing. With `suppress`, one row per cell:
 * DeepStream-Yolo.
 */
export const rowsHead: Head<RowsHeadSpec> = {
  schema,

  outputs: ({ output, count }) => (count === null ? [output] : [output, count]),

  needsSuppression: ({ suppress = false }) => suppress,

  finished: true,

  candidates(outputs, spec, geometry, selection) {
    const { all, box, score, class: classColumn } = spec.columns;
    const { data, rows: present } = outputRows(outputs, spec.output, all);
    const counted = spec.count === null ? present : outputValues(outputs, spec.count, 1)[0]!;
    return selectFinished(
      {
        rows: Math.min(present, counted),
        score: (row) => data[row * all + score]!,
        classId: (row) => data[row * all + classColumn]!,
        boxes: { data, start: box, rowStep: all, step: 1 },
        format: spec.boxFormat,
        unit: spec.boxUnit,
      },
      geometry,
      selection,
    );
  },
};
