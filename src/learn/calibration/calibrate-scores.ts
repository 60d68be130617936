import { complain } from '../../errors.js';
import { type ReliabilityBin, reliability } from '../../evaluate/metrics/reliability.js';
import { calibrated } from '../../postprocess/options/calibration.js';
import type { ScoreCalibration } from '../../types/options.js';
import { type Comparison, compareByBootstrap, type Measure } from '../statistics/bootstrap.js';
import type { Judged } from '../statistics/judged.js';
import { drawFolds } from '../statistics/random.js';
import { calibrationError, negativeLogLikelihood, type ScoredDetections } from './calibration-error.js';
import { curveOf } from './curve-of.js';
import { type CalibrationKind, fitCalibration } from './fit-calibration.js';

export interface CalibrateScoresOptions {
  kinds: readonly CalibrationKind[];
  scopes: readonly ('shared' | 'label')[];
  folds: number;
  seed: number;
  /** A label with fewer right or fewer wrong detections has the shared curve. */
  fewest: number;
}

/** One way to calibrate. */
export interface CalibrationTrial {
  kind: CalibrationKind;
  scope: 'shared' | 'label';
  /** Mean −log likelihood of hits and misses on folds that the curve was not fitted to. */
  loss: number;
  /** D-ECE there. */
  error: number;
}

export interface CalibratedScores {
  /** Null: scores stay as they are, for no kind is better without doubt. */
  calibration: ScoreCalibration | null;
  chosen: CalibrationTrial;
  trials: CalibrationTrial[];
  /** Mean −log likelihood. */
  loss: Comparison;
  /** D-ECE over bins of the score. */
  error: Comparison;
  /** D-ECE over bins of score, position and size. */
  positionError: Comparison;
  /** Of the scores as they are, and after calibration. */
  reliability: { before: ReliabilityBin[]; after: ReliabilityBin[] };
  /** Whether the intervals of both gains, in likelihood and in D-ECE, lie above 0. */
  significant: boolean;
  folds: number;
  /** Labels that have a curve of their own. */
  own: string[];
}

/**
 * Chooses how to calibrate scores, by their likelihood on held-out folds, and fits it to all images.
 *
 * @param judged  two images or more
 * @throws SigboxError E_ARGUMENT  no detections of both kinds, right and wrong
 */
export function calibrateScores(judged: Judged, options: CalibrateScoresOptions): CalibratedScores {
  requireBothKinds(judged);
  const { kinds, scopes, seed } = options;
  const folds = Math.min(options.folds, judged.images);
  const parts = drawFolds(judged.images, { folds, seed });
  const ways = scopes.flatMap((scope) => kinds.map((kind) => ({ kind, scope })));
  const once = new Uint32Array(judged.images).fill(1);
  const tried = ways.map((way) => {
    const after = { ...judged, scores: heldOutScores(judged, parts, folds, way, options.fewest) };
    return { after, trial: { ...way, loss: negativeLogLikelihood(after)(once), error: calibrationError(after)(once) } };
  });
  const best = bestOf(tried, judged.images, seed);
  const compare = (measure: (detections: ScoredDetections) => Measure): Comparison =>
    compareByBootstrap(measure(judged), measure(best.after), { images: judged.images, seed, better: 'less' });
  const loss = compare(negativeLogLikelihood);
  const error = compare(calibrationError);
  const significant = loss.gain.low > 0 && error.gain.low > 0;
  const calibration = significant ? fitWay(judged, () => true, best.trial, options.fewest) : null;
  return {
    calibration,
    chosen: best.trial,
    trials: tried.map(({ trial }) => trial),
    loss,
    error,
    positionError: compare((detections) => calibrationError(detections, { positions: true })),
    reliability: {
      before: reliability(judged.scores, judged.hits),
      after: reliability(best.after.scores, best.after.hits),
    },
    significant,
    folds,
    own: Object.keys(calibration?.labels ?? {}),
  };
}

interface Tried {
  trial: CalibrationTrial;
  /** With scores that went through curves from the other folds. */
  after: Judged;
}

/**
 * The most likely one; curves per label only where they are better than shared ones without doubt, for they have many more
 * numbers to be wrong in.
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

/** Scores that went through curves from the other folds. */
function heldOutScores(
  judged: Judged,
  parts: Uint8Array,
  folds: number,
  way: Pick<CalibrationTrial, 'kind' | 'scope'>,
  fewest: number,
): Float64Array {
  const fits = Array.from({ length: folds }, (_, fold) =>
    fitWay(judged, (image) => parts[image] !== fold, way, fewest),
  );
  return judged.scores.map((score, i) => {
    const curve = curveOf(fits[parts[judged.imageIds[i]!]!]!, judged.labels[judged.classIds[i]!]!);
    return curve === null ? score : calibrated(curve, score);
  });
}

/** Fits a way to the detections of some images. */
function fitWay(
  { scores, hits, imageIds, classIds, labels }: Judged,
  takes: (image: number) => boolean,
  { kind, scope }: Pick<CalibrationTrial, 'kind' | 'scope'>,
  fewest: number,
): ScoreCalibration {
  const taken = [...scores.keys()].filter((i) => takes(imageIds[i]!));
  const curveFor = (rows: readonly number[]) => {
    const right = rows.map((i) => hits[i]!);
    return fitCalibration(
      kind,
      rows.map((i) => scores[i]!),
      right,
    );
  };
  const shared = curveFor(taken);
  const fitted: ScoreCalibration = shared === null ? {} : { shared };
  if (scope === 'shared') return fitted;
  const rowsOf: number[][] = labels.map(() => []);
  for (const i of taken) rowsOf[classIds[i]!]!.push(i);
  const curves = rowsOf.flatMap((rows, classId) => {
    const right = rows.filter((i) => hits[i] === 1).length;
    const curve = Math.min(right, rows.length - right) < fewest ? null : curveFor(rows);
    return curve === null ? [] : [[labels[classId]!, curve] as const];
  });
  return { ...fitted, labels: Object.fromEntries(curves) };
}

function requireBothKinds({ hits }: Judged): void {
  const right = hits.reduce((sum, hit) => sum + hit, 0);
  if (right > 0 && right < hits.length) return;
  const received = hits.length === 0 ? 'no detections' : right === 0 ? 'only wrong ones' : 'only right ones';
  const mend = 'Record the run from a lower score on.';
  throw complain('E_ARGUMENT', { where: 'calibrate', expected: 'right and wrong detections', received, mend });
}
