import { seededRandom } from '../learn/statistics/random.js';

export interface ResampleOptions {
  /** How many images there are, and which may be drawn; default all. */
  images: number;
  among?: Uint32Array;
  resamples: number;
  seed: number;
}

/** Values of several numbers for several models. */
export interface Resampled {
  /** [models][numbers] with every image once */
  values: Float64Array[];
  /** [models][numbers][resamples] */
  draws: Float64Array[][];
}

/** Numbers of one model with weighted images. @returns may be overwritten by the next call */
export type NumbersOf = (times: Uint32Array) => Float64Array;

/**
 * Measures models on resamples of the images, drawn with replacement; each resample is the same for all models, so that what
 * is hard in it is hard for all of them (paired bootstrap).
 *
 * Source: Efron & Tibshirani, An Introduction to the Bootstrap (1993), chapters 6 and 13
 */
export function resample(models: readonly NumbersOf[], options: ResampleOptions): Resampled {
  const { images, resamples, seed } = options;
  const among = options.among ?? Uint32Array.from({ length: images }, (_, i) => i);
  const times = new Uint32Array(images);
  for (const image of among) times[image] = 1;
  const values = models.map((measure) => measure(times).slice());
  const draws = values.map((numbers) => Array.from(numbers, () => new Float64Array(resamples)));
  const random = seededRandom(seed);
  for (let k = 0; k < resamples; k++) {
    times.fill(0);
    for (let i = 0; i < among.length; i++) times[among[Math.floor(random() * among.length)]!]!++;
    for (const [m, measure] of models.entries()) {
      const numbers = measure(times);
      for (let n = 0; n < numbers.length; n++) draws[m]![n]![k] = numbers[n]!;
    }
  }
  return { values, draws };
}

/** Differences between the draws of two models. */
export function minus(after: Float64Array, before: Float64Array): Float64Array {
  return after.map((value, k) => value - before[k]!);
}
