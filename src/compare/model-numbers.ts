import { COCO_IOU_THRESHOLDS, match } from '../evaluate/matching/match.js';
import { asOneClass, type DetectionTable } from '../evaluate/matching/tables.js';
import { COCO_AREAS } from '../evaluate/metrics/areas.js';
import type { GroundTruthSet } from '../evaluate/tables/ground-truth-set.js';
import type { NumbersOf } from './resample.js';
import { WeightedCounts } from './weighted-counts.js';
import { type ClassPrecision, WeightedPrecision } from './weighted-precision.js';

/** The numbers that models are compared by. A new one is a line here, and a value in the same place in `headlineNumbers`. */
export const HEADLINE_NUMBERS = [
  { name: 'AP', title: 'AP at IoU 0.50 to 0.95' },
  { name: 'AP50', title: 'AP at IoU 0.50' },
  { name: 'AP75', title: 'AP at IoU 0.75' },
  { name: 'APs', title: 'AP, small objects' },
  { name: 'APm', title: 'AP, medium objects' },
  { name: 'APl', title: 'AP, large objects' },
  { name: 'AR1', title: 'AR, 1 detection' },
  { name: 'AR10', title: 'AR, 10 detections' },
  { name: 'AR100', title: 'AR, 100 detections' },
  { name: 'classAgnosticAP', title: 'AP, labels ignored' },
  { name: 'precision', title: 'precision' },
  { name: 'recall', title: 'recall' },
  { name: 'f1', title: 'F1' },
  { name: 'macroF1', title: 'F1, mean over labels' },
] as const;

const LIMITS = [1, 10, 100];
const THRESHOLDS = COCO_IOU_THRESHOLDS.length;

export interface ModelNumbers {
  /** Headline numbers, then average precision per class. */
  measure: NumbersOf;
  counts: WeightedCounts;
}

export interface MatchSettings {
  iouThreshold: number;
  /** [classes] */
  thresholds: Float64Array;
}

/** What a model's numbers are with weighted images. */
export function modelNumbers(
  groundTruth: GroundTruthSet,
  detections: DetectionTable,
  { iouThreshold, thresholds }: MatchSettings,
): ModelNumbers {
  const { table, size } = groundTruth;
  const matches = match(table, detections, size, { areaRanges: COCO_AREAS });
  const areas = COCO_AREAS.map((range, area) => {
    const options = { classes: size.classes, thresholds: THRESHOLDS, area, range, limits: area === 0 ? LIMITS : [] };
    return new WeightedPrecision(matches, detections, table, options);
  });
  const agnostic = agnosticPrecision(groundTruth, detections);
  const every = { iouThresholds: [iouThreshold], maxDetections: Number.POSITIVE_INFINITY };
  const counts = new WeightedCounts(match(table, detections, size, every), detections, table, thresholds);
  const numbers = new Float64Array(HEADLINE_NUMBERS.length + size.classes);
  const measure: NumbersOf = (times) => {
    const [all, small, medium, large] = areas.map((area) => area.measure(times)) as unknown as Measured;
    const rates = counts.measure(times);
    numbers.set([
      ...[
        meanOfNumbers(all.AP),
        meanOfNumbers(all.AP50),
        meanOfNumbers(all.AP75),
        meanOfNumbers(small.AP),
        meanOfNumbers(medium.AP),
        meanOfNumbers(large.AP),
      ],
      ...all.AR.map(meanOfNumbers),
      agnostic.measure(times).AP[0]!,
      ...[rates.precision, rates.recall, rates.f1, rates.macroF1],
    ]);
    numbers.set(all.AP, HEADLINE_NUMBERS.length);
    return numbers;
  };
  return { measure, counts };
}

type Measured = readonly [ClassPrecision, ClassPrecision, ClassPrecision, ClassPrecision];

function agnosticPrecision({ table, size }: GroundTruthSet, detections: DetectionTable): WeightedPrecision {
  const [groundTruths, all] = [asOneClass(table), asOneClass(detections)];
  const matches = match(groundTruths, all, { ...size, classes: 1 });
  const options = { classes: 1, thresholds: THRESHOLDS, area: 0, range: COCO_AREAS[0]!, limits: [] };
  return new WeightedPrecision(matches, all, groundTruths, options);
}

/** Over the classes that have ground truths; NaN: none has. */
export function meanOfNumbers(values: Float64Array): number {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}
