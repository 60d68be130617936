import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { SigboxError } from './errors.js';
import { readAhead } from './flow/read-ahead.js';
import { untilAborted } from './flow/until-aborted.js';
import { identify } from './identify/identify.js';
import { applyLabelMap } from './identify/spec/apply-label-map.js';
import type { ModelSpec } from './identify/spec/model-spec.js';
import { type ImageInput, imageName, imageSource, requireImages } from './image/source.js';
import {
  checkAllOptions,
  checkCallOptions,
  type DetectAllOptions,
  type DetectCallOptions,
  type DetectOptions,
} from './options/detect-options.js';
import { checkDetectorOptions, type DetectorOptions, detectPart } from './options/detector-options.js';
import { planOf } from './options/plan.js';
import { openPipeline, type PipelineOptions } from './pipeline.js';
import { candidateRecording } from './postprocess/candidates/record-candidates.js';
import type { DetectionResult, Outcome, WrittenOutcome } from './types/detections.js';
import type { ImageSource } from './types/pictures.js';
import type { NumberedPlan } from './types/plan.js';
import { openPool } from './workers/pool.js';

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
  readonly spec: ModelSpec;
  /** Most worker processes; 0: detection runs in this process. */
  readonly workers: number;
  /** What to know before trusting the results: classes without names, scores that are all 0. The first images may add some. */
  readonly warnings: readonly string[];
  /**
   * Finds the regions of one image. Options given here win over the detector's own, each by itself.
   *
   * @param image  bytes and pixels are not changed, nor copied: they must stay as they are until the promise settles
   * @throws SigboxError E_ARGUMENT, E_IO, E_IMAGE, E_MODEL, E_WORKER; nothing else is harmed. The signal's reason.
   */
  detect(image: ImageInput, options?: DetectCallOptions): Promise<DetectionResult>;
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
 *                         runs the model. 0: inference in this process, which blocks its event loop for the length of
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
  const { provider = 'cpu' } = checked;
  const { workers = provider === 'cpu' ? availableParallelism() : 1, threads = workers === 0 ? 0 : 1 } = checked;
  const { file, spec, warnings } = await applyLabelMap(await identify(checked.model, checked), checked.map);
  const defaults = detectPart(checked);
  const planned = planOf(spec, defaults);
  const recording = candidates === null ? null : candidateRecording(planned, candidates);
  const plan = numbered({ ...planned, recording });
  const pipeline = { file, spec, threads, provider };
  const started = Math.max(1, Math.min(workers, expected));
  const engine = await (workers === 0 ? openHere(pipeline) : openPool(pipeline, { workers, started }));
  return new OpenDetector({ file, spec, warnings, workers }, engine, { options: defaults, plan });
}

interface Engine {
  detect(source: ImageSource, plan: NumberedPlan, signal?: AbortSignal): Promise<Outcome>;
  detectWritten(source: ImageSource, plan: NumberedPlan): Promise<WrittenOutcome>;
  close(): Promise<void>;
}

/** The pipeline in this process. */
async function openHere(options: PipelineOptions): Promise<Engine> {
  const pipeline = await openPipeline(options);
  return {
    detect: (source, { plan }) => pipeline.detect(source, plan),
    detectWritten: (source, { plan }) => pipeline.detectWritten(source, plan),
    close: () => pipeline.close(),
  };
}

let plans = 0;

function numbered(plan: NumberedPlan['plan']): NumberedPlan {
  return { id: plans++, plan, isSent: false };
}

