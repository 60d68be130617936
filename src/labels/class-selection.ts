import { SigboxError } from '../errors.js';
import type { LabelList } from '../types/model.js';
import { didYouMeanLabel } from './meant-label.js';

/**
 * The classes that carry a label, ascending; some models have several of one name. What is no label may be the number of
 * a class that has one.
 *
 * @throws SigboxError E_ARGUMENT  a label that the model does not have, with the nearest it has.
 */
export function classIdsOf(labels: LabelList, label: string, where: string): number[] {
  const classIds = labels.flatMap((name, classId) => (name === label ? [classId] : []));
  if (classIds.length > 0) return classIds;
  if (/^\d+$/.test(label) && (labels[Number(label)] ?? null) !== null) return [Number(label)];
  const mend = didYouMeanLabel(labels, label);
  throw new SigboxError(
    'E_ARGUMENT',
    `${where}: the model has no label "${label}".${mend} sigbox labels lists those it has; a label map may change them.`,
  );
}

/** The columns that carry a label, ascending. */
export function labelledColumns(labels: LabelList): Uint16Array {
  const columns = new Uint16Array(labels.length);
  let count = 0;
  for (let classId = 0; classId < labels.length; classId++) if (labels[classId] !== null) columns[count++] = classId;
  return columns.subarray(0, count);
}

export interface ThresholdOptions {
  scoreThreshold: number;
  /** Label → its own score threshold, in place of the global one. */
  labelThresholds: Readonly<Record<string, number>>;
  /** Only these labels; all when undefined. */
  include?: readonly string[] | undefined;
  /** Not these labels; wins over `include`. */
  exclude?: readonly string[] | undefined;
}

/**
 * The score threshold of each class column.
 *
 * @returns [labels.length]; NaN for columns that are never wanted.
 * @throws SigboxError E_ARGUMENT  a label that the model does not have.
 */
export function thresholdsOf(labels: LabelList, options: ThresholdOptions): Float64Array {
  const { scoreThreshold, labelThresholds, include, exclude = [] } = options;
  const thresholds = new Float64Array(labels.length).fill(Number.NaN); // [classes]
  const wanted = include?.flatMap((label) => classIdsOf(labels, label, 'include')) ?? labelledColumns(labels);
  for (const classId of wanted) thresholds[classId] = scoreThreshold;
  for (const [label, threshold] of Object.entries(labelThresholds)) {
    for (const classId of classIdsOf(labels, label, 'labelThresholds')) {
      if (!Number.isNaN(thresholds[classId]!)) thresholds[classId] = threshold;
    }
  }
  for (const label of exclude) {
    for (const classId of classIdsOf(labels, label, 'exclude')) thresholds[classId] = Number.NaN;
  }
  return thresholds;
}
