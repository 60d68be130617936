import type { Calibration } from '../../types/options.js';
import type { Candidates } from '../../types/plan.js';
import { calibrated, uncalibrated } from '../options/calibration.js';
import { someCandidates } from './some-candidates.js';

/** Score thresholds per class, and the curve that its scores go through before they are compared. */
export interface CalibratedThresholds {
  /** [classes] in calibrated scores; NaN: never */
  scoreThresholds: Float64Array;
  /** [classes] null: the scores stay as they are. All null: no calibration */
  calibrations: readonly (Calibration | null)[];
  /** Only the best label of a row. */
  single: boolean;
}

/** What a head is to select so that `calibrateCandidates` misses nothing. */
export interface RawSelection {
  /** [classes] in the model's own scores; NaN: never */
  scoreThresholds: Float64Array;
  single: boolean;
}

/** More than a rounding of float32: a score that one could have kept out is let in, and looked at again when calibrated. */
const MARGIN = 1e-6;

function lowered(threshold: number): number {
  return Math.max(threshold * (1 - MARGIN) - MARGIN ** 2, 0);
}

/**
 * Thresholds for a model's own scores: those in calibrated scores, taken back through the curves, so that scans compare
 * raw numbers and only candidates are calibrated.
 *
 * The best label of a row is the best after calibration. Where curves differ from class to class, every label that could
 * be it is selected, from the lowest threshold on.
 */
export function rawSelection(plan: CalibratedThresholds, labelled: Uint16Array): RawSelection {
  const { scoreThresholds, calibrations, single } = plan;
  const raw = (threshold: number, classId: number): number => {
    const curve = calibrations[classId] ?? null;
    return curve === null ? threshold : lowered(uncalibrated(curve, lowered(threshold)));
  };
  if (!single || haveOneCurve(calibrations, labelled)) return { scoreThresholds: scoreThresholds.map(raw), single };
  const lowest = scoreThresholds.reduce((least, each) => (each < least ? each : least), Number.POSITIVE_INFINITY);
  const rivals = new Float64Array(scoreThresholds.length).fill(Number.NaN); // [classes]
  if (lowest <= 1) for (const classId of labelled) rivals[classId] = raw(lowest, classId);
  return { scoreThresholds: rivals, single: false };
}

/**
 * Candidates with calibrated scores: those that reach their class's threshold.
 *
 * @param candidates  what a head selected with `rawSelection`; all of them, unless all classes have one curve. Not changed.
 * @param places      with `single`: [n] candidates with the same number are rivals for one place; ascending or not
 */
export function calibrateCandidates(
  candidates: Candidates,
  { scoreThresholds, calibrations, single }: CalibratedThresholds,
  places: ArrayLike<number> = candidates.rows,
): Candidates {
  const { classIds } = candidates;
  const scores = candidates.scores.map((score, i) => {
    const curve = calibrations[classIds[i]!] ?? null;
    return curve === null ? score : calibrated(curve, score);
  });
  const best = single ? bestOfEachPlace(scores, places) : null;
  const stays = (i: number) => scores[i]! >= scoreThresholds[classIds[i]!]! && (best === null || best.has(i));
  const kept = Uint32Array.from(scores.keys()).filter(stays);
  const after = { ...candidates, scores };
  const curve = calibrations[classIds[0] ?? 0] ?? null;
  if (candidates.floor !== undefined && curve !== null) after.floor = Math.fround(calibrated(curve, candidates.floor));
  return kept.length === scores.length ? after : someCandidates(after, kept);
}

/** Equal scores: the earlier one. */
function bestOfEachPlace(scores: Float32Array, places: ArrayLike<number>): Set<number> {
  const best = new Map<number, number>();
  for (let i = 0; i < scores.length; i++) {
    const rival = best.get(places[i]!);
    if (rival === undefined || scores[i]! > scores[rival]!) best.set(places[i]!, i);
  }
  return new Set(best.values());
}

/** Whether the scores of some classes all go through the same curve, or all through none. */
export function haveOneCurve(calibrations: readonly (Calibration | null)[], classIds: Uint16Array): boolean {
  return classIds.every((classId) => calibrations[classId] === calibrations[classIds[0]!]);
}
