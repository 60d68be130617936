import type { Measure } from '../statistics/bootstrap.js';
import type { MatchedDetections } from '../statistics/matched-detections.js';

export interface BinOptions {
  /** Bins of equal width per dimension. Default 20, or 5 with positions */
  bins?: number;
  /** Also bin by centre x, centre y, width and height. Default false */
  positions?: boolean;
}

/** Detections to measure calibration on; field arrays of length n. */
export type ScoredDetections = Pick<MatchedDetections, 'scores' | 'truePositives' | 'places' | 'imageIds'>;

/**
 * Detection expected calibration error: the mean distance between score and precision over bins of equal width, weighted by
 * detections; 0 without detections.
 *
 * @returns a measure of images that is cheap to repeat: sums per image and bin are formed once
 * Source: Küppers et al., Multivariate Confidence Calibration for Object Detection (2020), equations 4 and 5
 */
export function calibrationError(detections: ScoredDetections, options: BinOptions = {}): Measure {
  const { scores, truePositives, imageIds } = detections;
  const bins = binNumbers(detections, options);
  const entries = new Map<string, { image: number; bin: number; count: number; excess: number }>();
  for (const [i, image] of imageIds.entries()) {
    const bin = bins.numbers[i]!;
    const key = `${image} ${bin}`;
    const entry = entries.get(key) ?? { image, bin, count: 0, excess: 0 };
    entry.count++;
    entry.excess += scores[i]! - truePositives[i]!;
    entries.set(key, entry);
  }
  const sums = [...entries.values()];
  return (times) => {
    const excess = new Float64Array(bins.used);
    let all = 0;
    for (const entry of sums) {
      excess[entry.bin]! += times[entry.image]! * entry.excess;
      all += times[entry.image]! * entry.count;
    }
    return all === 0 ? 0 : excess.reduce((sum, each) => sum + Math.abs(each), 0) / all;
  };
}

/** The bin of each detection; used bins are numbered from 0. */
function binNumbers(
  { scores, places }: ScoredDetections,
  { positions = false, bins = positions ? 5 : 20 }: BinOptions,
) {
  const known = new Map<number, number>();
  const numbers = Uint32Array.from(scores, (score, i) => {
    let bin = binOf(score, bins);
    for (let k = 0; positions && k < 4; k++) bin = bin * bins + binOf(places[4 * i + k]!, bins);
    if (!known.has(bin)) known.set(bin, known.size);
    return known.get(bin)!;
  });
  return { numbers, used: known.size };
}

/** Equal widths over [0, 1]; values outside belong to the outermost bins. */
function binOf(value: number, bins: number): number {
  return Math.min(Math.max(Math.floor(value * bins), 0), bins - 1);
}

/** Probabilities are clipped to at least this. */
const EDGE = 1e-7;

/** Mean −log likelihood of true and false positives; 0 without detections. */
export function negativeLogLikelihood({ scores, truePositives, imageIds }: ScoredDetections): Measure {
  const images = 1 + imageIds.reduce((most, image) => Math.max(most, image), -1);
  const [sums, counts] = [new Float64Array(images), new Uint32Array(images)];
  for (const [i, image] of imageIds.entries()) {
    sums[image]! -= Math.log(Math.max(truePositives[i] === 1 ? scores[i]! : 1 - scores[i]!, EDGE));
    counts[image]!++;
  }
  return (times) => {
    let [sum, all] = [0, 0];
    for (let image = 0; image < images; image++) {
      sum += times[image]! * sums[image]!;
      all += times[image]! * counts[image]!;
    }
    return all === 0 ? 0 : sum / all;
  };
}
