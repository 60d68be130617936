import type { DetectionTable } from '../../evaluate/matching/tables.js';
import type { EvaluationTables } from '../../evaluate/tables/evaluation-tables.js';
import type { Estimate } from '../statistics/bootstrap.js';
import { type AimComparison, compareForAim, countHeldOut, type HeldOutCounts } from '../statistics/held-out.js';
import { matchResults } from '../statistics/match-results.js';
import type { MatchedDetections } from '../statistics/matched-detections.js';
import { isSameSetting, type SuppressionSetting, suppressAgain } from './suppress-again.js';
import { defaultThreshold, type SettledTuning } from './tune-options.js';
import { type FoundThresholds, tuneThresholds, type Variant } from './tune-thresholds.js';

/** The result of trying other suppression settings. */
export interface SuppressionTrial {
  tried: SuppressionSetting[];
  chosen: SuppressionSetting;
  /** On held-out images, against thresholds alone; null: none was tried. */
  gain: Estimate | null;
}

/** The choice, and its comparison with the default. */
export interface ChosenThresholds {
  found: FoundThresholds<SuppressionSetting>;
  /** Detections above the default thresholds. */
  before: HeldOutCounts;
  comparison: AimComparison;
  suppression: SuppressionTrial;
}

const IOU_THRESHOLDS = [0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8];
/** From this IoU on a record is complete enough to try soft suppression. */
const SOFT_FROM = 0.8;

/**
 * Chooses thresholds with the default suppression, then tries others. Another one is used only if its gain is significant,
 * because each further choice can fit noise.
 */
export function chooseThresholds(
  variants: readonly Variant<SuppressionSetting>[],
  { aim, folds, seed, minExamples, defaults, floor }: SettledTuning & { floor: number },
): ChosenThresholds {
  const { matched } = variants[0]!;
  const how = { aim, floor, folds, seed, minExamples };
  const alone = tuneThresholds(variants.slice(0, 1), how);
  const together = variants.length > 1 ? tuneThresholds(variants, how) : null;
  const further = together && compareForAim(alone.held, together.held, matched, { aim, seed });
  const found = further?.significant ? together! : alone;
  const before = countHeldOut(matched, (_, classId) => defaultThreshold(defaults, matched.labels[classId]!));
  const comparison = compareForAim(before, found.held, matched, { aim, seed });
  const tried = variants.slice(1).map(({ suppression }) => suppression);
  const chosen = comparison.significant ? found.suppression : variants[0]!.suppression;
  return { found, before, comparison, suppression: { tried, chosen, gain: further?.gain ?? null } };
}

/**
 * Detections under the default suppression, and under others that the record allows.
 *
 * @param again  post-processes the images again; missing: detections are suppressed further, as far as they allow
 */
export function variantsOf(
  tables: EvaluationTables,
  { recorded, defaults, file }: SettledTuning,
  again?: (setting: SuppressionSetting) => DetectionTable,
): Variant<SuppressionSetting>[] {
  const { suppression, iouThreshold, measure, scope } = defaults;
  const first: SuppressionSetting = { suppression, iouThreshold, measure, scope };
  const settings = again === undefined ? others(recorded, first) : everySetting(first);
  return [first, ...settings].map((setting) => {
    const table = isSameSetting(setting, recorded)
      ? tables.detections
      : (again?.(setting) ?? suppressAgain(tables.detections, tables.groundTruth.size, setting));
    return { suppression: setting, matched: matchResults(tables, table, file?.options.calibration) };
  });
}

/**
 * What candidates allow. Methods that fuse boxes are left out: their boxes and scores depend on the score threshold that they
 * begin at, which is itself tuned.
 */
function everySetting(defaults: SuppressionSetting): SuppressionSetting[] {
  const ofNms = IOU_THRESHOLDS.flatMap((iouThreshold): SuppressionSetting[] => [
    { suppression: 'nms', iouThreshold },
    { suppression: 'nms', iouThreshold, measure: 'diou' },
    { suppression: 'nms', iouThreshold, scope: 'all' },
  ]);
  const soft = (['soft-linear', 'soft-gaussian', 'matrix-linear', 'matrix-gaussian'] as const).map(
    (suppression): SuppressionSetting => ({ suppression, iouThreshold: defaults.iouThreshold }),
  );
  return [...ofNms, ...soft].filter((setting) => !isSameSetting(setting, defaults));
}

function others(recorded: SuppressionSetting, defaults: SuppressionSetting): SuppressionSetting[] {
  const { suppression, iouThreshold } = recorded;
  if (suppression !== 'nms' && suppression !== 'none') return []; // scores and boxes are no longer the model's
  const loosest = suppression === 'none' ? 1 : iouThreshold;
  const tighter = [...new Set([...IOU_THRESHOLDS, iouThreshold])]
    .filter((threshold) => threshold <= loosest)
    .map((threshold): SuppressionSetting => ({ suppression: 'nms', iouThreshold: threshold }));
  const softer = (['soft-linear', 'soft-gaussian'] as const).map(
    (soft): SuppressionSetting => ({
      suppression: soft,
      iouThreshold: defaults.iouThreshold,
    }),
  );
  return [...tighter, ...(loosest >= SOFT_FROM ? softer : [])].filter((setting) => !isSameSetting(setting, defaults));
}

/** The lowest score. */
export function lowestScore({ scores }: MatchedDetections): number {
  return scores.reduce((lowest, score) => Math.min(lowest, score), 1);
}
