import { complain } from '../../errors.js';
import type { GroundTruthInput, ResultsInput } from '../../evaluate/inputs.js';
import { evaluationTables } from '../../evaluate/tables/evaluation-tables.js';
import { requireTwoImages } from '../require-images.js';
import type { AimComparison } from '../statistics/held-out.js';
import type { MatchedDetections } from '../statistics/matched-detections.js';
import { aimName } from './aim.js';
import {
  type ChosenThresholds,
  chooseThresholds,
  lowestScore,
  type SuppressionTrial,
  variantsOf,
} from './choose-thresholds.js';
import { coherentThresholds } from './coherent-thresholds.js';
import { describeLabels, type LabelTuning } from './describe-labels.js';
import { type TaughtOptions, type ThresholdsFile, thresholdsFile } from './thresholds-file.js';
import { type Defaults, defaultThreshold, type SettledTuning, settleTuning, type TuneOptions } from './tune-options.js';
import { remarksOn } from './tuning-remarks.js';

/** The result of tuning. */
export interface Tuning {
  /** For `createDetector`, `detect` and `annotate`. */
  options: TaughtOptions;
  /** For `writeThresholdsFile`. */
  file: ThresholdsFile;
  aim: string;
  images: number;
  groundTruths: number;
  folds: number;
  /** On held-out images, against the default. If the gain is not significant, the default is kept. */
  comparison: AimComparison;
  /** All labels with ground truths. */
  labels: LabelTuning[];
  suppression: SuppressionTrial;
  /** One line each, for people. */
  remarks: string[];
}

/**
 * Finds the best score thresholds for an aim, and the best suppression if the results allow it, from labelled images.
 *
 * All choices are made by cross-validation over images. The gain and its 95 % interval are measured on held-out images; if it
 * is not significant, the default is kept. See docs/tune.md.
 *
 * @param groundTruth  a dataset, or a parsed COCO file
 * @param results      of the same images, recorded with a low score threshold
 * @throws SigboxError E_ARGUMENT  an option out of its range, an aim that can't be read, fewer than two images, no ground truth, no
 *   image in common
 */
export function tune(groundTruth: GroundTruthInput, results: ResultsInput, options: TuneOptions = {}): Tuning {
  const settled = settleTuning(options);
  const tables = evaluationTables(groundTruth, results);
  const { again } = settled;
  const variants = variantsOf(
    tables,
    settled,
    again && ((setting) => evaluationTables(groundTruth, again(setting)).detections),
  );
  const { matched } = variants[0]!;
  requireTwoImages('tune', matched.images);
  requireGroundTruths(matched);
  const how = { ...settled, floor: settled.floor ?? lowestScore(matched) };
  const chosen = chooseThresholds(variants, how);
  const coherent = coherentThresholds(matched.labels, chosen.found.thresholds, settled.rules);
  const taught = taughtBy(chosen, matched, { defaults: settled.defaults, thresholds: coherent.thresholds });
  const { before, found, comparison, suppression } = chosen;
  const thresholds = Float64Array.from(matched.labels, (label) => defaultThreshold(taught, label));
  const labels = describeLabels(matched, { before, after: found.held, minExamples: settled.minExamples, thresholds });
  const counts = { images: matched.images, groundTruths: matched.groundTruths.classIds.length, folds: found.folds };
  const remarks = [...tables.warnings, ...remarksOn(matched, chosen, labels, { ...how, lowered: coherent.lowered })];
  const all = { ...taught, ...calibrationOf(settled) };
  const file = thresholdsFile(all, [...earlier(settled), { ...made(chosen, how), ...counts }]);
  return { options: all, file, aim: aimName(settled.aim), ...counts, comparison, labels, suppression, remarks };
}

type Taught = Defaults | Omit<Defaults, 'measure' | 'scope'>;

function taughtBy(
  { found, comparison, suppression }: ChosenThresholds,
  { labels }: MatchedDetections,
  { defaults, thresholds }: Pick<SettledTuning, 'defaults'> & { thresholds: Float64Array },
): Taught {
  if (!comparison.significant) return withoutUsual(defaults);
  const { scoreThreshold } = found;
  const own = labels.map((label, classId) => [label, thresholds[classId]!] as const);
  const labelThresholds = Object.fromEntries(own.filter(([, threshold]) => threshold !== scoreThreshold));
  return withoutUsual({ measure: 'iou', scope: 'class', ...suppression.chosen, scoreThreshold, labelThresholds });
}

/** Measure and scope are written only where they are not what they always are. */
function withoutUsual({
  measure,
  scope,
  scoreThreshold,
  labelThresholds,
  suppression,
  iouThreshold,
}: Defaults): Taught {
  const usual = { scoreThreshold, labelThresholds, suppression, iouThreshold };
  return measure === 'iou' && scope === 'class' ? usual : { ...usual, measure, scope };
}

function calibrationOf({ file }: SettledTuning): Pick<TaughtOptions, 'calibration'> {
  return file?.options.calibration === undefined ? {} : { calibration: file.options.calibration };
}

/** Provenance of other parts of the file. */
function earlier({ file }: SettledTuning): ThresholdsFile['made'] {
  return file?.made.filter(({ by }) => by !== BY) ?? [];
}

const BY = 'tune';

function made(
  { comparison }: ChosenThresholds,
  { aim, about, seed, minExamples, floor }: SettledTuning & { floor: number },
) {
  const { significant, ...told } = comparison;
  return {
    by: BY,
    ...about,
    aim: aimName(aim),
    seed,
    minExamples,
    floor,
    ...told,
    kept: significant ? 'tuned' : 'default',
  };
}

function requireGroundTruths({ groundTruths }: MatchedDetections): void {
  if (groundTruths.classIds.length > 0) return;
  throw complain('E_ARGUMENT', { where: 'tune', expected: 'ground truth in the images', received: 'none' });
}
