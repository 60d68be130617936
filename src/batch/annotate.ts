import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pMapIterable } from 'p-map';
import type { DetectCallOptions, Detector, FailedImage } from '../detector.js';
import { reason, SigboxError } from '../errors.js';
import { writeWhole } from '../files/write-whole.js';
import { cocoDataset, cocoImageIds, cocoResults } from '../formats/coco.js';
import { readJsonLines, toJsonLine } from '../formats/jsonl.js';
import { cocoCategoryIds } from '../labels/coco-ids.js';
import { drawPicture } from '../render/draw-picture.js';
import type { DetectionResult } from '../types.js';
import type { InputImage } from './discover.js';
import { pictureNames } from './picture-names.js';

export interface AnnotateOptions extends Omit<DetectCallOptions, 'signal'> {
  /** Folder for everything that is written; made if missing. */
  out: string;
  /** Also draw every picture. */
  pictures: boolean;
  /** On abort no further image is begun; those in flight are finished and every file is written. */
  stop?: AbortSignal;
  /** Called after each image, in order. */
  onImage?: (outcome: ImageOutcome) => void;
}

/** What became of one image: its result, and the reason where it, or its picture, failed. */
export interface ImageOutcome {
  name: string;
  result: DetectionResult | null;
  failure: SigboxError | null;
}

/**
 * Detects on many images and writes `results.jsonl` (as images finish, in the order given), `coco.json` (COCO dataset
 * form, with scores), `coco-results.json` (COCO results form) and, if asked for, `pictures/`.
 *
 * An image that fails is reported to `onImage` and stands in none of the files.
 *
 * @param images  names are to be different
 * @throws SigboxError E_IO  a result file can't be written; what was written before stays
 */
export async function annotate(detector: Detector, images: readonly InputImage[], options: AnnotateOptions) {
  const { out, pictures, stop, onImage, ...detect } = options;
  const record = join(out, 'results.jsonl');
  const file = await begin(out, record);
  try {
    const settled = detector.detectAll(untilStopped(images, stop), { ...detect, errors: 'yield' });
    const names = pictureNames(pictures ? images.map(({ name }) => name) : []);
    const finish = (given: DetectionResult | FailedImage, i: number) => finishImage(given, images[i]!, names, options);
    for await (const outcome of pMapIterable(settled, finish, { concurrency: PICTURES_AT_ONCE })) {
      if (outcome.result !== null) await file.write(toJsonLine(outcome.result)).catch(rethrowUnwritable(record));
      onImage?.(outcome);
    }
  } finally {
    await file.close();
  }
  const ids = cocoImageIds(images.map(({ name }) => name));
  const { labels } = detector.spec;
  const coco = { labels, categoryIds: cocoCategoryIds(labels), imageId: (image: string) => ids.get(image)! };
  const results = () => readJsonLines(record);
  await writeWhole(join(out, COCO_DATASET), cocoDataset(results, coco));
  await writeWhole(join(out, COCO_RESULTS), cocoResults(results, coco));
}

const COCO_DATASET = 'coco.json';
const COCO_RESULTS = 'coco-results.json';
/** Drawing runs on the threads of libvips, beside the workers: two keep them busy while one picture is written. */
const PICTURES_AT_ONCE = 2;

/** Opens the record anew, and takes away files of an earlier run that would not belong to it. */
async function begin(out: string, record: string) {
  try {
    await mkdir(out, { recursive: true });
    for (const stale of [COCO_DATASET, COCO_RESULTS]) await rm(join(out, stale), { force: true });
    return await open(record, 'w');
  } catch (cause) {
    throw new SigboxError('E_IO', `annotate: ${out} cannot be written to: ${reason(cause)}.`, { cause });
  }
}

function* untilStopped(images: readonly InputImage[], stop: AbortSignal | undefined): Generator<string> {
  for (const { path } of images) {
    if (stop?.aborted) return;
    yield path;
  }
}

async function finishImage(
  given: DetectionResult | FailedImage,
  { path, name }: InputImage,
  pictures: ReadonlyMap<string, string>,
  { out, background, lenient }: AnnotateOptions,
): Promise<ImageOutcome> {
  if ('error' in given) return { name, result: null, failure: given.error };
  const result = { ...given, image: name };
  const picture = pictures.get(name);
  if (picture === undefined) return { name, result, failure: null };
  try {
    await writeWhole(
      join(out, 'pictures', picture),
      await drawPicture(path, result, { file: picture, background, lenient }),
    );
    return { name, result, failure: null };
  } catch (error) {
    if (!(error instanceof SigboxError)) throw error;
    return {
      name,
      result,
      failure: new SigboxError(error.code, `${path}: no picture: ${error.message}`, { cause: error }),
    };
  }
}

function rethrowUnwritable(file: string) {
  return (cause: unknown): never => {
    throw new SigboxError('E_IO', `${file}: cannot be written: ${reason(cause)}.`, { cause });
  };
}
