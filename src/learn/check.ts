import { complain } from '../errors.js';
import { count, type Rules, rule, wholeFromZero } from '../postprocess/options/check-options.js';

/** Options that tuning and calibrating have in common. */
export interface FoldOptions {
  /** Parts of the images, each judged with what the others teach; from 2. Default 5 */
  folds?: number;
  /** Of all that is drawn at random, from 0: the same seed gives the same result. Default 1 */
  seed?: number;
}

export const FOLD_RULES: Rules<FoldOptions> = {
  folds: rule('a whole number from 2', (value) => count.fault(value) === null && value !== 1),
  seed: wholeFromZero,
};

/** @throws SigboxError E_ARGUMENT  fewer than two images */
export function requireImages(where: string, images: number): void {
  if (images >= 2) return;
  const mend = 'One part is to be judged with what the others teach.';
  throw complain('E_ARGUMENT', { where, expected: 'two or more images', received: images, mend });
}
