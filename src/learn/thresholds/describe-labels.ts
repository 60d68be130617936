import { type HeldOutCounts, totals } from '../statistics/held-out.js';
import { groundTruthsPerClass, type MatchedDetections } from '../statistics/matched-detections.js';

/** Tuning of one label with ground truths. */
export interface LabelTuning {
  label: string;
  groundTruths: number;
  /** Lowest score that counts. */
  threshold: number;
  /** Too few ground truths for its own threshold. */
  tooFew: boolean;
  /** On held-out images. */
  before: LabelRates;
  after: LabelRates;
}

export interface LabelRates {
  /** Null: no detections. */
  precision: number | null;
  recall: number;
}

/** @param thresholds  [classes] */
export function describeLabels(
  matched: MatchedDetections,
  {
    before,
    after,
    minExamples,
    thresholds,
  }: { before: HeldOutCounts; after: HeldOutCounts; minExamples: number; thresholds: Float64Array },
): LabelTuning[] {
  const once = new Uint32Array(matched.images).fill(1);
  const [was, is] = [totals(before, matched, once), totals(after, matched, once)];
  return [...groundTruthsPerClass(matched).entries()].flatMap(([classId, groundTruths]) => {
    if (groundTruths === 0) return [];
    const ratesIn = ({ truePositives, falsePositives }: typeof was): LabelRates => {
      const given = truePositives[classId]! + falsePositives[classId]!;
      return {
        precision: given === 0 ? null : truePositives[classId]! / given,
        recall: truePositives[classId]! / groundTruths,
      };
    };
    const [label, threshold] = [matched.labels[classId]!, thresholds[classId]!];
    return [
      { label, groundTruths, threshold, tooFew: groundTruths < minExamples, before: ratesIn(was), after: ratesIn(is) },
    ];
  });
}
