import type { FusedScore } from '../../types/options.js';

/** Where boxes come from, and what they count. */
export interface ScoredModels {
  /** [n] score · weight of the model */
  weighted: ArrayLike<number>;
  /** [n] number of the model; missing: all boxes are of one */
  models?: ArrayLike<number> | undefined;
  /** What each model counts. */
  weights: readonly number[];
}

/**
 * The score of boxes that became one.
 *
 * @param members  numbers of the boxes, best first
 * @param allowOverflow  with 'avg': whether several boxes of one model count as if they were of several
 * Source: conf_type and allows_overflow of weighted_boxes_fusion in ensemble-boxes.
 */
export function scoreOfFused(
  members: readonly number[],
  { weighted, models, weights }: ScoredModels,
  rule: FusedScore,
  allowOverflow = false,
): number {
  if (rule === 'max') return weighted[members[0]!]! / Math.max(...weights);
  const modelOf = (member: number) => models?.[member] ?? 0;
  const all = sum(weights);
  const total = sum(members.map((member) => weighted[member]!));
  if (rule === 'avg') {
    const boxes = allowOverflow ? members.length : Math.min(weights.length, members.length);
    return ((total / members.length) * boxes) / all;
  }
  const present = new Set(members.map(modelOf));
  const byBox = sum(members.map((member) => weights[modelOf(member)]!));
  if (rule === 'box_and_model_avg') {
    return ((total / byBox) * sum([...present].map((model) => weights[model]!))) / all;
  }
  return total / (byBox + sum(weights.filter((_, model) => !present.has(model))));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
