import { complain } from '../errors.js';
import { count, type Rules, rule, wholeFromZero } from '../postprocess/options/check-options.js';

/** Options of both tuning and calibration. */
export interface FoldOptions {
  /** Cross-validation folds over images, from 2. Default 5 */
  folds?: number;
  /** Random seed, from 0: the same seed gives the same result. Default 1 */
  seed?: number;
}

export const FOLD_RULES: Rules<FoldOptions> = {
  folds: rule('a whole number from 2', (value) => count.fault(value) === null && value !== 1),
  seed: wholeFromZero,
};

/** @throws SigboxError E_ARGUMENT  fewer than two images */
export function requireImages(where: string, images: number): void {
  if (images >= 2) return;
  const mend = 'Each fold is evaluated with what is fitted to the others.';
  throw complain('E_ARGUMENT', { where, expected: 'two or more images', received: images, mend });
}
