import { type Aim, aimValue, fBeta, overall } from './aim.js';
import { type CountSums, totalsAt } from './count-table.js';

/** How far thresholds of classes may differ from the shared one. */
export interface Shrinkage {
  /**
   * Weight of the shared counts, in ground truths, when the threshold of a class is chosen; Infinity: one threshold for all
   * classes.
   */
  strength: number;
  /** Classes with fewer ground truths use the shared threshold. */
  minExamples: number;
}

/** Chosen thresholds, as positions in the grid. */
export interface FittedThresholds {
  /** For all classes. */
  shared: number;
  /** [classes] */
  places: Uint16Array;
}

/**
 * Chooses score thresholds for an aim.
 *
 * The shared threshold is the best one for all classes together. For an F-measure the threshold of a class maximises (n · F of
 * the class + m · mean F over classes) / (n + m), with n ground truths of the class and strength m: few ground truths keep it
 * near the shared one. For precision and recall the counts are mixed in the same way, and the bound applies to the mixture.
 *
 * An F-measure is smoothed over neighbouring thresholds first, because single peaks are noise; ties: the lowest. For precision
 * it is the lowest threshold that meets the bound, for recall the highest; if none does, the nearest.
 */
export function fitThresholds(sums: CountSums, aim: Aim, { strength, minExamples }: Shrinkage): FittedThresholds {
  const all = Array.from(sums.grid, (_, place) => summary(sums, aim, place));
  const shared = choose(aim, all);
  const places = new Uint16Array(sums.classes).fill(shared); // [classes]
  if (strength === Number.POSITIVE_INFINITY) return { shared, places };
  for (let classId = 0; classId < sums.classes; classId++) {
    if (sums.groundTruths[classId]! >= Math.max(minExamples, 1))
      places[classId] = choose(aim, mixed(sums, aim, classId, all, strength));
  }
  return { shared, places };
}

/** Measures at one threshold. */
interface Outcome {
  /** The mean F; 0 for other aims. */
  f: number;
  precision: number;
  recall: number;
}

function summary(sums: CountSums, aim: Aim, place: number): Outcome {
  const counts = totalsAt(sums, place);
  return { f: aim.kind === 'f' ? aimValue(aim, counts) : 0, ...overall(counts) };
}

/** The outcomes of one class, mixed with those of all classes. */
function mixed(sums: CountSums, aim: Aim, classId: number, all: readonly Outcome[], strength: number): Outcome[] {
  const groundTruths = sums.groundTruths[classId]!;
  const mix = (own: number, n: number, common: number) => (own + strength * common) / (n + strength);
  return all.map(({ f, precision, recall }, place) => {
    const truePositives = sums.truePositives[place * sums.classes + classId]!;
    const falsePositives = sums.falsePositives[place * sums.classes + classId]!;
    const own = aim.kind === 'f' ? groundTruths * fBeta(aim.beta, truePositives, falsePositives, groundTruths) : 0;
    return {
      f: mix(own, groundTruths, f),
      precision:
        truePositives + falsePositives + strength === 0
          ? 1
          : mix(truePositives, truePositives + falsePositives, precision),
      recall: mix(truePositives, groundTruths, recall),
    };
  });
}

function choose(aim: Aim, outcomes: readonly Outcome[]): number {
  if (aim.kind === 'f') {
    const smooth = smoothed(outcomes.map(({ f }) => f));
    return smooth.indexOf(Math.max(...smooth));
  }
  const bound = outcomes.map((outcome) => outcome[aim.kind]);
  const meets = (value: number) => value >= aim.min;
  const place = aim.kind === 'precision' ? bound.findIndex(meets) : bound.findLastIndex(meets);
  return place >= 0 ? place : bound.indexOf(Math.max(...bound));
}

/** Standard deviation of the weights, in steps of the grid; see docs/decisions/013. */
const SPREAD = 2;

/** Means over neighbours, with weights of a normal distribution. */
function smoothed(values: readonly number[]): number[] {
  return values.map((_, place) => {
    let [sum, weights] = [0, 0];
    for (let other = Math.max(place - 3 * SPREAD, 0); other <= place + 3 * SPREAD && other < values.length; other++) {
      const weight = Math.exp(-((other - place) ** 2) / (2 * SPREAD ** 2));
      sum += weight * values[other]!;
      weights += weight;
    }
    return sum / weights;
  });
}
