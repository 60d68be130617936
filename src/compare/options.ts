import { type OptionsOf, option, optionsCheck, type SettledOptions, withDefaults } from '../check/option.js';
import { wholeFrom, wholeFromZero } from '../check/words.js';
import { EVALUATE_OPTIONS } from '../evaluate/options.js';

export const COMPARE_OPTIONS = {
  ...EVALUATE_OPTIONS,
  /** Resamples of the images that intervals are computed from, from 100. Default 2000 */
  resamples: option(wholeFrom(100), {
    default: 2000,
    words: { resamples: { form: 'number', help: 'Resamples of the images for the intervals' } },
  }),
  /** Random seed, from 0: the same seed gives the same intervals. Default 1 */
  seed: option(wholeFromZero, {
    default: 1,
    words: { seed: { form: 'number', help: 'Random seed: the same seed gives the same intervals' } },
  }),
};

export interface CompareOptions extends OptionsOf<typeof COMPARE_OPTIONS> {
  /** Values of fields by image name, to compare by parts: `{ time: { 'a.jpg': 'night' } }`. Default none */
  slices?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const checkCompareOptions = optionsCheck(COMPARE_OPTIONS);

/** @throws SigboxError E_ARGUMENT  an unknown option, or one out of its range */
export function settleCompare(options: unknown): SettledOptions<typeof COMPARE_OPTIONS> {
  return withDefaults(COMPARE_OPTIONS, checkCompareOptions(options, 'compare'));
}
