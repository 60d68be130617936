import { numbered, openEngine } from './detector/engine.js';
import { OpenDetector } from './detector/open-detector.js';
import { openModels, type UsedModel } from './detector/open-models.js';
import type { SigboxError } from './errors.js';
import type { ModelSpec } from './identify/spec/model-spec.js';
import type { ImageInput } from './image/source.js';
import { resultLabels } from './labels/label-map.js';
import type { ModelOrigin } from './model/hub/local-model.js';
import type { DetectCallOptions, DetectOptions, ExplainCallOptions } from './options/detect-options.js';
import { checkDetectorOptions, DEFAULT_TIMEOUT, type DetectorOptions, detectPart } from './options/detector-options.js';
import { planOf } from './options/plan.js';
import { candidateRecording } from './postprocess/candidates/record-candidates.js';
import type { DetectionResult, WrittenOutcome } from './types/detections.js';
import type { Explanation } from './types/explanations.js';
import type { DetectPlan } from './types/plan.js';
import { workerCount } from './workers/worker-count.js';

/** In `detectAll` with `errors: 'yield'`: an image that gave no result. */
export interface FailedImage {
  image: string | null;
  error: SigboxError;
}

export type ImageInputs = Iterable<ImageInput> | AsyncIterable<ImageInput>;

/** A loaded model. Made by `createDetector`; to be closed, by hand or by `await using`. */
export interface Detector extends AsyncDisposable {
  /** Path of the ONNX file. */
  readonly file: string;
  /** Where a model that was named came from; null: from a path. */
  readonly origin: ModelOrigin | null;
  /** Of several models: that of the first, with the labels of all. */
  readonly spec: ModelSpec;
  /** The models that look at each image; `file` and `origin` are those of the first. */
  readonly models: readonly UsedModel[];
  /** Most worker processes; 0: detection runs in this process. */
  readonly workers: number;
  /** The labels that results can have, each once: those that `include`, `exclude` and thresholds may name. */
  readonly labels: readonly string[];
  /** What to know before trusting the results: classes without names, scores that are all 0. The first images may add some. */
  readonly warnings: readonly string[];
  /**
   * Finds the regions of one image. Options given here win over the detector's own, each by itself.
   *
   * @param image  bytes and pixels are not changed, nor copied: they must stay as they are until the promise settles
   * @throws SigboxError E_ARGUMENT, E_IO, E_IMAGE, E_MODEL, E_WORKER; nothing else is harmed.
   *   E_BUSY  `maxQueue` images are in flight already. The signal's reason.
   */
  detect(image: ImageInput, options?: DetectCallOptions): Promise<DetectionResult>;
  /**
   * Finds the regions of one image, and says why: the scores of all classes at each region, the threshold that each met or
   * missed, what suppressed what and by how much, and what label rules changed; and the places that nearly became regions.
   *
   * @param options  as for `detect`; `at`: only what is at this place
   * @throws SigboxError as `detect`; E_ARGUMENT with tiles, as an object may be seen in several
   */
  explain(image: ImageInput, options?: ExplainCallOptions): Promise<Explanation>;
  /**
   * Finds the regions of many images, in parallel, and gives the results in the images' order, each as soon as it and
   * those before it are there. Runs ahead of the reader by two images per worker at most. An image that fails throws its
   * error when its turn comes, which ends the iteration; with `errors: 'yield'` it gives `{image, error}` and the
   * iteration goes on.
   *
   * @param images  bytes and pixels of each must stay as they are until its result is there, as for `detect`
   * @throws SigboxError as `detect`; E_ARGUMENT for options, and for what gives no images, before the first. What `images`
   *   throws, after the results of the images that it gave. The signal's reason, as soon as it aborts.
   */
  detectAll(images: ImageInputs, options?: DetectCallOptions & { errors?: 'throw' }): AsyncGenerator<DetectionResult>;
  detectAll(
    images: ImageInputs,
    options: DetectCallOptions & { errors: 'yield' },
  ): AsyncGenerator<DetectionResult | FailedImage>;
  /** Waits for what is in flight, then ends the workers. May be called again. */
  close(): Promise<void>;
}

/** A result with its detections as JSON, as a record of many images holds them. */
export type WrittenResult = Omit<WrittenOutcome, 'warnings'> & Pick<DetectionResult, 'image'>;

/** A detector for records of many images. */
export interface RecordingDetector extends Detector {
  /** As `detect` with the detector's own options; what it finds is written down by the worker that finds it. */
  detectWritten(image: ImageInput): Promise<WrittenResult>;
}

/**
 * Loads a model and everything around it.
 *
 * @param options.model    default: the built-in SSDLite MobileNet v2 with COCO's 80 labels
 * @param options.workers  default: one process per core, started as the load asks for them; one where a graphics card
 *                         runs the model; 0 on Bun and Deno. 0: inference in this process, which blocks its event loop for the length of
 *                         each inference
 * @throws SigboxError E_ARGUMENT  an option that can't be right. E_IO, E_MODEL  a model that can't be used.
 */
export function createDetector(options: DetectorOptions = {}): Promise<Detector> {
  return createRecordingDetector(options, 1);
}

/**
 * As `createDetector`.
 *
 * @param expected    images that will come: workers for so many are started at once
 * @param candidates  score from which candidates are recorded, and how many at most; null: none are
 */
export async function createRecordingDetector(
  options: DetectorOptions,
  expected: number,
  candidates: { floor: number; max: number } | null = null,
): Promise<RecordingDetector> {
  const checked = checkDetectorOptions(options, 'createDetector');
  const { provider = 'cpu', maxQueue = Number.POSITIVE_INFINITY, timeout = DEFAULT_TIMEOUT } = checked;
  const { workers, warnings: remarks } = workerCount(checked.workers, provider);
  const { threads = workers === 0 ? 0 : 1 } = checked;
  const { models, spec, warnings } = await openModels(checked);
  const [{ file, origin, spec: own }, ...others] = models;
  const planned = (given: DetectOptions) => planOf(spec, given, others.length === 0 ? undefined : models);
  const defaults = detectPart(checked);
  const usual = planned(defaults); // an option that doesn't fit is an error before workers start
  const plan = numbered(candidates === null ? usual : withRecording(usual, candidates));
  const pipeline = { file, spec: own, ...(others.length > 0 && { others }), threads, provider };
  const engine = await openEngine(pipeline, { workers, expected, timeout });
  const labels = [...new Set(resultLabels(spec.labels, spec.parents).filter((label) => label !== null))];
  return new OpenDetector({
    model: { file, origin, spec, models, labels, warnings: [...remarks, ...warnings], workers },
    engine,
    defaults,
    planned,
    plan,
    maxQueue,
  });
}

/** The plan of a run that records candidates: of one look at an image, and of each model's looks where there are several. */
function withRecording({ views, ...plan }: DetectPlan, wanted: { floor: number; max: number }): DetectPlan {
  const looks = views?.looks.map((look) => ({ ...look, recording: candidateRecording(look.candidates, wanted) }));
  return {
    ...plan,
    recording: candidateRecording(plan, wanted),
    views: views === null ? null : { ...views, looks: looks! },
  };
}
