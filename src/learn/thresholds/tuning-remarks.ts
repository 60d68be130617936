import { totals } from '../statistics/held-out.js';
import type { MatchedDetections } from '../statistics/matched-detections.js';
import { overall } from './aim.js';
import type { ChosenThresholds } from './choose-thresholds.js';
import type { CoherentThresholds } from './coherent-thresholds.js';
import type { LabelTuning } from './describe-labels.js';
import type { SettledTuning } from './tune-options.js';

/** Limits of a tuning result, one line each, for people. */
export function remarksOn(
  matched: MatchedDetections,
  { found, comparison, suppression }: ChosenThresholds,
  labels: readonly LabelTuning[],
  {
    aim,
    minExamples,
    recorded,
    floor,
    lowered,
    again,
  }: SettledTuning & { floor: number } & Pick<CoherentThresholds, 'lowered'>,
): string[] {
  const remarks: string[] = [];
  if (!comparison.significant) remarks.push('No significant gain on held-out images: the default is kept.');
  if (comparison.significant && lowered.length > 0) {
    const shown = lowered.slice(0, 3).map(({ label, for: other }) => `"${label}" to that of "${other}"`);
    const others = lowered.length > shown.length ? ` and ${lowered.length - shown.length} more` : '';
    remarks.push(`Thresholds were lowered so that rules and parents hold: ${shown.join(', ')}${others}.`);
  }
  const tooFew = labels.filter((label) => label.tooFew).length;
  if (found.strength === Number.POSITIVE_INFINITY) {
    remarks.push('Thresholds per label were not better than one for all.');
  } else if (tooFew > 0) {
    remarks.push(
      `${tooFew} of ${labels.length} labels have fewer than ${minExamples} ground truths: they use the shared threshold.`,
    );
  }
  if (aim.kind !== 'f') {
    const once = new Uint32Array(matched.images).fill(1);
    const reached = overall(totals(found.held, matched, once))[aim.kind];
    if (reached < aim.min) {
      remarks.push(
        `With the thresholds that were found, ${aim.kind} is ${reached.toFixed(3)} on held-out images, below ${aim.min}.`,
      );
    }
  }
  if (Math.abs(found.scoreThreshold - Math.ceil(floor * 100) / 100) < 1e-9) {
    remarks.push(
      `The best threshold is the lowest recorded score, ${found.scoreThreshold}: a run with a lower --floor may do better.`,
    );
  }
  if (suppression.tried.length === 0) {
    remarks.push(`Suppression can't be tuned from a run with ${recorded.suppression}: record one with nms or none.`);
  } else if (again === undefined && recorded.suppression === 'nms' && recorded.iouThreshold <= 0.5) {
    remarks.push(
      `The run was suppressed at IoU ${recorded.iouThreshold}: looser thresholds can't be tried. annotate --candidates records what that takes.`,
    );
  }
  return remarks;
}
