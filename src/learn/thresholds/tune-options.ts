import { checkOptions, count, fraction, type Rules, rule } from '../../postprocess/options/check-options.js';
import { FOLD_RULES, type FoldOptions } from '../fold-options.js';
import { type Aim, parseAim } from './aim.js';
import type { SuppressionSetting } from './suppress-again.js';
import type { TaughtOptions, ThresholdsFile } from './thresholds-file.js';

export interface TuneOptions extends FoldOptions {
  /** 'f1', 'f0.5' or another F-measure, 'precision>=N', 'recall>=N'. Default 'f1' */
  aim?: string;
  /** Labels with fewer ground truths use the shared threshold. Default 10 */
  minExamples?: number;
  /** The lowest score that was recorded. Default: the lowest among the results */
  floor?: number;
  /** How the results were suppressed. Default 'nms' with 0.5 */
  recorded?: SuppressionSetting;
  /** The setting to improve on. Default: score 0.35, IoU 0.5 or the `recorded` one if that is tighter */
  default?: Omit<TaughtOptions, 'calibration'>;
  /** A file whose calibration is applied first and kept. Default none */
  file?: ThresholdsFile;
  /** Facts for the file, such as the model's name. Default none */
  about?: Record<string, unknown>;
}

/** Thresholds and suppression without tuning. */
export interface Defaults extends SuppressionSetting {
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
  about: Record<string, unknown>;
}

const anything = rule('an object', (value) => typeof value === 'object' && value !== null);

const RULES: Rules<TuneOptions> = {
  aim: rule('an aim such as f1 or precision>=0.9', (value) => typeof value === 'string'),
  ...FOLD_RULES,
  minExamples: count,
  floor: fraction,
  recorded: anything,
  default: anything,
  file: anything,
  about: anything,
};

/** @throws SigboxError E_ARGUMENT  an unknown option, or one out of range */
export function settleTuning(options: unknown): SettledTuning {
  const given = checkOptions(RULES, options, 'tune');
  const recorded = given.recorded ?? { suppression: 'nms', iouThreshold: 0.5 };
  const defaults: Defaults = {
    scoreThreshold: given.default?.scoreThreshold ?? 0.35,
    labelThresholds: given.default?.labelThresholds ?? {},
    suppression: given.default?.suppression ?? recorded.suppression,
    iouThreshold: given.default?.iouThreshold ?? Math.min(0.5, recorded.iouThreshold),
  };
  const { aim = 'f1', folds = 5, seed = 1, minExamples = 10, floor, file, about = {} } = given;
  return { aim: parseAim(aim), folds, seed, minExamples, floor, recorded, defaults, file, about };
}

export function defaultThreshold({ scoreThreshold, labelThresholds }: Defaults, label: string): number {
  return Object.hasOwn(labelThresholds, label) ? labelThresholds[label]! : scoreThreshold;
}
