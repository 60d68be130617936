import { resolve } from 'node:path';
import { createRecordingDetector, type Detector } from '../detector.js';
import { complain, type SigboxError } from '../errors.js';
import { withFirstError } from '../flow/first-error.js';
import { checkLabels } from '../formats/export-annotations.js';
import { resultLabels } from '../labels/label-map.js';
import { counted } from '../text/printable.js';
import { describeRun } from './describe-run.js';
import { detectAndRender, type ImageOutcome } from './detect-and-render.js';
import { discoverBucket, isBucket } from './inputs/bucket-inputs.js';
import { type Discovery, discover } from './inputs/discover.js';
import { imageIds } from './inputs/image-ids.js';
import { isInShard } from './inputs/shard.js';
import { type RunSettings, settleAnnotate, withRecordedFloor } from './options.js';
import { writeContactSheets } from './outputs/contact-sheets.js';
import { finishRun } from './outputs/finish-run.js';
import { RENDERED } from './outputs/rendering.js';
import type { Failure, RunSummary } from './outputs/summary.js';
import { openRun } from './record/open-run.js';
import type { AnnotateOptions } from './run-options.js';

/** What happens in a run. */
export type AnnotateEvent =
  /** All is found and loaded. */
  | {
      type: 'start';
      out: string;
      /** Images found. */
      images: number;
      /** Those of them that are still to be done, the others being recorded. */
      todo: number;
      /** Names of images that are other files than they were, that are gone, that failed and are tried again. */
      changed: string[];
      removed: string[];
      retried: string[];
    }
  /** An image is done: recorded and, where wanted, drawn. `result` is over the run's score thresholds. */
  | ({ type: 'image' } & ImageOutcome)
  /** Something to know before trusting the results. */
  | { type: 'warning'; message: string }
  /** Every file is written; `complete`: no image is left to be done. */
  | { type: 'end'; complete: boolean; summary: RunSummary };

/**
 * Detects objects in every image of folders, files and glob patterns, and records the results in a folder: `run.json` says what
 * the run is, `unfiltered.jsonl` has a line for each image, from the floor on, and `failures.jsonl` for each that failed.
 * Lines are written as images finish; once the run ends they are in the order of the images' names (by UTF-16 code
 * unit). Annotation files, `summary.txt`, `pictures/` and `crops/` are made from the record, with the labels over the score
 * thresholds.
 *
 * If the folder already contains a run of the same model, options and images, it is resumed. The run proceeds while events
 * are requested; leaving the iteration stops it, and it can be resumed later.
 *
 * @param inputs  folders, image files, glob patterns; or prefixes and objects of one bucket, `s3://bucket/prefix`
 * @throws SigboxError E_ARGUMENT  an option is out of range, or the folder contains another run. E_MODEL  a model that
 *   can't be used. E_IO  no images, or a file that can't be read or written; what is recorded stays.
 */
export function annotate(
  inputs: string | readonly string[],
  options: AnnotateOptions,
): AsyncGenerator<AnnotateEvent, void, undefined> {
  return withFirstError(annotateImages(inputs, options));
}

async function* annotateImages(
  inputs: string | readonly string[],
  options: AnnotateOptions,
): AsyncGenerator<AnnotateEvent> {
  const settings = await withRecordedFloor(settleAnnotate(options));
  const given = typeof inputs === 'string' ? [inputs] : inputs;
  const found = await findImages(given, settings);
  const { imageIds: ids, formats } = settings.exports;
  if (ids !== undefined) await imageIds(namesOf(found), ids); // before the first inference, not after the last
  await using detector = await createRecordingDetector(settings.detector, found.images.length, settings.candidates);
  await checkLabels(labelsOf(detector), formats);
  const header = await describeRun(given, { settings, root: found.root, detector });
  await using run = await openRun(settings.out, header, found, settings);
  const { changed, removed, retried, journal, todo } = run;
  yield { type: 'start', out: settings.out, images: found.images.length, todo: todo.length, changed, removed, retried };
  for (const message of run.warnings) yield { type: 'warning', message };
  const begun = performance.now();
  const failures: Failure[] = found.unreadable.map(({ path, reason }) => ({
    image: path,
    code: 'E_IO',
    message: reason,
  }));
  let [done, warned] = [0, 0];
  for await (const outcome of detectAndRender(detector, { run, header, found, settings })) {
    if (outcome.isNew) done++;
    if (outcome.error !== null && outcome.result !== null) failures.push(asFailure(outcome.image, outcome.error));
    yield { type: 'image', ...outcome };
    for (; warned < detector.warnings.length; warned++) yield { type: 'warning', message: detector.warnings[warned]! };
  }
  const seconds = (performance.now() - begun) / 1000;
  const notBegun = found.images.filter(({ name }) => !journal.results.has(name) && !journal.failures.has(name)).length;
  const summary = await finishRun(run.files, {
    journal,
    images: run.images,
    exports: { ...settings.exports, formats: run.formats },
    failures,
    told: { done, seconds, otherFiles: found.otherFiles, notBegun },
  });
  if (settings.contactSheet) await writeContactSheets(run.files, run.images);
  if (notBegun === 0) await run.complete();
  yield { type: 'end', complete: notBegun === 0, summary };
}

function asFailure(image: string, { code, message }: SigboxError): Failure {
  return { image, code, message };
}

async function findImages(inputs: readonly string[], { out, discover: where, shard }: RunSettings): Promise<Discovery> {
  const skip = [out, ...RENDERED.map((folder) => resolve(out, folder))];
  const found = inputs.some(isBucket)
    ? await discoverBucket(inputs, where)
    : await discover(inputs, { ...where, skip });
  if (found.images.length === 0 && found.unreadable.length === 0) {
    const received = found.otherFiles === 0 ? 'no file at all' : counted(found.otherFiles, 'other file');
    throw complain('E_IO', { where: inputs.join(' ') || 'annotate', expected: 'pictures', received });
  }
  return shard === null ? found : { ...found, images: found.images.filter(({ name }) => isInShard(name, shard)) };
}

function labelsOf({ spec: { labels, parents } }: Detector): string[] {
  return resultLabels(labels, parents).filter((label) => label !== null);
}

function namesOf({ images }: Discovery): string[] {
  return images.map(({ name }) => name);
}
