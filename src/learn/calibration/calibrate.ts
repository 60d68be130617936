import { withDefaults } from '../../check/option.js';
import type { ResultsGiven, TruthGiven } from '../../evaluate/given.js';
import type { DetectionTable } from '../../evaluate/matching/tables.js';
import { calibrated } from '../../postprocess/options/calibration.js';
import { POSTPROCESS_OPTIONS } from '../../postprocess/options/postprocess-options.js';
import type { ScoreCalibration } from '../../types/options.js';
import { requireImages } from '../check.js';
import { type Evidence, gather, judge } from '../statistics/judge.js';
import { isSameSetting, type SuppressionSetting, suppressAgain } from '../thresholds/suppress-again.js';
import { type TaughtOptions, type ThresholdsFile, thresholdsFile } from '../thresholds/thresholds-file.js';
import { CALIBRATE_OPTIONS, type CalibrateOptions, checkCalibrateOptions, KINDS } from './calibrate-options.js';
import { type CalibratedScores, calibrateScores } from './calibrate-scores.js';
import { curveOf } from './curve-of.js';

/** What calibrating has found. */
export interface CalibrationFound extends Omit<CalibratedScores, 'calibration'> {
  /** For `createDetector`, `detect` and `annotate`; without `calibration` where none is better without doubt. */
  options: TaughtOptions;
  /** For `writeThresholdsFile`. */
  file: ThresholdsFile;
  images: number;
  detections: number;
  /** One line each, for people. */
  remarks: string[];
}

/**
 * Finds curves that make scores the share of detections that are right, from labelled images.
 *
 * Kind and scope are chosen by their likelihood on folds of the images that curves were not fitted to; the calibration errors
 * before and after, with 95 % intervals, are those there too. Without a significant gain in both, scores stay as they are.
 *
 * @param truth    a dataset, or a COCO file parsed
 * @param results  of the same images with the model's own scores, from a low score on
 * @throws SigboxError E_ARGUMENT  an option out of its range, fewer than two images, no right or no wrong detections, no
 *   image in common
 */
export function calibrate(truth: TruthGiven, results: ResultsGiven, options: CalibrateOptions = {}): CalibrationFound {
  const settled = withDefaults(CALIBRATE_OPTIONS, checkCalibrateOptions(options, 'calibrate'));
  const { kind, scope, folds, seed, fewest, file, recorded = USUAL, about } = settled;
  const evidence = gather(truth, results);
  const judged = judge(evidence, asUsed(evidence, recorded, file?.options ?? {}));
  requireImages('calibrate', judged.images);
  const { calibration, ...found } = calibrateScores(judged, {
    kinds: kind === undefined ? [...KINDS] : [kind],
    scopes: scope === undefined ? ['shared', 'label'] : [scope],
    ...{ folds, seed, fewest },
  });
  const taught = withCalibration(file?.options ?? {}, calibration);
  const counts = { images: judged.images, detections: judged.scores.length };
  const made = {
    ...{ by: BY, ...about, ...counts, seed, fewest, folds: found.folds, ...found.chosen },
    ...{
      likelihood: found.loss,
      calibrationError: found.error,
      kept: found.significant ? 'curves' : 'scores as they are',
    },
  };
  const earlier = file?.made.filter(({ by }) => by !== BY) ?? [];
  const doubt = 'No significant gain in likelihood and calibration error on images held out: scores stay as they are.';
  const remarks = [...evidence.warnings, ...(found.significant ? [] : [doubt])];
  return { ...found, options: taught, file: thresholdsFile(taught, [...earlier, made]), ...counts, remarks };
}

const BY = 'calibrate';
const { suppression, iouThreshold } = POSTPROCESS_OPTIONS;
const USUAL: SuppressionSetting = { suppression: suppression.default, iouThreshold: iouThreshold.default };

/** Which detections are right depends on what is suppressed: as the file says, else as by default, as far as the record goes. */
function asUsed(
  { detections, truth }: Evidence,
  recorded: SuppressionSetting,
  {
    suppression = recorded.suppression,
    iouThreshold = Math.min(USUAL.iouThreshold, recorded.iouThreshold),
  }: TaughtOptions,
): DetectionTable {
  const setting = { suppression, iouThreshold };
  return isSameSetting(setting, recorded) ? detections : suppressAgain(detections, truth.size, setting);
}

/** Thresholds of a file go through new curves: what they kept, they keep. */
function withCalibration(
  { calibration: old, ...options }: TaughtOptions,
  calibration: ScoreCalibration | null,
): TaughtOptions {
  if (calibration === null) return old === undefined ? options : { ...options, calibration: old };
  const { scoreThreshold, labelThresholds = {} } = options;
  if (scoreThreshold === undefined || old !== undefined) return { ...options, calibration };
  const through = (label: string, threshold: number) => {
    const curve = curveOf(calibration, label);
    return curve === null ? threshold : calibrated(curve, threshold);
  };
  const labels = new Set([...Object.keys(labelThresholds), ...Object.keys(calibration.labels ?? {})]);
  const own = [...labels].map((label) => [label, through(label, labelThresholds[label] ?? scoreThreshold)] as const);
  const shared = calibration.shared === undefined ? scoreThreshold : calibrated(calibration.shared, scoreThreshold);
  return { ...options, scoreThreshold: shared, labelThresholds: Object.fromEntries(own), calibration };
}
