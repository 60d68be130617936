import type { Estimate } from '../statistics/bootstrap.js';
import { type AimComparison, compareForAim, countHeldOut, type HeldOutCounts } from '../statistics/held-out.js';
import { type Evidence, judge } from '../statistics/judge.js';
import type { Judged } from '../statistics/judged.js';
import { isSameSetting, type SuppressionSetting, suppressAgain } from './suppress-again.js';
import { type SettledTuning, usualThreshold } from './tune-options.js';
import { type FoundThresholds, tuneThresholds, type Variant } from './tune-thresholds.js';

/** What became of trying other ways of suppression. */
export interface SuppressionTrial {
  tried: SuppressionSetting[];
  chosen: SuppressionSetting;
  /** On images held out, against thresholds alone; null: none was tried. */
  gain: Estimate | null;
}

/** What was chosen, and what it is worth. */
export interface ChosenThresholds {
  found: FoundThresholds<SuppressionSetting>;
  /** What counts by default. */
  before: HeldOutCounts;
  comparison: AimComparison;
  suppression: SuppressionTrial;
}

const IOU_THRESHOLDS = [0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8];
/** From here on, so little was taken away that boxes can be given lower scores instead. */
const SOFT_FROM = 0.8;

/**
 * Chooses thresholds with the usual suppression, and then whether another one adds to them: only where it does without doubt,
 * for it is one more thing that can be chosen by chance.
 */
export function chooseThresholds(
  variants: readonly Variant<SuppressionSetting>[],
  { aim, folds, seed, fewest, usual, floor }: SettledTuning & { floor: number },
): ChosenThresholds {
  const { judged } = variants[0]!;
  const how = { aim, floor, folds, seed, fewest };
  const alone = tuneThresholds(variants.slice(0, 1), how);
  const together = variants.length > 1 ? tuneThresholds(variants, how) : null;
  const further = together && compareForAim(alone.held, together.held, judged, { aim, seed });
  const found = further?.significant ? together! : alone;
  const before = countHeldOut(judged, (_, classId) => usualThreshold(usual, judged.labels[classId]!));
  const comparison = compareForAim(before, found.held, judged, { aim, seed });
  const tried = variants.slice(1).map(({ suppression }) => suppression);
  const chosen = comparison.significant ? found.suppression : variants[0]!.suppression;
  return { found, before, comparison, suppression: { tried, chosen, gain: further?.gain ?? null } };
}

/** The detections under the usual suppression, and under others that the record can tell of. */
export function variantsOf(
  evidence: Evidence,
  { recorded, usual, file }: SettledTuning,
): Variant<SuppressionSetting>[] {
  const first = { suppression: usual.suppression, iouThreshold: usual.iouThreshold };
  return [first, ...others(recorded, first)].map((setting) => {
    const table = isSameSetting(setting, recorded)
      ? evidence.detections
      : suppressAgain(evidence.detections, evidence.truth.size, setting);
    return { suppression: setting, judged: judge(evidence, table, file?.options.calibration) };
  });
}

function others(recorded: SuppressionSetting, usual: SuppressionSetting): SuppressionSetting[] {
  const { suppression, iouThreshold } = recorded;
  if (suppression !== 'nms' && suppression !== 'none') return []; // scores and boxes are no longer the model's
  const loosest = suppression === 'none' ? 1 : iouThreshold;
  const tighter = [...new Set([...IOU_THRESHOLDS, iouThreshold])]
    .filter((threshold) => threshold <= loosest)
    .map((threshold): SuppressionSetting => ({ suppression: 'nms', iouThreshold: threshold }));
  const softer = (['soft-linear', 'soft-gaussian'] as const).map(
    (soft): SuppressionSetting => ({
      suppression: soft,
      iouThreshold: usual.iouThreshold,
    }),
  );
  return [...tighter, ...(loosest >= SOFT_FROM ? softer : [])].filter((setting) => !isSameSetting(setting, usual));
}

/** The lowest score that is there. */
export function lowestScore({ scores }: Judged): number {
  return scores.reduce((lowest, score) => Math.min(lowest, score), 1);
}
