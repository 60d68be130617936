import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { complain } from '../errors.js';
import { writeWhole } from '../files/write-whole.js';
import { orFirstError } from '../flow/first-error.js';
import type { FormatName, LabelsAs } from '../formats/format.js';
import { planOf } from '../options/plan.js';
import type { PostprocessOptions } from '../postprocess/options/postprocess-options.js';
import { detectionsJson } from '../text/detections-json.js';
import type { LabelMap } from '../types/model.js';
import type { DetectPlan } from '../types/plan.js';
import { RECORD_FILE } from '../types/record-file.js';
import type { RuleMode } from '../types/rules.js';
import { DEFAULT_EXPORTS } from './options.js';
import { finishRun } from './outputs/finish-run.js';
import type { RunSummary } from './outputs/summary.js';
import { postprocessedHeader, postprocessedImages, requireCandidates } from './postprocessed-images.js';
import { blocksOf, CANDIDATES_FILE, CandidatesFile } from './record/candidates-file.js';
import { joinedModels } from './record/joined-models.js';
import { Journal } from './record/journal.js';
import { openFolder } from './record/open-run.js';
import { type Run, readRun } from './record/read-run.js';
import { FAILURES_FILE, failureLine, writtenLine } from './record/record.js';
import { HEADER_FILE, headerText } from './record/run-header.js';

export interface PostprocessRunOptions extends PostprocessOptions {
  /** Folder for the new run; made if missing. */
  out: string;
  /** Label map for the run's labels, as `map` of a detector. Default: labels are unchanged */
  map?: string | URL | LabelMap;
  /** What becomes of regions that violate label rules. Default: as the run says, or 'repair' */
  rules?: RuleMode;
  /** Remove the run that the folder contains. Default: refuse */
  restart?: boolean;
  /** Default ['coco', 'coco-results', 'csv'] */
  formats?: readonly FormatName[];
  /** YOLO: the score as a sixth number of each line. Default false */
  confidence?: boolean;
  /** CVAT: further labels of a region as boxes of their own, or as attributes of its one box. Default 'rows' */
  labelsAs?: LabelsAs;
  /** Path of a COCO dataset with numbers of images and categories. */
  imageIds?: string;
}

/**
 * Post-processes a run that recorded its candidates again, without the model, and writes what `annotate` with these options
 * would have written, but for pictures and crops: `annotate --out` on the new folder draws those.
 *
 * @param folder  of the run; not changed
 * @param options  in place of the run's own; those that are not given stay as the run has them, unless a `preset` is given
 * @throws SigboxError E_ARGUMENT  an option that can't be right; candidates that the result depends on were not recorded; a
 *   run without candidates. E_IO  a folder that is no run's, can't be read or written, or `out` contains a run.
 */
export function postprocessRun(folder: string, options: PostprocessRunOptions): Promise<RunSummary> {
  return orFirstError(postprocessRecorded(folder, options));
}

async function postprocessRecorded(folder: string, options: PostprocessRunOptions): Promise<RunSummary> {
  const {
    out,
    map,
    rules,
    restart = false,
    formats = DEFAULT_EXPORTS.formats,
    confidence = DEFAULT_EXPORTS.confidence,
    labelsAs = DEFAULT_EXPORTS.labelsAs,
    imageIds,
    ...given
  } = options;
  await requireApart(folder, out);
  const run = await readRun(folder);
  requireCandidates(run);
  const header = await postprocessedHeader(run.header, given, { map, rules });
  const exports = { formats, confidence, labelsAs, imageIds };
  await using opened = await openFolder(out, { restart, formats });
  await writeWhole(join(out, RECORD_FILE), linesOf(run, planOf(header.spec, header.options, joinedModels(header))));
  const failures: string[] = [];
  for await (const failure of run.failures()) failures.push(failureLine(failure));
  await writeWhole(join(out, FAILURES_FILE), Buffer.from(failures.join('')));
  const journal = await Journal.read(out);
  const recorded = await CandidatesFile.read(folder);
  const results = [...journal.results.images()].sort();
  await writeWhole(join(out, CANDIDATES_FILE), blocksOf(results.map((image) => recorded.placeOf(image))));
  const images = [...results, ...journal.failures.keys()].sort();
  const notBegun = Math.max(0, (run.header.state?.images ?? images.length) - images.length);
  const state = { images: images.length + notBegun, complete: notBegun === 0 };
  await writeWhole(join(out, HEADER_FILE), [headerText({ ...header, exports: [...formats], state })]);
  const told = { done: images.length, seconds: 0, otherFiles: 0, notBegun };
  return await finishRun(opened.files, { journal, images, exports, failures: [], told });
}

async function requireApart(folder: string, out: string): Promise<void> {
  const [here, there] = await Promise.all([folder, out].map((path) => realpath(path).catch(() => resolve(path))));
  if (here !== there) return;
  const expected = 'options.out to be another folder than the run that is post-processed again';
  throw complain('E_ARGUMENT', { where: 'postprocessRun', expected, received: out });
}

/** The lines of unfiltered.jsonl, as `annotate` writes them. */
async function* linesOf(run: Run, plan: DetectPlan): AsyncGenerator<string> {
  for await (const { result, found } of postprocessedImages(run, plan)) {
    const { image, file, damage } = result;
    const { width, height, detections, notes } = found;
    yield writtenLine({
      ...{ image, width, height, detections: detectionsJson(detections) },
      ...(notes !== undefined && { notes }),
      ...(damage !== undefined && { damage }),
      file,
    });
  }
}
