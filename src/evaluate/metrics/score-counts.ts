import type { Matches } from '../matching/match.js';
import { orderByScore, rowNumbers } from '../matching/orders.js';

/** Detections above a score threshold, compared with ground truth. */
export interface Counts {
  /** Detections that match a ground truth. */
  truePositives: number;
  /** Detections that match none. */
  falsePositives: number;
  /** Ground truths without a match. */
  falseNegatives: number;
}

/** In [0, 1]. */
export interface Rates {
  /** TP / (TP + FP); null: no detections */
  precision: number | null;
  /** TP / (TP + FN); null: no ground truths */
  recall: number | null;
  /** 2 · TP / (2 · TP + FP + FN); null: neither detections nor ground truths */
  f1: number | null;
}

/** Means over classes with ground truths. A class without detections has precision 0 here. */
export interface MacroRates {
  precision: number | null;
  recall: number | null;
  f1: number | null;
}

/** The score threshold with the highest F1; of equal ones, the highest threshold. */
export interface BestThreshold {
  scoreThreshold: number;
  f1: number;
}

/** Precision, recall and F1 of all classes together, and the mean F1, by score threshold. */
export interface ThresholdCurve {
  /** [101] 0, 0.01 … 1 */
  scoreThresholds: number[];
  /** [101] null: no detections */
  precision: (number | null)[];
  recall: (number | null)[];
  f1: (number | null)[];
  macroF1: (number | null)[];
}

/**
 * Counts per class.
 *
 * @param matches     at one IoU threshold and in one area range
 * @param thresholds  [classes] lowest score that counts
 */
export function countsAt(matches: Matches, thresholds: ArrayLike<number>): Counts[] {
  const [matched, ignored] = [matches.matched[0]!, matches.ignored[0]!];
  return Array.from(matches.groundTruths[0]!, (groundTruths, classId) => {
    const counts = { truePositives: 0, falsePositives: 0, falseNegatives: groundTruths };
    const end = matches.starts[classId + 1]!;
    for (let i = matches.starts[classId]!; i < end && matches.scores[i]! >= thresholds[classId]!; i++) {
      if (ignored[i] === 0) add(counts, matched[i] === 1);
    }
    return counts;
  });
}

export function ratesOf({ truePositives, falsePositives, falseNegatives }: Counts): Rates {
  return {
    precision: truePositives + falsePositives === 0 ? null : truePositives / (truePositives + falsePositives),
    recall: truePositives + falseNegatives === 0 ? null : truePositives / (truePositives + falseNegatives),
    f1:
      truePositives + falsePositives + falseNegatives === 0
        ? null
        : (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives),
  };
}

export function macroRatesOf(classes: readonly Counts[]): MacroRates {
  const rates = classes.filter(({ truePositives, falseNegatives }) => truePositives + falseNegatives > 0).map(ratesOf);
  const mean = (name: keyof Rates) =>
    rates.length === 0 ? null : rates.reduce((sum, rate) => sum + (rate[name] ?? 0), 0) / rates.length;
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') };
}

export function sumOf(classes: readonly Counts[]): Counts {
  const sum = { truePositives: 0, falsePositives: 0, falseNegatives: 0 };
  for (const { truePositives, falsePositives, falseNegatives } of classes) {
    sum.truePositives += truePositives;
    sum.falsePositives += falsePositives;
    sum.falseNegatives += falseNegatives;
  }
  return sum;
}

/** The best threshold for all classes together (micro), for the mean of their F1 (macro), and for each class. */
export interface BestThresholds {
  micro: BestThreshold | null;
  macro: BestThreshold | null;
  /** [classes] null: no ground truths, or no true positive */
  classes: (BestThreshold | null)[];
}

/** The best thresholds among all scores that occur. */
export function bestThresholds(matches: Matches): BestThresholds {
  const [micro, macro] = [new Best(), new Best()];
  const classes = Array.from(matches.groundTruths[0]!, () => new Best());
  sweep(matches, (score, state, changed) => {
    micro.offer(score, ratesOf(state.sum).f1);
    macro.offer(score, state.withGroundTruths === 0 ? null : state.f1Sum / state.withGroundTruths);
    for (const classId of changed) classes[classId]!.offer(score, ratesOf(state.classes[classId]!).f1);
  });
  return { micro: micro.value, macro: macro.value, classes: classes.map(({ value }) => value) };
}

export function thresholdCurve(matches: Matches): ThresholdCurve {
  const scoreThresholds = Array.from({ length: 101 }, (_, i) => i / 100);
  const rows = scoreThresholds.map((threshold) => {
    const classes = countsAt(matches, new Float64Array(matches.groundTruths[0]!.length).fill(threshold));
    return { ...ratesOf(sumOf(classes)), macroF1: macroRatesOf(classes).f1 };
  });
  const column = (name: 'precision' | 'recall' | 'f1' | 'macroF1') => rows.map((row) => row[name]);
  const [precision, recall, f1, macroF1] = [column('precision'), column('recall'), column('f1'), column('macroF1')];
  return { scoreThresholds, precision, recall, f1, macroF1 };
}

class Best {
  value: BestThreshold | null = null;

  offer(scoreThreshold: number, f1: number | null): void {
    if (f1 !== null && f1 > (this.value?.f1 ?? 0)) this.value = { scoreThreshold, f1 };
  }
}

interface SweepState {
  classes: Counts[];
  sum: Counts;
  /** Over classes with ground truths. */
  f1Sum: number;
  withGroundTruths: number;
}

/** Visits every score from the highest down, with the counts at that threshold and the classes whose counts changed. */
function sweep(
  matches: Matches,
  visit: (score: number, state: SweepState, changed: ReadonlySet<number>) => void,
): void {
  const { scores, starts, groundTruths } = matches;
  const [matched, ignored] = [matches.matched[0]!, matches.ignored[0]!];
  const classOf = new Uint32Array(scores.length);
  for (let classId = 0; classId + 1 < starts.length; classId++)
    classOf.fill(classId, starts[classId], starts[classId + 1]);
  const classes = Array.from(
    groundTruths[0]!,
    (falseNegatives): Counts => ({ truePositives: 0, falsePositives: 0, falseNegatives }),
  );
  const state: SweepState = {
    classes,
    sum: sumOf(classes),
    f1Sum: 0,
    withGroundTruths: classes.filter((c) => c.falseNegatives > 0).length,
  };
  const changed = new Set<number>();
  const order = orderByScore(rowNumbers(scores.length), scores);
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    const classId = classOf[row]!;
    if (ignored[row] === 0) {
      const counts = classes[classId]!;
      const before = groundTruths[0]![classId]! > 0 ? ratesOf(counts).f1! : 0;
      add(counts, matched[row] === 1);
      add(state.sum, matched[row] === 1);
      if (groundTruths[0]![classId]! > 0) state.f1Sum += ratesOf(counts).f1! - before;
      changed.add(classId);
    }
    if (i + 1 < order.length && scores[order[i + 1]!] === scores[row]) continue;
    visit(scores[row]!, state, changed);
    changed.clear();
  }
}

function add(counts: Counts, hit: boolean): void {
  if (!hit) {
    counts.falsePositives++;
    return;
  }
  counts.truePositives++;
  counts.falseNegatives--;
}
