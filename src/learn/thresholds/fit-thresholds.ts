import { type Aim, fBeta, overall, worth } from './aim.js';
import { type CountSums, countsAt } from './count-table.js';

/** How far classes go their own way. */
export interface Shrinkage {
  /**
   * So many truths of all classes together stand beside a class's own when its threshold is chosen; Infinity: the same
   * threshold for all classes.
   */
  strength: number;
  /** A class with fewer truths keeps the threshold of all. */
  fewest: number;
}

/** Thresholds that were chosen, as places in the grid. */
export interface FittedThresholds {
  /** For all classes. */
  shared: number;
  /** [classes] */
  places: Uint16Array;
}

/**
 * Chooses score thresholds for an aim.
 *
 * The shared one is best for all classes together. That of a class maximises, for an F-measure, (n · F of the class + m · mean
 * F over classes) / (n + m), with n truths of the class and strength m: with few truths it stays near the shared one, with
 * many it is the class's own. For precision and recall the class's counts are mixed with those of all in the same way, and
 * the bound is put on the mixture.
 *
 * Of an F-measure the weighted mean over neighbouring thresholds is maximised, for a single peak is chance; ties: the lowest.
 * For precision it is the lowest threshold that meets the bound, for recall the highest; where none does, the one that comes
 * nearest.
 */
export function fitThresholds(sums: CountSums, aim: Aim, { strength, fewest }: Shrinkage): FittedThresholds {
  const all = Array.from(sums.grid, (_, place) => summary(sums, aim, place));
  const shared = choose(aim, all);
  const places = new Uint16Array(sums.classes).fill(shared); // [classes]
  if (strength === Number.POSITIVE_INFINITY) return { shared, places };
  for (let classId = 0; classId < sums.classes; classId++) {
    if (sums.truths[classId]! >= Math.max(fewest, 1))
      places[classId] = choose(aim, mixed(sums, aim, classId, all, strength));
  }
  return { shared, places };
}

/** What a threshold comes to. */
interface Outcome {
  /** The mean F; 0 for other aims. */
  f: number;
  precision: number;
  recall: number;
}

function summary(sums: CountSums, aim: Aim, place: number): Outcome {
  const counts = countsAt(sums, place);
  return { f: aim.kind === 'f' ? worth(aim, counts) : 0, ...overall(counts) };
}

/** The outcomes of one class, mixed with those of all classes. */
function mixed(sums: CountSums, aim: Aim, classId: number, all: readonly Outcome[], strength: number): Outcome[] {
  const truths = sums.truths[classId]!;
  const mix = (own: number, n: number, common: number) => (own + strength * common) / (n + strength);
  return all.map(({ f, precision, recall }, place) => {
    const right = sums.right[place * sums.classes + classId]!;
    const wrong = sums.wrong[place * sums.classes + classId]!;
    const own = aim.kind === 'f' ? truths * fBeta(aim.beta, right, wrong, truths) : 0;
    return {
      f: mix(own, truths, f),
      precision: right + wrong + strength === 0 ? 1 : mix(right, right + wrong, precision),
      recall: mix(right, truths, recall),
    };
  });
}

function choose(aim: Aim, outcomes: readonly Outcome[]): number {
  if (aim.kind === 'f') {
    const smooth = smoothed(outcomes.map(({ f }) => f));
    return smooth.indexOf(Math.max(...smooth));
  }
  const bound = outcomes.map((outcome) => outcome[aim.kind]);
  const meets = (value: number) => value >= aim.least;
  const place = aim.kind === 'precision' ? bound.findIndex(meets) : bound.findLastIndex(meets);
  return place >= 0 ? place : bound.indexOf(Math.max(...bound));
}

/** Standard deviation of the weights, in steps of the grid. FINDINGS has what others come to. */
const SPREAD = 2;

/** Means of neighbours, with the weights of a normal distribution. */
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
