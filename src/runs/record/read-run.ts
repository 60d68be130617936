import { join } from 'node:path';
import { complain, reason, SigboxError } from '../../errors.js';
import { readLines } from '../../files/lines.js';
import type { ModelSpec } from '../../identify/spec/model-spec.js';
import { resultLabels } from '../../labels/label-map.js';
import { planOf } from '../../options.js';
import { calibrated, uncalibrated } from '../../postprocess/options/calibration.js';
import { addParents } from '../../postprocess/regions/parents.js';
import type { Detection } from '../../types/detections.js';
import type { DetectOptions } from '../../types/options.js';
import type { DetectPlan } from '../../types/plan.js';
import {
  FAILURES_FILE,
  parseFailure,
  parseResult,
  RESULTS_FILE,
  type RecordedFailure,
  type RecordedResult,
} from './record.js';
import { HEADER_FILE, type RunHeader, readHeader, type ScoreThresholds } from './run-header.js';

/** Thresholds that a record is read with, and curves that its scores go through first. */
export type ReadingThresholds = ScoreThresholds & Pick<DetectOptions, 'calibration'>;

/** A run as it lies in its folder. */
export interface Run {
  folder: string;
  header: RunHeader;
  /**
   * The results, one at a time; may be gone through any number of times. In the order of their images' names (by UTF-16
   * code unit) once the run is complete, before that as they finished.
   *
   * @param thresholds  scores from which labels count; regions without any label left go. `header.thresholds` are the
   *   run's own. Default: all that was recorded
   * @throws SigboxError E_ARGUMENT  a label that the model does not have, a threshold below the run's floor. E_IO  the
   *   file can't be read, or a line of it is no result; a last line that is cut off is left out.
   */
  results(thresholds?: ReadingThresholds): AsyncGenerator<RecordedResult>;
  /** The images that failed, in the same order. */
  failures(): AsyncGenerator<RecordedFailure>;
}

/**
 * Opens the run in a folder for reading; it may still be going on.
 *
 * @param lines  'refuse': a line that is no record is an error; 'skip': it is passed over; 'trust': this process has
 *   written or checked them all, so that what is below the thresholds is not looked at. Default 'refuse'
 * @throws SigboxError E_IO  there is none, or its header can't be read
 */
export async function readRun(folder: string, lines: 'refuse' | 'skip' | 'trust' = 'refuse'): Promise<Run> {
  const header = await readHeader(folder);
  if (header === null) {
    const mend = `There is no ${HEADER_FILE} in it.`;
    throw complain('E_IO', { where: 'run', expected: 'the folder of a run', received: folder, mend });
  }
  return {
    folder,
    header,
    results: (thresholds) => results({ folder, header, lines }, thresholds),
    failures: () => records(join(folder, FAILURES_FILE), parseFailure, lines),
  };
}

type Lines = 'refuse' | 'skip' | 'trust';

async function* results(
  { folder, header, lines }: Pick<Run, 'folder' | 'header'> & { lines: Lines },
  thresholds: ReadingThresholds | undefined,
): AsyncGenerator<RecordedResult> {
  const choice = thresholds === undefined ? null : thresholder(header, thresholds);
  const lowest = lines === 'trust' ? choice?.lowest : undefined;
  for await (const result of records(join(folder, RESULTS_FILE), (line) => parseResult(line, lowest), lines)) {
    yield choice === null ? result : { ...result, detections: choice.over(result.detections) };
  }
}