class OpenDetector implements RecordingDetector {
  readonly file: string;
  readonly spec: ModelSpec;
  readonly workers: number;
  readonly warnings: string[];
  readonly #engine: Engine;
  /** What holds where a call says nothing else; and what that comes to. */
  readonly #defaults: { options: DetectOptions; plan: NumberedPlan };
  readonly #inFlight = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(
    model: Pick<Detector, 'file' | 'spec' | 'warnings' | 'workers'>,
    engine: Engine,
    defaults: { options: DetectOptions; plan: NumberedPlan },
  ) {
    this.file = model.file;
    this.spec = model.spec;
    this.workers = model.workers;
    this.warnings = [...model.warnings];
    this.#engine = engine;
    this.#defaults = defaults;
  }

  async detect(image: ImageInput, options?: DetectCallOptions): Promise<DetectionResult> {
    const { signal, ...given } = checkCallOptions(options, 'detect');
    return this.#detect(image, this.#planOf(given), signal);
  }

  async #detect(image: ImageInput, plan: NumberedPlan, signal?: AbortSignal): Promise<DetectionResult> {
    this.#requireOpen();
    signal?.throwIfAborted();
    if (signal !== undefined) setMaxListeners(0, signal); // one signal for many images is no leak
    const work = this.#run(image, (source) => this.#engine.detect(source, plan, signal));
    return this.#flying(untilAborted(work, signal)); // nobody waits for what was aborted, closing neither
  }

  async detectWritten(image: ImageInput): Promise<WrittenResult> {
    this.#requireOpen();
    return this.#flying(this.#run(image, (source) => this.#engine.detectWritten(source, this.#defaults.plan)));
  }

  #requireOpen(): void {
    if (this.#closing !== undefined) throw new SigboxError('E_ARGUMENT', 'detect: the detector is closed.');
  }

  #planOf(options: DetectOptions): NumberedPlan {
    if (Object.keys(options).length === 0) return this.#defaults.plan;
    return numbered(planOf(this.spec, { ...this.#defaults.options, ...options }));
  }

  async #flying<T>(work: Promise<T>): Promise<T> {
    this.#inFlight.add(work);
    try {
      return await work;
    } finally {
      this.#inFlight.delete(work);
    }
  }

  async #run<T extends Pick<Outcome, 'warnings'>>(image: ImageInput, detect: (source: ImageSource) => Promise<T>) {
    const name = imageName(image);
    try {
      const source = await imageSource(image);
      const { warnings = [], ...result } = await detect(source);
      this.warnings.push(...warnings.filter((warning) => !this.warnings.includes(warning)));
      return { image: name, ...result };
    } catch (error) {
      if (name === null || !(error instanceof SigboxError) || error.code === 'E_ARGUMENT') throw error;
      throw new SigboxError(error.code, `${name}: ${error.message}`, { cause: error });
    }
  }

  detectAll(images: ImageInputs, options?: DetectCallOptions & { errors?: 'throw' }): AsyncGenerator<DetectionResult>;
  detectAll(
    images: ImageInputs,
    options: DetectCallOptions & { errors: 'yield' },
  ): AsyncGenerator<DetectionResult | FailedImage>;
  async *detectAll(images: ImageInputs, options?: DetectAllOptions): AsyncGenerator<DetectionResult | FailedImage> {
    requireImages(images);
    const { errors = 'throw', signal, ...given } = checkAllOptions(options, 'detectAll');
    const plan = this.#planOf(given);
    const ahead = 2 * Math.max(1, this.workers);
    const settle = (image: ImageInput) => this.#settle(image, plan, signal);
    for await (const settled of readAhead(images, settle, { ahead, signal })) yield unwrap(settled, errors);
  }

  /** Never rejects, so that a failure that waits for its turn is not an unhandled one. */
  async #settle(image: ImageInput, plan: NumberedPlan, signal?: AbortSignal): Promise<DetectionResult | FailedImage> {
    try {
      return await this.#detect(image, plan, signal);
    } catch (error) {
      return { image: imageName(image), error: error as SigboxError };
    }
  }

  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#inFlight).then(() => this.#engine.close());
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function unwrap(settled: DetectionResult | FailedImage, errors: 'throw' | 'yield') {
  if ('error' in settled && (errors === 'throw' || !(settled.error instanceof SigboxError))) throw settled.error;
  return settled;
}
