/** Checks and repairs sets of labels under rules. */
export interface LabelRepairer {
  /** Whether the last repair is known to be the cheapest. */
  readonly isCertain: boolean;
  /** Whether a set of labels satisfies all rules. @param present  [labels] 1 or 0 */
  satisfies(present: Uint8Array): boolean;
  /**
   * The satisfying set of labels that is cheapest to reach. Ties: fewer changes; then, of the lowest label on which two sets
   * differ, the one that leaves it unchanged.
   *
   * @param present  [labels] 1 or 0; becomes that set
   * @param costs    [labels] of a change, in whole units of COST_UNIT; Infinity: it can't change
   * @returns false where no set can be reached; then `present` is unchanged
   */
  repair(present: Uint8Array, costs: Float64Array): boolean;
}

/** Costs are whole multiples of this, so that sums are exact and equal costs are equal. */
export const COST_UNIT = 2 ** -26;
