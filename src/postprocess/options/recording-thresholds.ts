import { complain } from '../../errors.js';
import type { PostprocessOptions } from './postprocess-options.js';

/** Score from which labels are recorded. */
export const DEFAULT_FLOOR = 0.05;

export interface RecordingThresholds {
  scoreThreshold: number;
  labelThresholds: Record<string, number>;
}

/** What decides whether lower scores matter. */
interface Joining extends Pick<PostprocessOptions, 'suppression' | 'scope'> {
  /** Of several models: how many must have found a box. */
  minModels?: number | undefined;
}

/**
 * Whether results depend on lower scores than those that are wanted: in the mean of boxes that are fused, where a label with a
 * higher threshold is suppressed by one with a lower threshold, or where boxes of several models vote. Then they are made at the thresholds themselves, and
 * at no floor below them.
 */
export function dependsOnLowerScores({
  suppression,
  scope,
  minModels = 1,
  labelThresholds = {},
}: Joining & Pick<PostprocessOptions, 'labelThresholds'>): boolean {
  const fuses = suppression === 'wbf' || suppression === 'nmw';
  return (
    fuses || minModels > 1 || (Object.keys(labelThresholds).length > 0 && scope !== undefined && scope !== 'class')
  );
}

/**
 * Scores from which labels are recorded: the floor, of every label alike. Where lower scores would change what comes of
 * higher ones, as in the mean of boxes that are fused, they are the thresholds themselves.
 */
export function lowestRecorded(
  floor: number | undefined,
  thresholds: RecordingThresholds,
  joining: Joining,
): RecordingThresholds {
  const { suppression, minModels = 1 } = joining;
  const lowest = Math.min(thresholds.scoreThreshold, ...Object.values(thresholds.labelThresholds));
  const { labelThresholds } = thresholds;
  if (!dependsOnLowerScores({ ...joining, labelThresholds })) {
    return { scoreThreshold: Math.min(floor ?? DEFAULT_FLOOR, lowest), labelThresholds: {} };
  }
  if (floor === undefined || floor >= lowest) return thresholds;
  const fuses = suppression === 'wbf' || suppression === 'nmw';
  const other = minModels > 1 ? 'minModels' : 'thresholds of single labels that are rivals of others';
  const why = fuses ? `suppression '${suppression}'` : other;
  const mend = 'Lower scores would change what comes of higher ones.';
  throw complain('E_ARGUMENT', { where: 'annotate', expected: `no floor with ${why}`, received: floor, mend });
}
