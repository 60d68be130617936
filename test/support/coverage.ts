import { differenceOf } from '../../src/compare/difference.js';
import { meanOfNumbers } from '../../src/compare/model-numbers.js';
import { minus, type NumbersOf, resample } from '../../src/compare/resample.js';
import { WeightedPrecision } from '../../src/compare/weighted-precision.js';
import { COCO_IOU_THRESHOLDS, match } from '../../src/evaluate/matching/match.js';
import { ALL_AREAS } from '../../src/evaluate/metrics/areas.js';
import { type ModelTraits, type TwoModels, twoModels } from './two-models.js';

const WORSE: ModelTraits = { recall: 0.7, fit: 0.7, falsePositives: 2 };
const BETTER: ModelTraits = { recall: 0.74, fit: 0.72, falsePositives: 1.8 };

export interface CoverageOptions {
  /** Pairs of models to draw, images of each, and resamples for each interval. */
  pairs: number;
  images: number;
  resamples: number;
  /** Images whose difference stands for the true one. */
  population: number;
  shares?: readonly number[];
}

/** The share of 95 % intervals of the difference in AP that hold the true difference. */
export function coverage({ pairs, images, resamples, population, shares }: CoverageOptions): number {
  const whole = averagePrecisions(twoModels(1, population, [WORSE, BETTER], shares));
  const once = new Uint32Array(population).fill(1);
  const [before, after] = whole.map((measure) => measure(once)[0]!);
  const truth = after! - before!;
  let held = 0;
  for (let seed = 2; seed < pairs + 2; seed++) {
    const measures = averagePrecisions(twoModels(seed, images, [WORSE, BETTER], shares));
    const { values, draws } = resample(measures, { images, resamples, seed });
    const difference = values[1]![0]! - values[0]![0]!;
    const { low, high } = differenceOf(difference, minus(draws[1]![0]!, draws[0]![0]!), images);
    if (low <= truth && truth <= high) held++;
  }
  return held / pairs;
}

function averagePrecisions({ groundTruth: { table, size }, tables }: TwoModels): NumbersOf[] {
  return tables.map((detections) => {
    const options = {
      classes: size.classes,
      thresholds: COCO_IOU_THRESHOLDS.length,
      area: 0,
      range: ALL_AREAS[0]!,
      limits: [],
    };
    const weighted = new WeightedPrecision(match(table, detections, size), detections, table, options);
    return (times) => Float64Array.of(meanOfNumbers(weighted.measure(times).AP));
  });
}
