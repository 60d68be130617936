import type { PostprocessOptions } from './postprocess-options.js';

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
