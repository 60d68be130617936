import { type OptionsOf, option, optionsCheck } from '../check/option.js';
import { fraction } from '../check/words.js';
import type { ResultsInput } from '../evaluate/inputs.js';

/** Of a check of annotations. */
export const CHECK_OPTIONS = {
  /** Score from which a detection is believed more than an annotation, in [0, 1]. Default 0.8 */
  confident: option(fraction, {
    default: 0.8,
    words: { confident: { form: 'number', help: 'Score from which a detection is believed more than an annotation' } },
  }),
};

export interface CheckOptions extends OptionsOf<typeof CHECK_OPTIONS> {
  /** Results on the images of the first split, recorded from low scores on. Default none */
  results?: ResultsInput;
}

export const checkCheckOptions = optionsCheck(CHECK_OPTIONS);
