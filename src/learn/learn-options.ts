import { option } from '../check/option.js';
import { isPlain, word } from '../check/shapes.js';
import { wholeFrom, wholeFromZero } from '../check/words.js';
import type { SuppressionSetting } from './thresholds/suppress-again.js';
import type { ThresholdsFile } from './thresholds/thresholds-file.js';

/** Options of both tuning and calibration. */
export const LEARN_OPTIONS = {
  /** Cross-validation folds over images, from 2. Default 5 */
  folds: option(wholeFrom(2), {
    default: 5,
    words: { folds: { form: 'number', help: 'Cross-validation folds over images' } },
  }),
  /** Random seed, from 0: the same seed gives the same result. Default 1 */
  seed: option(wholeFromZero, {
    default: 1,
    words: { seed: { form: 'number', help: 'Random seed: the same seed gives the same file' } },
  }),
  /** How the results were suppressed. Default: 'nms' with 0.5 */
  recorded: option(anObject<SuppressionSetting>()),
  /** An earlier thresholds file: what this command does not find is kept. Default: none */
  file: option(anObject<ThresholdsFile>()),
  /** Facts for the file, such as the model's name. Default {} */
  about: option(anObject<Record<string, unknown>>(), { default: {} }),
};

export function anObject<Value>() {
  return word<Value>('an object', isPlain);
}
