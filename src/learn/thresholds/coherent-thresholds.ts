import type { LabelRule } from '../../types/rules.js';

/** Thresholds that agree with rules. */
export interface CoherentThresholds {
  /** [labels] not above those given */
  thresholds: Float64Array;
  /** Labels whose threshold was lowered, and for the sake of which one. */
  lowered: { label: string; for: string }[];
}

/**
 * Thresholds that do not contradict rules: of two labels of which one implies the other, the one that is implied has no higher
 * threshold. Else the implying label alone would be over its threshold in regions where both have the same score.
 *
 * @param thresholds  [labels] not changed
 */
export function coherentThresholds(
  labels: readonly string[],
  thresholds: Float64Array,
  rules: readonly LabelRule[],
): CoherentThresholds {
  const pairs = rules.flatMap(({ when, anyOf }) => {
    if (when.length !== 1 || anyOf?.length !== 1) return [];
    const [lower, upper] = [labels.indexOf(when[0]!), labels.indexOf(anyOf[0]!)];
    return lower < 0 || upper < 0 ? [] : [[lower, upper] as const];
  });
  const found = thresholds.slice();
  const because = new Map<number, number>();
  for (let again = pairs.length > 0; again; ) {
    again = false;
    for (const [lower, upper] of pairs) {
      if (!(found[upper]! > found[lower]!)) continue;
      found[upper] = found[lower]!;
      because.set(upper, lower);
      again = true;
    }
  }
  const lowered = [...because].map(([upper, lower]) => ({ label: labels[upper]!, for: labels[lower]! }));
  return { thresholds: found, lowered };
}
