import { type HeldOutCounts, totals } from '../statistics/held-out.js';
import { type Judged, truthsPerClass } from '../statistics/judged.js';

/** One label that has truths. */
export interface LabelTuning {
  label: string;
  truths: number;
  /** Score from which it counts. */
  threshold: number;
  /** It has too few truths for a threshold of its own. */
  tooFew: boolean;
  /** On images that thresholds were not fitted to. */
  before: Rates;
  after: Rates;
}

export interface Rates {
  /** Null: it was never given. */
  precision: number | null;
  recall: number;
}

/** @param thresholds  [classes] */
export function describeLabels(
  judged: Judged,
  {
    before,
    after,
    fewest,
    thresholds,
  }: { before: HeldOutCounts; after: HeldOutCounts; fewest: number; thresholds: Float64Array },
): LabelTuning[] {
  const once = new Uint32Array(judged.images).fill(1);
  const [was, is] = [totals(before, judged, once), totals(after, judged, once)];
  return [...truthsPerClass(judged).entries()].flatMap(([classId, truths]) => {
    if (truths === 0) return [];
    const ratesIn = ({ right, wrong }: typeof was): Rates => {
      const given = right[classId]! + wrong[classId]!;
      return { precision: given === 0 ? null : right[classId]! / given, recall: right[classId]! / truths };
    };
    const [label, threshold] = [judged.labels[classId]!, thresholds[classId]!];
    return [{ label, truths, threshold, tooFew: truths < fewest, before: ratesIn(was), after: ratesIn(is) }];
  });
}
