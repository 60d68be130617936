import { checkOptions, count, fraction, type Rules, rule } from '../../postprocess/options/check-options.js';
import { FOLD_RULES, type FoldOptions } from '../check.js';
import { type Aim, parseAim } from './aim.js';
import type { SuppressionSetting } from './suppress-again.js';
import type { TaughtOptions, ThresholdsFile } from './thresholds-file.js';

export interface TuneOptions extends FoldOptions {
  /** 'f1', 'f0.5' or another F-measure, 'precision>=N', 'recall>=N'. Default 'f1' */
  aim?: string;
  /** A label with fewer truths keeps the threshold of all. Default 10 */
  fewest?: number;
  /** The lowest score that was recorded. Default: the lowest among the results */
  floor?: number;
  /** How the results were suppressed. Default 'nms' with 0.5 */
  recorded?: SuppressionSetting;
  /** What is to be bettered. Default: score 0.35, IoU 0.5 or what is `recorded`, if that is tighter */
  default?: Omit<TaughtOptions, 'calibration'>;
  /** A file whose calibration is kept, and applied first. Default none */
  file?: ThresholdsFile;
  /** Facts for the file, such as the model's name. Default none */
  about?: Record<string, unknown>;
}

/** What thresholds and suppression are without tuning. */
export interface Usual extends SuppressionSetting {
  scoreThreshold: number;
  labelThresholds: Record<string, number>;
}

/** The options with every default in place. */
export interface SettledTuning {
  aim: Aim;
  folds: number;
  seed: number;
  fewest: number;
  floor: number | undefined;
  recorded: SuppressionSetting;
  usual: Usual;
  file: ThresholdsFile | undefined;
  about: Record<string, unknown>;
}

const anything = rule('an object', (value) => typeof value === 'object' && value !== null);

const RULES: Rules<TuneOptions> = {
  aim: rule('an aim such as f1 or precision>=0.9', (value) => typeof value === 'string'),
  ...FOLD_RULES,
  fewest: count,
  floor: fraction,
  recorded: anything,
  default: anything,
  file: anything,
  about: anything,
};

/** @throws SigboxError E_ARGUMENT  an unknown option, or one out of its range */
export function settleTuning(options: unknown): SettledTuning {
  const given = checkOptions(RULES, options, 'tune');
  const recorded = given.recorded ?? { suppression: 'nms', iouThreshold: 0.5 };
  const usual: Usual = {
    scoreThreshold: given.default?.scoreThreshold ?? 0.35,
    labelThresholds: given.default?.labelThresholds ?? {},
    suppression: given.default?.suppression ?? recorded.suppression,
    iouThreshold: given.default?.iouThreshold ?? Math.min(0.5, recorded.iouThreshold),
  };
  const { aim = 'f1', folds = 5, seed = 1, fewest = 10, floor, file, about = {} } = given;
  return { aim: parseAim(aim), folds, seed, fewest, floor, recorded, usual, file, about };
}

export function usualThreshold({ scoreThreshold, labelThresholds }: Usual, label: string): number {
  return Object.hasOwn(labelThresholds, label) ? labelThresholds[label]! : scoreThreshold;
}
