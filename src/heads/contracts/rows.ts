import { type BoxFormat, type BoxUnit, boxFormat, boxUnit } from '../decode/boxes.js';
import { field, optional, orNull, outputName, trueOrFalse, whole } from '../fields.js';
import type { Head } from '../head.js';
import { rowsOf, valuesOf } from '../outputs.js';
import { selectFinished } from './finished.js';

/** One output with a box, a score and a class per row, in some order of columns. */
export interface RowsHeadSpec {
  family: 'rows';
  /** Name of the output: [1, n, columns] or [n, columns]. */
  output: string;
  /** How many of the rows count; null: all, where rows without a class of the model are padding. */
  count: string | null;
  /** Columns in all, and which is what; `box` is the first of four. */
  columns: { all: number; box: number; score: number; class: number };
  boxFormat: BoxFormat;
  boxUnit: BoxUnit;
  /** Whether non-maximum suppression is still to be done. Default false */
  suppress?: boolean;
}

/**
 * Detectors that end in non-maximum suppression or need none: YOLOv10 and YOLO26 end to end, Ultralytics exports with
 * nms=True, YOLOv7 end to end, YOLO-NAS flat, PaddleDetection with its post-processing. With `suppress`, one row per cell:
 * DeepStream-Yolo.
 */
export const rows: Head<RowsHeadSpec> = {
  fields: {
    output: outputName,
    count: orNull(outputName),
    columns: field('{ all, box, score, class }, all of the columns and which of them', isColumns),
    boxFormat,
    boxUnit,
    suppress: optional(trueOrFalse),
  },

  outputs: ({ output, count }) => (count === null ? [output] : [output, count]),

  needsSuppression: ({ suppress = false }) => suppress,

  finished: true,

  candidates(outputs, spec, geometry, selection) {
    const { all, box, score, class: classColumn } = spec.columns;
    const { data, rows: present } = rowsOf(outputs, spec.output, all);
    const counted = spec.count === null ? present : valuesOf(outputs, spec.count, 1)[0]!;
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

function isColumns(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { all, box, score, class: classColumn } = value as RowsHeadSpec['columns'];
  const within = (column: unknown) => Number.isInteger(column) && Number(column) >= 0 && Number(column) < all;
  return whole.holds(all) && within(box) && within(box + 3) && within(score) && within(classColumn);
}