/** Records of a file line by line; none where there is no such file. */
async function* records<T>(file: string, parse: (line: string) => T | null, lines: Lines): AsyncGenerator<T> {
  let line = 0;
  try {
    for await (const { text, ended } of readLines(file)) {
      line++;
      const record = parse(text);
      if (record !== null) yield record;
      else if (ended && lines !== 'skip')
        throw new Error('it is not what a run writes; to go on with the run mends it');
    }
  } catch (cause) {
    if (line === 0 && (cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    if (cause instanceof SigboxError) throw cause;
    const where = line === 0 ? file : `${file}: line ${line}`;
    throw new SigboxError('E_IO', `${where}: cannot be read: ${reason(cause)}.`, { cause });
  }
}

/** Takes from recorded detections what reaches score thresholds. */
export interface Thresholder {
  /** Labels that stand above others are made anew of those that stay. */
  over(detections: readonly Detection[]): Detection[];
  /** Regions that were recorded with a lower score than this have no part in it. */
  lowest: number;
}

/**
 * @throws SigboxError E_ARGUMENT  a label that the model does not have, a threshold below the run's floor
 */
export function thresholder(
  { spec, options }: Pick<RunHeader, 'spec' | 'options'>,
  thresholds: ReadingThresholds,
): Thresholder {
  const { include, exclude } = options;
  const plan = planOf(spec, { ...thresholds, exclude, ...(include === undefined ? {} : { include }) });
  requireAbove(options.scoreThreshold, thresholds, plan);
  requireOwnScores(options, thresholds);
  const parents = plan.parents.filter(({ classId }) => classId >= spec.labels.length);
  const above = parentThresholds(spec, thresholds, plan.hidden.length > 0);
  const lowest = Float64Array.from([...plan.scoreThresholds, ...above]);
  return {
    over(detections) {
      const kept = overThresholds(calibratedRegions(detections, plan.calibrations), lowest);
      return plan.hidden.length > 0 ? kept : addParents(kept, { ...plan, parents });
    },
    lowest: calibrates(plan) ? Number.NEGATIVE_INFINITY : Math.min(...lowest.filter((score) => !Number.isNaN(score))),
  };
}

function calibrates({ calibrations }: DetectPlan): boolean {
  return calibrations.some((curve) => curve !== null);
}

/**
 * Of parents that no class is called by, behind those of the classes. They are made anew of the labels below them that stay,
 * except where those were not recorded.
 */
function parentThresholds({ labels, parents }: ModelSpec, thresholds: ScoreThresholds, areAlone: boolean): number[] {
  const { scoreThreshold, labelThresholds } = thresholds;
  const names = resultLabels(labels, parents).slice(labels.length) as string[];
  return names.map((label) => (areAlone ? (labelThresholds[label] ?? scoreThreshold) : Number.NaN));
}

/** Thresholds of calibrated scores are taken back to those that were recorded. */
function requireAbove(floor: number, { scoreThreshold, labelThresholds }: ReadingThresholds, plan: DetectPlan): void {
  const { calibrations, scoreThresholds } = plan;
  const own = (threshold: number, classId: number) => {
    const curve = calibrations[classId] ?? null;
    return curve === null ? threshold : uncalibrated(curve, threshold);
  };
  const asked = calibrates(plan) ? [...scoreThresholds.map(own)] : [scoreThreshold, ...Object.values(labelThresholds)];
  const below = asked.find((threshold) => threshold < floor);
  if (below === undefined) return;
  const mend = 'Nothing lower was recorded: annotate anew with a lower --floor.';
  throw complain('E_ARGUMENT', { where: 'run', expected: `a score threshold from ${floor} on`, received: below, mend });
}

function requireOwnScores({ calibration }: RunHeader['options'], thresholds: ReadingThresholds): void {
  if (thresholds.calibration === undefined || Object.keys(calibration ?? {}).length === 0) return;
  const mend = 'Record it without --thresholds.';
  throw complain('E_ARGUMENT', {
    where: 'run',
    expected: 'the model’s own scores, to calibrate them',
    received: 'calibrated ones',
    mend,
  });
}

/** Labels of classes with calibrated scores, in order; those of parents are made anew later. */
function calibratedRegions(
  detections: readonly Detection[],
  calibrations: DetectPlan['calibrations'],
): readonly Detection[] {
  if (calibrations.every((curve) => curve === null)) return detections;
  const regions = detections.map((detection) => {
    const labels = detection.labels.map((own) => {
      const curve = calibrations[own.classId] ?? null;
      return curve === null ? own : { ...own, score: Math.fround(calibrated(curve, own.score)) };
    });
    labels.sort((a, b) => b.score - a.score);
    return { ...detection, ...labels[0]!, labels };
  });
  return regions.sort((a, b) => b.score - a.score);
}

/**
 * The labels that reach the score thresholds of their classes, and the regions that have any.
 *
 * With one threshold for all labels the outcome is what detection with that threshold gives: suppression, the limit of
 * labels per image and the joining of regions go from the highest score down, and what comes below the threshold changes
 * nothing above it. With thresholds of single labels two things may differ from it: a region keeps the box of its best
 * label even where that one goes, and labels that go count for the limit.
 *
 * @param detections  not changed
 * @param thresholds  [classes]; NaN: never. Scores are compared as float32, which they are by origin.
 */
export function overThresholds(detections: readonly Detection[], thresholds: Float64Array): Detection[] {
  return detections.flatMap((detection) => {
    const labels = detection.labels.filter(({ classId, score }) => Math.fround(score) >= thresholds[classId]!);
    return labels.length === 0 ? [] : [{ ...detection, ...labels[0]!, labels }];
  });
}
