import { setMaxListeners } from 'node:events';
import type { Detector, FailedImage, ImageInputs, RecordingDetector, WrittenResult } from '../detector.js';
import { SigboxError } from '../errors.js';
import { readAhead } from '../flow/read-ahead.js';
import { untilAborted } from '../flow/until-aborted.js';
import type { ModelSpec } from '../identify/spec/model-spec.js';
import { type ImageInput, imageName, imageSource, requireImages } from '../image/source.js';
import {
  checkAllOptions,
  checkCallOptions,
  checkExplainOptions,
  type DetectAllOptions,
  type DetectCallOptions,
  type DetectOptions,
  type ExplainCallOptions,
} from '../options/detect-options.js';
import { shortened } from '../text/printable.js';
import type { DetectionResult, Outcome } from '../types/detections.js';
import type { Explanation } from '../types/explanations.js';
import type { ImageSource } from '../types/pictures.js';
import type { NumberedPlan } from '../types/plan.js';
import { type CallPlan, callPlan, type PlanMaker } from './call-plan.js';
import type { Engine } from './engine.js';
import { explainCall } from './explain-call.js';

/** What a detector knows from the start. */
export interface DetectorParts {
  model: Pick<Detector, 'file' | 'origin' | 'spec' | 'models' | 'labels' | 'warnings' | 'workers'>;
  engine: Engine;
  /** Options of calls that give none. */
  defaults: DetectOptions;
  /** Makes a plan of options. */
  planned: PlanMaker;
  /** Made of the defaults. */
  plan: NumberedPlan;
  /** Most images in flight; ∞: no limit */
  maxQueue: number;
}

/** See `Detector`. */
export class OpenDetector implements RecordingDetector {
  readonly file: string;
  readonly origin: Detector['origin'];
  readonly spec: ModelSpec;
  readonly models: Detector['models'];
  readonly labels: readonly string[];
  readonly workers: number;
  readonly warnings: string[];
  readonly #engine: Engine;
  readonly #defaults: { options: DetectOptions; plan: NumberedPlan; call: CallPlan };
  readonly #planned: PlanMaker;
  readonly #maxQueue: number;
  readonly #inFlight = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor({ model, engine, defaults, planned, plan, maxQueue }: DetectorParts) {
    this.file = model.file;
    this.origin = model.origin;
    this.spec = model.spec;
    this.models = model.models;
    this.labels = model.labels;
    this.workers = model.workers;
    this.warnings = [...model.warnings];
    this.#engine = engine;
    const call = this.spec.rules === undefined ? { plan, over: null } : callPlan(this.spec, defaults, planned);
    this.#defaults = { options: defaults, plan, call };
    this.#planned = planned;
    this.#maxQueue = maxQueue;
  }

  async detect(image: ImageInput, options?: DetectCallOptions): Promise<DetectionResult> {
    const { signal, ...given } = checkCallOptions(options, 'detect');
    this.#requireRoom();
    return this.#detect(image, this.#planOf(given), signal);
  }

  async #detect(image: ImageInput, { plan, over }: CallPlan, signal?: AbortSignal): Promise<DetectionResult> {
    this.#requireOpen();
    signal?.throwIfAborted();
    if (signal !== undefined) setMaxListeners(0, signal); // one signal for many images is no leak
    const work = this.#run(image, (source) => this.#engine.detect(source, plan, signal));
    const result = await this.#flying(untilAborted(work, signal)); // nobody waits for what was aborted, closing neither
    return over === null ? result : { ...result, ...over(result.detections) };
  }

  async explain(image: ImageInput, options?: ExplainCallOptions): Promise<Explanation> {
    const { signal, at = null, ...given } = checkExplainOptions(options, 'explain');
    this.#requireRoom();
    this.#requireOpen();
    signal?.throwIfAborted();
    const { plan, explanationOf } = explainCall(
      this.spec,
      { ...this.#defaults.options, ...given },
      { at, planned: this.#planned },
    );
    const work = this.#run(image, async (source) => {
      const found = explanationOf(await this.#engine.explain(source, plan, at));
      return { ...found, warnings: [] };
    });
    return this.#flying(untilAborted(work, signal));
  }

  async detectWritten(image: ImageInput): Promise<WrittenResult> {
    this.#requireOpen();
    return this.#flying(this.#run(image, (source) => this.#engine.detectWritten(source, this.#defaults.plan)));
  }

  #requireOpen(): void {
    if (this.#closing !== undefined) throw new SigboxError('E_ARGUMENT', 'detect: the detector is closed.');
  }

  /** Before anything of the image is read: who is refused costs nothing. */
  #requireRoom(): void {
    if (this.#inFlight.size < this.#maxQueue) return;
    const message = `detect: ${this.#inFlight.size} images are waiting or worked on, and maxQueue is ${this.#maxQueue}. Try again later.`;
    throw new SigboxError('E_BUSY', message);
  }

  #planOf(options: DetectOptions): CallPlan {
    if (Object.keys(options).length === 0) return this.#defaults.call;
    return callPlan(this.spec, { ...this.#defaults.options, ...options }, this.#planned);
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
      throw new SigboxError(error.code, `${shortened(name)}: ${error.message}`, { cause: error });
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

  /** Never rejects, so that a failure waiting for its turn is not an unhandled rejection. */
  async #settle(image: ImageInput, plan: CallPlan, signal?: AbortSignal): Promise<DetectionResult | FailedImage> {
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

function unwrap(settled: DetectionResult | FailedImage, errors: NonNullable<DetectAllOptions['errors']>) {
  if ('error' in settled && (errors === 'throw' || !(settled.error instanceof SigboxError))) throw settled.error;
  return settled;
}
