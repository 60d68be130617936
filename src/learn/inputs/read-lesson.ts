import { basename } from 'node:path';
import { complain } from '../../errors.js';
import type { ResultsInput } from '../../evaluate/inputs.js';
import { exists } from '../../files/read-file.js';
import { datasetOfResults } from '../../formats/annotations.js';
import { type ReadDatasetOptions, readDataset } from '../../formats/read-dataset.js';
import type { LabelMapGiven } from '../../identify/sidecars/label-map.js';
import { recallRun } from '../../runs/postprocessed-images.js';
import { readRun } from '../../runs/record/read-run.js';
import type { RunHeader } from '../../runs/record/run-header.js';
import type { Dataset, Remark } from '../../types/annotations.js';
import type { DetectionResult } from '../../types/detections.js';
import type { ParentLabel } from '../../types/model.js';
import type { LabelRule } from '../../types/rules.js';
import type { SuppressionSetting } from '../thresholds/suppress-again.js';
import { readThresholdsFile, type ThresholdsFile } from '../thresholds/thresholds-file.js';
import type { PostprocessAgain } from '../thresholds/tune-options.js';
import { mapDatasets } from './map-datasets.js';

/** Labelled images, the results of a run on them, and an earlier thresholds file. */
export interface Lesson {
  groundTruth: Dataset;
  results: ResultsInput;
  /** The lowest score that was recorded. */
  floor: number;
  recorded: SuppressionSetting;
  /** The run's label rules, and one for each label below a parent. */
  rules: LabelRule[];
  /** Of a run with candidates: post-processes it again. */
  again?: PostprocessAgain;
  /** What stands in the file that is to be written. */
  file: ThresholdsFile | undefined;
  /** For whoever reads the file that is written. */
  about: Record<string, unknown>;
  /** What was skipped or assumed when the ground truth was read. */
  remarks: Remark[];
}

/** Where a lesson comes from. */
export interface LessonFiles {
  groundTruth: string;
  /** Folder of a run. */
  run: string;
  /** Path of the thresholds file. */
  out: string;
  /** How the ground truth is read. */
  reading?: ReadDatasetOptions | undefined;
  /** The label map that the file is to be used with. */
  map?: LabelMapGiven | undefined;
  /** Reads the run's candidates, where it has some. Default false */
  recalls?: boolean;
}

/**
 * Reads ground truth, run and file.
 *
 * @throws SigboxError E_IO, E_ARGUMENT  one of them can't be read, the run was recorded with calibrated scores, or the file is
 *   for another model
 */
export async function readLesson({
  groundTruth,
  run: folder,
  out,
  reading,
  map,
  recalls = false,
}: LessonFiles): Promise<Lesson> {
  const run = await readRun(folder);
  const { model, options } = run.header;
  if (options.calibration !== undefined && Object.keys(options.calibration).length > 0) {
    const mend = 'Record it without --thresholds.';
    throw complain('E_ARGUMENT', {
      where: folder,
      expected: 'a run with the model’s own scores',
      received: 'calibrated ones',
      mend,
    });
  }
  const results: DetectionResult[] = [];
  for await (const result of run.results('unfiltered')) results.push(result);
  const given = await readDataset(groundTruth, { ...reading, role: 'ground-truth' });
  const file = (await exists(out)) ? await readThresholdsFile(out) : undefined;
  if (file !== undefined) requireSameModel(out, file, model);
  return {
    ...(map === undefined ? { groundTruth: given, results } : await underMap(map, given, results)),
    floor: options.scoreThreshold,
    rules: [...(run.header.spec.rules?.rules ?? []), ...(run.header.spec.parents ?? []).flatMap(asRules)],
    recorded: {
      suppression: options.suppression ?? 'nms',
      iouThreshold: options.iouThreshold ?? 0.5,
      ...(options.measure && { measure: options.measure }),
      ...(options.scope && { scope: options.scope }),
    },
    ...(recalls && run.header.candidates !== undefined && map === undefined && { again: await recallRun(run) }),
    file,
    remarks: given.remarks ?? [],
    about: {
      model: basename(model.file),
      sha256: model.sha256,
      groundTruth: basename(groundTruth),
      ...(map !== undefined && { map: nameOfMap(map) }),
    },
  };
}

/** A region with a label below a parent has the parent as well. */
function asRules({ label, below }: ParentLabel): LabelRule[] {
  return below
    .filter((each) => each !== label)
    .map((each) => ({ rule: `${each} implies ${label}`, when: [each], anyOf: [label] }));
}

function nameOfMap(map: LabelMapGiven): string {
  return typeof map === 'string' || map instanceof URL ? String(map) : 'given';
}

/** Parts of one file are used together. */
function requireSameModel(out: string, { made }: ThresholdsFile, model: RunHeader['model']): void {
  const other = made.find(({ sha256 }) => sha256 !== undefined && sha256 !== model.sha256);
  if (other === undefined) return;
  const mend = 'Name another file with --out, or remove this one.';
  const received = `${basename(model.file)}, SHA-256 ${model.sha256.slice(0, 12)}`;
  const expected = `a run of the model that the file is for, ${other.model}, SHA-256 ${String(other.sha256).slice(0, 12)}`;
  throw complain('E_ARGUMENT', { where: out, expected, received, mend });
}

/** Parents learn nothing: they hold wherever a label below them does, with its score. */
async function underMap(map: LabelMapGiven, groundTruth: Dataset, results: readonly DetectionResult[]) {
  const mapped = await mapDatasets(map, groundTruth, datasetOfResults(results), { parents: false });
  return { groundTruth: mapped.groundTruth, results: mapped.results! };
}
