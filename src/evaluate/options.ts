import { type OptionsOf, option, optionsCheck, type SettledOptions, withDefaults } from '../check/option.js';
import { list, record } from '../check/shapes.js';
import { flag, fraction, positiveFraction } from '../check/words.js';
import { DEFAULT_SCORE } from '../types/options.js';
import { labelRule } from '../types/rules.js';

export const EVALUATE_OPTIONS = {
  /** Lowest score that counts for precision, recall, F1 and the confusion matrix, in [0, 1]. Default 0.35 */
  scoreThreshold: option(fraction, {
    default: DEFAULT_SCORE,
    words: {
      score: {
        form: 'number',
        help: 'Lowest score that counts for precision, recall, F1 and confusion; LABEL=N for a single label',
        completes: 'labels',
        otherwise: `the run’s, if it recorded lower scores; else ${DEFAULT_SCORE}`,
        common: true,
      },
    },
  }),
  /** Score thresholds of single labels, in place of `scoreThreshold`. Default {} */
  labelThresholds: option(record('numbers from 0 to 1, by label', fraction), {
    default: {},
    words: { score: { form: 'by-label', help: '' } },
  }),
  /** IoU from which a detection matches a ground truth, in (0, 1]; COCO's and LVIS's numbers have their own. Default 0.5 */
  iouThreshold: option(positiveFraction, {
    default: 0.5,
    words: { 'match-iou': { form: 'number', help: 'IoU from which a detection matches, except for COCO’s numbers' } },
  }),
  /** Label rules whose violations by label sets are counted. Default [] */
  rules: option(list('rules', labelRule), { default: [] }),
  /** Scale ground truth boxes of images whose size differs from the results', if the aspect agrees. Default false */
  scaleGroundTruth: option(flag, {
    default: false,
    words: {
      'scale-truth': { form: 'switch', help: 'Scale ground truth of resized images to the size in the results' },
    },
  }),
};

export interface EvaluateOptions extends OptionsOf<typeof EVALUATE_OPTIONS> {}

const checkEvaluateOptions = optionsCheck(EVALUATE_OPTIONS);

/** @throws SigboxError E_ARGUMENT  an unknown option, or one out of its range */
export function settleEvaluate(options: unknown): SettledOptions<typeof EVALUATE_OPTIONS> {
  return withDefaults(EVALUATE_OPTIONS, checkEvaluateOptions(options, 'evaluate'));
}
