import { type OptionsOf, option, optionsCheck } from '../../check/option.js';
import { oneOf } from '../../check/shapes.js';
import { count } from '../../check/words.js';
import { LEARN_OPTIONS } from '../learn-options.js';
import { CALIBRATION_SCOPES } from './calibrate-scores.js';

/** Kinds of curves, fewest parameters first. */
export const KINDS = ['temperature', 'platt', 'isotonic'] as const;

export const CALIBRATE_OPTIONS = {
  /** Only this kind of curve. Default: the kind with the best likelihood on held-out images */
  kind: option(oneOf(...KINDS), {
    words: {
      kind: {
        form: 'text',
        choices: KINDS,
        help: 'Only this kind of curve',
        otherwise: 'the one with the best likelihood',
      },
    },
  }),
  /** One curve for all labels, or one for each label with enough examples. Default: the better one, by likelihood */
  scope: option(oneOf(...CALIBRATION_SCOPES), {
    words: {
      scope: {
        form: 'text',
        choices: CALIBRATION_SCOPES,
        help: 'One curve for all labels, or one for each label with enough examples',
        otherwise: 'the one with the best likelihood',
      },
    },
  }),
  /** Labels with fewer true or false positives use the shared curve. Default 20 */
  minExamples: option(count, {
    default: 20,
    words: {
      'min-examples': { form: 'number', help: 'Labels with fewer true or false positives use the shared curve' },
    },
  }),
  ...LEARN_OPTIONS,
};

export interface CalibrateOptions extends OptionsOf<typeof CALIBRATE_OPTIONS> {}

export const checkCalibrateOptions = optionsCheck(CALIBRATE_OPTIONS);
