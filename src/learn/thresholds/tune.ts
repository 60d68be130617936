import { complain } from '../../errors.js';
import type { ResultsGiven, TruthGiven } from '../../evaluate/given.js';
import { requireImages } from '../check.js';
import { remarksOn } from '../remarks.js';
import type { AimComparison } from '../statistics/held-out.js';
import { gather } from '../statistics/judge.js';
import type { Judged } from '../statistics/judged.js';
import { aimName } from './aim.js';
import {
  type ChosenThresholds,
  chooseThresholds,
  lowestScore,
  type SuppressionTrial,
  variantsOf,
} from './choose-thresholds.js';
import { describeLabels, type LabelTuning } from './describe-labels.js';
import { type TaughtOptions, type ThresholdsFile, thresholdsFile } from './thresholds-file.js';
import { type SettledTuning, settleTuning, type TuneOptions, usualThreshold } from './tune-options.js';

/** What tuning has found. */
export interface Tuning {
  /** For `createDetector`, `detect` and `annotate`. */
  options: TaughtOptions;
  /** For `writeThresholdsFile`. */
  file: ThresholdsFile;
  aim: string;
  images: number;
  truths: number;
  folds: number;
  /** On images that thresholds were not fitted to, against the default. Where it is not significant, the default is kept. */
  comparison: AimComparison;
  /** Of all labels that have truths. */
  labels: LabelTuning[];
  suppression: SuppressionTrial;
  /** One line each, for people. */
  remarks: string[];
}

/**
 * Finds the score thresholds that serve an aim best, and the suppression where the results can tell, from labelled images.
 *
 * All choices are made by cross-validation over images; the gain, with its 95 % interval, is that on images which thresholds
 * were not fitted to. Where it is not significant, the default is kept. See docs/tune.md.
 *
 * @param truth    a dataset, or a COCO file parsed
 * @param results  of the same images, from a low score on
 * @throws SigboxError E_ARGUMENT  an option out of its range, an aim that can't be read, fewer than two images, no truth, no
 *   image in common
 */
export function tune(truth: TruthGiven, results: ResultsGiven, options: TuneOptions = {}): Tuning {
  const settled = settleTuning(options);
  const evidence = gather(truth, results);
  const variants = variantsOf(evidence, settled);
  const { judged } = variants[0]!;
  requireImages('tune', judged.images);
  requireTruths(judged);
  const how = { ...settled, floor: settled.floor ?? lowestScore(judged) };
  const chosen = chooseThresholds(variants, how);
  const taught = taughtBy(chosen, judged, settled);
  const { before, found, comparison, suppression } = chosen;
  const thresholds = Float64Array.from(judged.labels, (label) => usualThreshold(taught, label));
  const labels = describeLabels(judged, { before, after: found.held, fewest: settled.fewest, thresholds });
  const counts = { images: judged.images, truths: judged.truths.classIds.length, folds: found.folds };
  const remarks = [...evidence.warnings, ...remarksOn(judged, chosen, labels, how)];
  const all = { ...taught, ...calibrationOf(settled) };
  const file = thresholdsFile(all, [...earlier(settled), { ...made(chosen, how), ...counts }]);
  return { options: all, file, aim: aimName(settled.aim), ...counts, comparison, labels, suppression, remarks };
}

type Taught = Required<Omit<TaughtOptions, 'calibration'>>;

function taughtBy(
  { found, comparison, suppression }: ChosenThresholds,
  { labels }: Judged,
  { usual }: SettledTuning,
): Taught {
  if (!comparison.significant) return usual;
  const { scoreThreshold, thresholds } = found;
  const own = labels.map((label, classId) => [label, thresholds[classId]!] as const);
  const labelThresholds = Object.fromEntries(own.filter(([, threshold]) => threshold !== scoreThreshold));
  return { scoreThreshold, labelThresholds, ...suppression.chosen };
}

function calibrationOf({ file }: SettledTuning): Pick<TaughtOptions, 'calibration'> {
  return file?.options.calibration === undefined ? {} : { calibration: file.options.calibration };
}

/** What else a file says of how it was made. */
function earlier({ file }: SettledTuning): ThresholdsFile['made'] {
  return file?.made.filter(({ by }) => by !== BY) ?? [];
}

const BY = 'tune';

function made(
  { comparison }: ChosenThresholds,
  { aim, about, seed, fewest, floor }: SettledTuning & { floor: number },
) {
  const { significant, ...told } = comparison;
  return { by: BY, ...about, aim: aimName(aim), seed, fewest, floor, ...told, kept: significant ? 'tuned' : 'default' };
}

function requireTruths({ truths }: Judged): void {
  if (truths.classIds.length > 0) return;
  throw complain('E_ARGUMENT', { where: 'tune', expected: 'truth in the images', received: 'none' });
}
