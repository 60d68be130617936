import { didYouMean } from '../../check/nearest-name.js';
import { complain } from '../../errors.js';

/**
 * The score threshold of each class.
 *
 * @returns [classes] @throws SigboxError E_ARGUMENT  a label that is none of the ground truth's
 */
export function labelThresholdsOf(
  { scoreThreshold, labelThresholds }: { scoreThreshold: number; labelThresholds: Readonly<Record<string, number>> },
  labels: readonly string[],
  where: string,
): Float64Array {
  const thresholds = new Float64Array(labels.length).fill(scoreThreshold);
  for (const [label, threshold] of Object.entries(labelThresholds)) {
    if (!labels.includes(label)) throw unknownLabel(label, labels, where);
    for (const [classId, name] of labels.entries()) if (name === label) thresholds[classId] = threshold;
  }
  return thresholds;
}

function unknownLabel(received: string, labels: readonly string[], where: string) {
  const expected = 'options.labelThresholds to be labels of the ground truth';
  const hint = didYouMean(labels, received).trim();
  return complain('E_ARGUMENT', { where, expected, received, ...(hint === '' ? {} : { mend: hint }) });
}
