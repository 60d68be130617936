import { totals } from './statistics/held-out.js';
import type { Judged } from './statistics/judged.js';
import { overall } from './thresholds/aim.js';
import type { ChosenThresholds } from './thresholds/choose-thresholds.js';
import type { LabelTuning } from './thresholds/describe-labels.js';
import type { SettledTuning } from './thresholds/tune-options.js';

/** What a tuning could not do or tell, one line each. */
export function remarksOn(
  judged: Judged,
  { found, comparison, suppression }: ChosenThresholds,
  labels: readonly LabelTuning[],
  { aim, fewest, recorded, floor }: SettledTuning & { floor: number },
): string[] {
  const remarks: string[] = [];
  if (!comparison.significant) remarks.push('No significant gain on images held out: the default is kept.');
  const tooFew = labels.filter((label) => label.tooFew).length;
  if (found.strength === Number.POSITIVE_INFINITY) {
    remarks.push('Thresholds per label were no better than one for all.');
  } else if (tooFew > 0) {
    remarks.push(
      `${tooFew} of ${labels.length} labels have fewer than ${fewest} truths: they keep the threshold of all.`,
    );
  }
  if (aim.kind !== 'f') {
    const once = new Uint32Array(judged.images).fill(1);
    const reached = overall(totals(found.held, judged, once))[aim.kind];
    if (reached < aim.least) {
      remarks.push(
        `${aim.kind} is ${reached.toFixed(3)} on images held out, below ${aim.least}: no threshold promises more.`,
      );
    }
  }
  if (Math.abs(found.scoreThreshold - Math.ceil(floor * 100) / 100) < 1e-9) {
    remarks.push(
      `The best threshold is the lowest that was recorded, ${found.scoreThreshold}: a lower floor may do better.`,
    );
  }
  if (suppression.tried.length === 0) {
    remarks.push(`Suppression can't be tuned from a run with ${recorded.suppression}: record one with nms or none.`);
  } else if (recorded.suppression === 'nms' && recorded.iouThreshold <= 0.5) {
    remarks.push(`The run was suppressed at IoU ${recorded.iouThreshold}: looser thresholds can't be told from it.`);
  }
  return remarks;
}
