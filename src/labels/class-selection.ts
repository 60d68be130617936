import { SigboxError } from '../errors.js';
import type { LabelList } from '../types.js';

/**
 * The classes that carry a label, ascending; some models have several of one name.
 *
 * @throws SigboxError E_ARGUMENT  a label that the model does not have, with the nearest it has.
 */
export function classIdsOf(labels: LabelList, label: string, where: string): number[] {
  const classIds = labels.flatMap((name, classId) => (name === label ? [classId] : []));
  if (classIds.length > 0) return classIds;
  const near = nearestLabel(labels, label);
  const mend = near === null ? '' : ` Did you mean "${near}"?`;
  throw new SigboxError(
    'E_ARGUMENT',
    `${where}: the model has no label "${label}".${mend} sigbox inspect lists the labels it has.`,
  );
}

/** The columns that carry a label, ascending. */
export function labelledColumns(labels: LabelList): Uint16Array {
  return Uint16Array.from(labels.flatMap((label, classId) => (label === null ? [] : [classId])));
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

/** The label that looks most like a text, by shared pairs of letters (Dice's coefficient); null when none does. */
function nearestLabel(labels: LabelList, text: string): string | null {
  let nearest: string | null = null;
  let highest = 0.4; // below, the two have too little in common to be a slip of the pen
  for (const label of labels) {
    const likeness = label === null ? 0 : dice(pairs(label), pairs(text));
    if (likeness > highest) [nearest, highest] = [label, likeness];
  }
  return nearest;
}

function pairs(text: string): Set<string> {
  const letters = ` ${text.toLowerCase()} `;
  return new Set(Array.from({ length: letters.length - 1 }, (_, i) => letters.slice(i, i + 2)));
}

function dice(a: Set<string>, b: Set<string>): number {
  return (2 * [...a].filter((pair) => b.has(pair)).length) / (a.size + b.size);
}
