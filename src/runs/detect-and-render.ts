import type { RecordingDetector, WrittenResult } from '../detector.js';
import { SigboxError } from '../errors.js';
import { resultLabels } from '../labels/label-map.js';
import type { DetectionResult } from '../types/detections.js';
import { asTheyFinish } from './as-they-finish.js';
import { resultReader } from './detect-image.js';
import type { Discovery, InputImage } from './inputs/discover.js';
import type { RunSettings } from './options.js';
import { Rendering } from './outputs/rendering.js';
import type { OpenRun } from './record/open-run.js';
import { readRun } from './record/read-run.js';
import type { FileState, RecordedResult } from './record/record.js';
import type { RunHeader } from './record/run-header.js';
import { openRunImages, type RunImages, type SeenImage } from './run-images.js';

/** What became of one image. */
export interface ImageOutcome {
  /** Path below the folder that all inputs share, with forward slashes. */
  image: string;
  /** Over the run's score thresholds; null where the image failed. */
  result: DetectionResult | null;
  /** Why the image failed or, where there is a result, why its picture or crops are missing. */
  error: SigboxError | null;
  /** false: it was recorded before, and its picture or crops were still missing */
  isNew: boolean;
}

export interface RunParts {
  run: OpenRun;
  header: RunHeader;
  found: Discovery;
  settings: RunSettings;
}

/** Drawing runs on the threads of libvips, beside the workers: two keep them busy while one picture is written. */
const RENDERED_AT_ONCE = 2;

/**
 * Does what is left of a run: first pictures and crops that are missing of what is recorded, then the images that have no
 * record. An image is recorded when its picture and crops are whole, so that whoever goes on need not look for half ones.
 *
 * @throws SigboxError E_IO  a file can't be written
 */
export async function* detectAndRender(detector: RecordingDetector, parts: RunParts): AsyncGenerator<ImageOutcome> {
  const { run, header, settings, found } = parts;
  const { rendering, recorded, thresholds, signal, hash } = settings;
  const images = await openRunImages({ root: found.root, hash }, detector);
  const resultOf = resultReader({ ...header, thresholds });
  const labels = resultLabels(header.spec.labels, header.spec.parents);
  const rendered = new Rendering(run.files, run.images, labels, { ...rendering, ...recorded });
  const renders = rendering.pictures || rendering.crops;
  if (renders) yield* renderMissing(rendered, images, parts);
  const detect = (image: InputImage) => images.detect({ file: null, ...image });
  const detected = asTheyFinish(
    untilStopped(run.todo, signal),
    detect,
    images.ahead * Math.max(1, detector.workers) + 1,
  );
  const finish = async ({ image, file, outcome, picture }: SeenImage) => {
    if (outcome instanceof SigboxError) return { image, file, outcome, error: outcome };
    const result = resultOf(image.name, outcome);
    return { image, file, outcome, result, error: renders ? await rendered.write(picture, result) : null };
  };
  for await (const { image, file, outcome, result = null, error } of asTheyFinish(
    detected,
    finish,
    renders ? RENDERED_AT_ONCE : 1,
  )) {
    await record(run, image.name, outcome, file);
    yield { image: image.name, result, error, isNew: true };
  }
}

async function* renderMissing(
  rendered: Rendering,
  images: RunImages,
  { settings, found }: RunParts,
): AsyncGenerator<ImageOutcome> {
  const { out, thresholds, signal } = settings;
  const paths = new Map(found.images.map(({ name, path }) => [name, path]));
  const written = await readRun(out, 'trust');
  async function* missing() {
    for await (const result of written.results(thresholds)) {
      if (signal?.aborted) return;
      if (await rendered.lacks(result)) yield result;
    }
  }
  const draw = async ({ file: _, ...result }: RecordedResult) => {
    const { image: name } = result;
    const path = paths.get(name);
    const error = await images.picture({ name, ...(path !== undefined && { path }) }).then(
      (picture) => rendered.write(picture, result),
      (cause) => unreadable(cause),
    );
    return { image: name, result, error, isNew: false };
  };
  yield* asTheyFinish(missing(), draw, RENDERED_AT_ONCE);
}

/** An object that can't be read has no picture, as a file that can't. */
function unreadable(error: unknown): SigboxError {
  if (error instanceof SigboxError) return error;
  throw error;
}

function* untilStopped<T>(images: readonly T[], stop: AbortSignal | undefined): Generator<T> {
  for (const image of images) {
    if (stop?.aborted) return;
    yield image;
  }
}

async function record(
  { journal }: OpenRun,
  image: string,
  outcome: WrittenResult | SigboxError,
  file: FileState | null,
): Promise<void> {
  if (!(outcome instanceof SigboxError)) return journal.addResult({ ...outcome, image, file: file! });
  const { code, message } = outcome;
  return journal.addFailure({ image, error: { code, message }, file });
}
