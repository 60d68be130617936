import { complain } from '../../errors.js';
import { type ReliabilityBin, reliability } from '../../evaluate/metrics/reliability.js';
import { calibrated } from '../../postprocess/options/calibration.js';
import type { ScoreCalibration } from '../../types/options.js';
import { type Comparison, compareByBootstrap, type Measure } from '../statistics/bootstrap.js';
import type { MatchedDetections } from '../statistics/matched-detections.js';
import { drawFolds } from '../statistics/random.js';
import { calibrationError, negativeLogLikelihood, type ScoredDetections } from './calibration-error.js';
import { type CalibrationKind, fitCalibration } from './fit-calibration.js';
import { labelCurve } from './label-curve.js';

/** One curve for all labels, or one for each label. */
export const CALIBRATION_SCOPES = ['shared', 'label'] as const;

export type CalibrationScope = (typeof CALIBRATION_SCOPES)[number];

export interface CalibrateScoresOptions {
  kinds: readonly CalibrationKind[];
  scopes: readonly CalibrationScope[];
  folds: number;
  seed: number;
  /** Labels with fewer true or false positives use the shared curve. */
  minExamples: number;
}

/** One way to calibrate. */
export interface CalibrationTrial {
  kind: CalibrationKind;
  scope: CalibrationScope;
  /** Mean −log likelihood of true and false positives on held-out folds. */
  loss: number;
  /** D-ECE there. */
  error: number;
}

export interface CalibratedScores {
  /** Null: no gain is significant, scores are not changed. */
  calibration: ScoreCalibration | null;
  chosen: CalibrationTrial;
  trials: CalibrationTrial[];
  /** Mean −log likelihood. */
  loss: Comparison;
  /** D-ECE over bins of the score. */
  error: Comparison;
  /** D-ECE over bins of score, position and size. */
  positionError: Comparison;
  /** Before and after calibration. */
  reliability: { before: ReliabilityBin[]; after: ReliabilityBin[] };
  /** Whether the intervals of both gains, in likelihood and in D-ECE, lie above 0. */
  significant: boolean;
  folds: number;
  /** Labels with their own curve. */
  own: string[];
}

/**
 * Chooses a calibration by its likelihood on held-out folds, and fits it to all images.
 *
 * @param matched  of two images or more
 * @throws SigboxError E_ARGUMENT  no true positives, or no false positives
 */
export function calibrateScores(matched: MatchedDetections, options: CalibrateScoresOptions): CalibratedScores {
  requireBothKinds(matched);
  const { kinds, scopes, seed } = options;
  const folds = Math.min(options.folds, matched.images);
  const parts = drawFolds(matched.images, { folds, seed });
  const ways = scopes.flatMap((scope) => kinds.map((kind) => ({ kind, scope })));
  const once = new Uint32Array(matched.images).fill(1);
  const tried = ways.map((way) => {
    const after = { ...matched, scores: heldOutScores(matched, parts, folds, way, options.minExamples) };
    return { after, trial: { ...way, loss: negativeLogLikelihood(after)(once), error: calibrationError(after)(once) } };
  });
  const best = bestOf(tried, matched.images, seed);
  const compare = (measure: (detections: ScoredDetections) => Measure): Comparison =>
    compareByBootstrap(measure(matched), measure(best.after), { images: matched.images, seed, better: 'less' });
  const loss = compare(negativeLogLikelihood);
  const error = compare(calibrationError);
  const significant = loss.gain.low > 0 && error.gain.low > 0;
  const calibration = significant ? fitWay(matched, () => true, best.trial, options.minExamples) : null;
  return {
    calibration,
    chosen: best.trial,
    trials: tried.map(({ trial }) => trial),
    loss,
    error,
    positionError: compare((detections) => calibrationError(detections, { positions: true })),
    reliability: {
      before: reliability(matched.scores, matched.truePositives),
      after: reliability(best.after.scores, best.after.truePositives),
    },
    significant,
    folds,
    own: Object.keys(calibration?.labels ?? {}),
  };
}

interface Tried {
  trial: CalibrationTrial;
  /** With scores calibrated by curves from the other folds. */
  after: MatchedDetections;
}

/**
 * The trial with the best likelihood. Curves per label have many more parameters and are chosen only if their gain over a
 * shared curve is significant.
 */
function bestOf(tried: readonly Tried[], images: number, seed: number): Tried {
  const of = (scope: CalibrationTrial['scope']): Tried | undefined =>
    tried.filter(({ trial }) => trial.scope === scope).sort((a, b) => a.trial.loss - b.trial.loss)[0];
  const [shared, label] = [of('shared'), of('label')];
  if (shared === undefined || label === undefined) return (shared ?? label)!;
  const [before, after] = [shared, label].map((each) => negativeLogLikelihood(each.after));
  const { gain } = compareByBootstrap(before!, after!, { images, seed, better: 'less' });
  return gain.low > 0 ? label : shared;
}

/** Scores calibrated by curves from the other folds. */
function heldOutScores(
  matched: MatchedDetections,
  parts: Uint8Array,
  folds: number,
  way: Pick<CalibrationTrial, 'kind' | 'scope'>,
  minExamples: number,
): Float64Array {
  const fits = Array.from({ length: folds }, (_, fold) =>
    fitWay(matched, (image) => parts[image] !== fold, way, minExamples),
  );
  return matched.scores.map((score, i) => {
    const curve = labelCurve(fits[parts[matched.imageIds[i]!]!]!, matched.labels[matched.classIds[i]!]!);
    return curve === null ? score : calibrated(curve, score);
  });
}

/** Fits a way to the detections of some images. */
function fitWay(
  { scores, truePositives, imageIds, classIds, labels }: MatchedDetections,
  takes: (image: number) => boolean,
  { kind, scope }: Pick<CalibrationTrial, 'kind' | 'scope'>,
  minExamples: number,
): ScoreCalibration {
  const taken = [...scores.keys()].filter((i) => takes(imageIds[i]!));
  const curveFor = (rows: readonly number[]) => {
    const outcomes = rows.map((i) => truePositives[i]!);
    return fitCalibration(
      kind,
      rows.map((i) => scores[i]!),
      outcomes,
    );
  };
  const shared = curveFor(taken);
  const fitted: ScoreCalibration = shared === null ? {} : { shared };
  if (scope === 'shared') return fitted;
  const rowsOf: number[][] = labels.map(() => []);
  for (const i of taken) rowsOf[classIds[i]!]!.push(i);
  const curves = rowsOf.flatMap((rows, classId) => {
    const count = rows.filter((i) => truePositives[i] === 1).length;
    const curve = Math.min(count, rows.length - count) < minExamples ? null : curveFor(rows);
    return curve === null ? [] : [[labels[classId]!, curve] as const];
  });
  return { ...fitted, labels: Object.fromEntries(curves) };
}

function requireBothKinds({ truePositives }: MatchedDetections): void {
  const count = truePositives.reduce((sum, each) => sum + each, 0);
  if (count > 0 && count < truePositives.length) return;
  const only = count === 0 ? 'only false positives' : 'only true positives';
  const received = truePositives.length === 0 ? 'no detections' : only;
  const mend = 'Record the run with a lower score threshold.';
  throw complain('E_ARGUMENT', { where: 'calibrate', expected: 'true and false positives', received, mend });
}
