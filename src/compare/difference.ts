import type { Estimate } from '../learn/statistics/bootstrap.js';

/** How a model differs from the first one in a number: the later minus the earlier, so that above 0 is better. */
export interface Difference extends Estimate {
  verdict: 'better' | 'worse' | 'undecided';
  /** Two-sided p-value of no difference, from the standard error; null: it can't be computed. */
  p: number | null;
  /**
   * Of an undecided one: about how many more images would show a difference of this size, in four of five cases. Null: too
   * many to count, or it is decided.
   */
  moreImages: number | null;
}

/** Standard normal quantiles: of a 95 % interval, and of a power of 80 %. */
const [Z95, Z80] = [1.959963985, 0.8416212336];
/** From so few images an interval says nothing: resamples repeat them, and Student's t reaches beyond what is possible. */
export const MIN_IMAGES = 10;
/** More than this many times the images that there are would be no advice. */
const MAX_TIMES = 1000;

/**
 * A value with its 95 % interval: as many bootstrap standard errors to both sides as Student's t has it for so many images.
 * In simulations of pairs of models it holds its coverage where percentiles of the resamples do not: with few objects of
 * many labels, resamples repeat objects, and average precision rises with them (docs/compare.md).
 *
 * @param draws   of the resamples; those that are NaN are left out
 * @param images  how many were resampled; with fewer than ten there is no interval: both ends are NaN
 * @param range   in which the value lies by its nature: an interval ends there
 * Source: Efron & Tibshirani, An Introduction to the Bootstrap (1993), section 12.2
 */
export function intervalOf(
  value: number,
  draws: Float64Array,
  images: number,
  [lowest, highest]: readonly [number, number] = SHARE,
): Estimate {
  if (images < MIN_IMAGES) return { value, low: Number.NaN, high: Number.NaN };
  const reach = studentQuantile(images - 1) * standardError(draws, images);
  return { value, low: Math.max(lowest, value - reach), high: Math.min(highest, value + reach) };
}

/** Every number that models are compared by is a share. */
const SHARE = [0, 1] as const;
const DIFFERENCE_OF_SHARES = [-1, 1] as const;

/**
 * @param value   of all images
 * @param draws   the differences of the resamples
 * @param images  how many there are
 */
export function differenceOf(value: number, draws: Float64Array, images: number): Difference {
  const interval = intervalOf(value, draws, images, DIFFERENCE_OF_SHARES);
  const z = Math.abs(value) / standardError(draws, images);
  const isDecided = interval.low > 0 || interval.high < 0;
  const verdict = !isDecided ? 'undecided' : interval.low > 0 ? 'better' : 'worse';
  const isTested = images >= MIN_IMAGES && !Number.isNaN(z);
  const p = isTested ? 2 * normalTail(z) : value === 0 ? 1 : null;
  const more = images * (((Z95 + Z80) / z) ** 2 - 1);
  const isCountable = !isDecided && images >= MIN_IMAGES && more > 0 && more <= MAX_TIMES * images;
  return { ...interval, verdict, p, moreImages: isCountable ? twoDigits(more) : null };
}

/** Resamples of n images vary by (n − 1) / n of the variance among samples. */
function standardError(draws: Float64Array, images: number): number {
  let [count, sum, squares] = [0, 0, 0];
  const shift = draws.find((draw) => !Number.isNaN(draw)) ?? 0; // no digits are lost where all are nearly equal
  for (const draw of draws) {
    if (Number.isNaN(draw)) continue;
    count++;
    sum += draw - shift;
    squares += (draw - shift) ** 2;
  }
  if (count < 2) return Number.NaN;
  return Math.sqrt((Math.max(0, squares - (sum * sum) / count) / (count - 1)) * (images / (images - 1)));
}

/** The 97.5 % quantile of Student's t. Source: Abramowitz & Stegun, Handbook of Mathematical Functions (1964), 26.7.5 */
function studentQuantile(freedom: number): number {
  const [z, n] = [Z95, freedom];
  const [z3, z5, z7] = [z ** 3, z ** 5, z ** 7];
  const second = (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n);
  return z + (z3 + z) / (4 * n) + second + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * n ** 3);
}

/** P(Z > z). Source: Abramowitz & Stegun, Handbook of Mathematical Functions (1964), 7.1.26; error below 1e-7. */
export function normalTail(z: number): number {
  const t = 1 / (1 + (0.3275911 * z) / Math.SQRT2);
  const polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return (polynomial * Math.exp((-z * z) / 2)) / 2;
}

function twoDigits(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / step) * step;
}

/**
 * Adjusts p-values of several comparisons, so that among all of them a false finding has the chance of a single one.
 *
 * @returns in the order given. Source: Holm, A Simple Sequentially Rejective Multiple Test Procedure (1979)
 */
export function holm(ps: readonly (number | null)[]): (number | null)[] {
  const order = [...ps.keys()].filter((i) => ps[i] !== null).sort((a, b) => ps[a]! - ps[b]!);
  const adjusted: (number | null)[] = ps.map(() => null);
  let highest = 0;
  for (const [rank, i] of order.entries()) {
    highest = Math.max(highest, Math.min(1, ps[i]! * (order.length - rank)));
    adjusted[i] = highest;
  }
  return adjusted;
}

/** `B is better: +0.013 (95 % interval 0.004 to 0.021)`, in words for people. @param name  of the later model */
export function differenceText(name: string, { value, low, high, verdict, moreImages }: Difference): string {
  if (Number.isNaN(low)) return `no verdict: ${signed(value)}; too few images for an interval`;
  const interval = `${signed(value)} (95 % interval ${signed(low)} to ${signed(high)})`;
  if (verdict !== 'undecided') return `${name} is ${verdict}: ${interval}`;
  const more =
    moreImages === null
      ? 'it is too small to tell with any number of images'
      : `about ${moreImages.toLocaleString('en')} more images would tell`;
  return `no evidence of a difference: ${interval}; ${more}`;
}

/** `+0.013`, `−0.002`; a dash if there is no number. */
export function signed(value: number): string {
  if (Number.isNaN(value)) return '–';
  const text = Math.abs(value).toFixed(3);
  return `${value < 0 && text !== '0.000' ? '−' : '+'}${text}`;
}
