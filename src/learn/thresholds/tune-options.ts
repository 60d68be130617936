import { type OptionsOf, option, optionsCheck, withDefaults } from '../../check/option.js';
import { list, word } from '../../check/shapes.js';
import { count, fraction, text } from '../../check/words.js';
import type { ResultsInput } from '../../evaluate/inputs.js';
import { POSTPROCESS_OPTIONS } from '../../postprocess/options/postprocess-options.js';
import { type LabelRule, labelRule } from '../../types/rules.js';
import { anObject, LEARN_OPTIONS } from '../learn-options.js';
import { type Aim, parseAim } from './aim.js';
import type { SuppressionSetting } from './suppress-again.js';
import type { TaughtOptions, ThresholdsFile } from './thresholds-file.js';

export const TUNE_OPTIONS = {
  /** 'f1', 'f0.5' or another F-measure, 'precision>=N', 'recall>=N'. Default 'f1' */
  aim: option(text, {
    default: 'f1',
    words: {
      aim: { form: 'text', value: 'AIM', help: 'f1, f0.5, precision>=0.9 or recall>=0.95; f1 is its mean over labels' },
    },
  }),
  /** Labels with fewer ground truths use the shared threshold. Default 10 */
  minExamples: option(count, {
    default: 10,
    words: { 'min-examples': { form: 'number', help: 'Labels with fewer ground truths use the shared threshold' } },
  }),
  ...LEARN_OPTIONS,
  /**
   * Label rules that thresholds must not contradict: a label that another one implies gets no higher threshold than that one.
   * Default []
   */
  rules: option(list('rules', labelRule), { default: [] }),
  /** The lowest score that was recorded. Default: the lowest among the results */
  floor: option(fraction),
  /**
   * Post-processes the same images again under another setting, down to the same floor: then all of them are tried. Default:
   * tighter settings than the `recorded` one are tried on the detections themselves
   */
  again: option(word<PostprocessAgain>('a function', (value) => typeof value === 'function')),
  /** The setting to improve on. Default: score 0.35, IoU 0.5 or the `recorded` one if that is tighter */
  default: option(anObject<Omit<TaughtOptions, 'calibration'>>()),
};

export interface TuneOptions extends OptionsOf<typeof TUNE_OPTIONS> {}

const checkTuneOptions = optionsCheck(TUNE_OPTIONS);

/** Gives results of the images that are tuned on. */
export type PostprocessAgain = (setting: SuppressionSetting) => ResultsInput;

/** Thresholds and suppression without tuning. */
export interface Defaults extends Required<SuppressionSetting> {
  scoreThreshold: number;
  labelThresholds: Record<string, number>;
}

/** The options with every default in place. */
export interface SettledTuning {
  aim: Aim;
  folds: number;
  seed: number;
  minExamples: number;
  floor: number | undefined;
  recorded: SuppressionSetting;
  defaults: Defaults;
  file: ThresholdsFile | undefined;
  rules: LabelRule[];
  about: Record<string, unknown>;
  again: PostprocessAgain | undefined;
}

/** @throws SigboxError E_ARGUMENT  an unknown option, or one out of range */
export function settleTuning(options: unknown): SettledTuning {
  const given = withDefaults(TUNE_OPTIONS, checkTuneOptions(options, 'tune'));
  const { scoreThreshold, suppression, iouThreshold, measure, scope } = POSTPROCESS_OPTIONS;
  const recorded = given.recorded ?? { suppression: suppression.default, iouThreshold: iouThreshold.default };
  const defaults: Defaults = {
    scoreThreshold: given.default?.scoreThreshold ?? scoreThreshold.default,
    labelThresholds: given.default?.labelThresholds ?? {},
    suppression: given.default?.suppression ?? recorded.suppression,
    iouThreshold: given.default?.iouThreshold ?? Math.min(iouThreshold.default, recorded.iouThreshold),
    measure: given.default?.measure ?? recorded.measure ?? measure.default,
    scope: given.default?.scope ?? recorded.scope ?? scope.default,
  };
  const { aim, folds, seed, minExamples, floor, file, about, rules, again } = given;
  return { aim: parseAim(aim), folds, seed, minExamples, floor, recorded, defaults, file, about, rules, again };
}

export function defaultThreshold(
  { scoreThreshold, labelThresholds }: Pick<Defaults, 'scoreThreshold' | 'labelThresholds'>,
  label: string,
): number {
  return Object.hasOwn(labelThresholds, label) ? labelThresholds[label]! : scoreThreshold;
}
