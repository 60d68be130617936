import { complain } from '../../errors.js';
import type { PostprocessOptions } from './postprocess-options.js';

/** Score from which labels are recorded. */
export const DEFAULT_FLOOR = 0.05;

export interface RecordingThresholds {
  scoreThreshold: number;
  labelThresholds: Record<string, number>;
}

/**
 * Whether results depend on lower scores than those that are wanted: in the mean of boxes that are fused, or where a label
 * with a higher threshold is suppressed by one with a lower threshold. Then they are made at the thresholds themselves, and
 * at no floor below them.
 */
export function dependsOnLowerScores({
  suppression,
  scope,
  labelThresholds = {},
}: Pick<PostprocessOptions, 'suppression' | 'scope' | 'labelThresholds'>): boolean {
  const fuses = suppression === 'wbf' || suppression === 'nmw';
  return fuses || (Object.keys(labelThresholds).length > 0 && scope !== undefined && scope !== 'class');
}

/**
 * Scores from which labels are recorded: the floor, of every label alike. Where lower scores would change what comes of
 * higher ones, as in the mean of boxes that are fused, they are the thresholds themselves.
 */
export function lowestRecorded(
  floor: number | undefined,
  thresholds: RecordingThresholds,
  { suppression, scope }: Pick<PostprocessOptions, 'suppression' | 'scope'>,
): RecordingThresholds {
  const lowest = Math.min(thresholds.scoreThreshold, ...Object.values(thresholds.labelThresholds));
  const { labelThresholds } = thresholds;
  if (!dependsOnLowerScores({ labelThresholds, ...(suppression && { suppression }), ...(scope && { scope }) })) {
    return { scoreThreshold: Math.min(floor ?? DEFAULT_FLOOR, lowest), labelThresholds: {} };
  }
  if (floor === undefined || floor >= lowest) return thresholds;
  const fuses = suppression === 'wbf' || suppression === 'nmw';
  const why = fuses ? `suppression '${suppression}'` : 'thresholds of single labels that are rivals of others';
  const mend = 'Lower scores would change what comes of higher ones.';
  throw complain('E_ARGUMENT', { where: 'annotate', expected: `no floor with ${why}`, received: floor, mend });
}
