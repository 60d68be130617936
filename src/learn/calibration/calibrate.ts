import { withDefaults } from '../../check/option.js';
import type { GroundTruthInput, ResultsInput } from '../../evaluate/inputs.js';
import type { DetectionTable } from '../../evaluate/matching/tables.js';
import { type EvaluationTables, evaluationTables } from '../../evaluate/tables/evaluation-tables.js';
import { calibrated } from '../../postprocess/options/calibration.js';
import { POSTPROCESS_OPTIONS } from '../../postprocess/options/postprocess-options.js';
import type { ScoreCalibration } from '../../types/options.js';
import { requireTwoImages } from '../require-images.js';
import { matchResults } from '../statistics/match-results.js';
import { isSameSetting, type SuppressionSetting, suppressAgain } from '../thresholds/suppress-again.js';
import { type TaughtOptions, type ThresholdsFile, thresholdsFile } from '../thresholds/thresholds-file.js';
import { CALIBRATE_OPTIONS, type CalibrateOptions, checkCalibrateOptions, KINDS } from './calibrate-options.js';
import { CALIBRATION_SCOPES, type CalibratedScores, calibrateScores } from './calibrate-scores.js';
import { labelCurve } from './label-curve.js';

/** The result of calibration. */
export interface CalibrationFound extends Omit<CalibratedScores, 'calibration'> {
  /** For `createDetector`, `detect` and `annotate`; without `calibration` if no gain is significant. */
  options: TaughtOptions;
  /** For `writeThresholdsFile`. */
  file: ThresholdsFile;
  images: number;
  detections: number;
  /** One line each, for people. */
  remarks: string[];
}

/**
 * Calibrates scores on labelled images, so that about 80 % of the detections scored 0.8 are correct.
 *
 * Kind and scope are chosen by likelihood on held-out folds; the calibration errors before and after, with 95 % intervals,
 * are measured there too. Without a significant gain in both, scores are not changed.
 *
 * @param groundTruth  a dataset, or a parsed COCO file
 * @param results      of the same images with the model's own scores, recorded with a low score threshold
 * @throws SigboxError E_ARGUMENT  an option out of its range, fewer than two images, no right or no wrong detections, no
 *   image in common
 */
export function calibrate(
  groundTruth: GroundTruthInput,
  results: ResultsInput,
  options: CalibrateOptions = {},
): CalibrationFound {
  const settled = withDefaults(CALIBRATE_OPTIONS, checkCalibrateOptions(options, 'calibrate'));
  const { kind, scope, folds, seed, minExamples, file, recorded = USUAL, about } = settled;
  const tables = evaluationTables(groundTruth, results);
  const matched = matchResults(tables, asUsed(tables, recorded, file?.options ?? {}));
  requireTwoImages('calibrate', matched.images);
  const { calibration, ...found } = calibrateScores(matched, {
    kinds: kind === undefined ? [...KINDS] : [kind],
    scopes: scope === undefined ? CALIBRATION_SCOPES : [scope],
    ...{ folds, seed, minExamples },
  });
  const taught = withCalibration(file?.options ?? {}, calibration);
  const counts = { images: matched.images, detections: matched.scores.length };
  const made = {
    ...{ by: BY, ...about, ...counts, seed, minExamples, folds: found.folds, ...found.chosen },
    ...{
      likelihood: found.loss,
      calibrationError: found.error,
      kept: found.significant ? 'curves' : 'scores as they are',
    },
  };
  const earlier = file?.made.filter(({ by }) => by !== BY) ?? [];
  const doubt = 'No significant gain in likelihood and calibration error on held-out images: scores are not changed.';
  const remarks = [...tables.warnings, ...(found.significant ? [] : [doubt])];
  return { ...found, options: taught, file: thresholdsFile(taught, [...earlier, made]), ...counts, remarks };
}

const BY = 'calibrate';
const USUAL: SuppressionSetting = {
  suppression: POSTPROCESS_OPTIONS.suppression.default,
  iouThreshold: POSTPROCESS_OPTIONS.iouThreshold.default,
};

/** Detections under the suppression of the file, else the default one, as far as the record allows: true positives depend on it. */
function asUsed(
  { detections, groundTruth }: EvaluationTables,
  recorded: SuppressionSetting,
  {
    suppression = recorded.suppression,
    iouThreshold = Math.min(USUAL.iouThreshold, recorded.iouThreshold),
  }: TaughtOptions,
): DetectionTable {
  const setting = { suppression, iouThreshold };
  return isSameSetting(setting, recorded) ? detections : suppressAgain(detections, groundTruth.size, setting);
}

/** Maps the thresholds of a file through new curves, so that they keep the same detections. */
function withCalibration(
  { calibration: old, ...options }: TaughtOptions,
  calibration: ScoreCalibration | null,
): TaughtOptions {
  if (calibration === null) return old === undefined ? options : { ...options, calibration: old };
  const { scoreThreshold, labelThresholds = {} } = options;
  if (scoreThreshold === undefined || old !== undefined) return { ...options, calibration };
  const through = (label: string, threshold: number) => {
    const curve = labelCurve(calibration, label);
    return curve === null ? threshold : calibrated(curve, threshold);
  };
  const labels = new Set([...Object.keys(labelThresholds), ...Object.keys(calibration.labels ?? {})]);
  const own = [...labels].map((label) => [label, through(label, labelThresholds[label] ?? scoreThreshold)] as const);
  const shared = calibration.shared === undefined ? scoreThreshold : calibrated(calibration.shared, scoreThreshold);
  return { ...options, scoreThreshold: shared, labelThresholds: Object.fromEntries(own), calibration };
}
