import { doubtsOf } from './heads/doubts.js';
import { headOf } from './heads/index.js';
import type { ModelSpec } from './identify/spec/model-spec.js';
import { decodeImage } from './image/decode.js';
import { makeFeeds } from './model/feeds.js';
import { openSession } from './model/session.js';
import { detectionsFrom } from './postprocess/api/from-outputs.js';
import { detectionsJson } from './text/detections-json.js';
import type { Outcome, WrittenOutcome } from './types/detections.js';
import type { Provider, Tensors } from './types/model.js';
import type { FittedImage, ImageSource } from './types/pictures.js';
import type { DetectPlan } from './types/plan.js';

export interface PipelineOptions {
  /** Path of the ONNX file. */
  file: string;
  spec: ModelSpec;
  /** Threads per inference; 0: one per core. */
  threads: number;
  /** Default 'cpu' */
  provider?: Provider;
}

/** A loaded model with everything around it, from an image to its regions, in this process. */
export interface Pipeline {
  detect(source: ImageSource, plan: DetectPlan): Promise<Outcome>;
  /** The same with the detections written down: on its way to another process a string costs least. */
  detectWritten(source: ImageSource, plan: DetectPlan): Promise<WrittenOutcome>;
  close(): Promise<void>;
}

/** @throws SigboxError E_ARGUMENT  a provider that is not to be had. E_MODEL  a model that can't be loaded, or does not fit its spec */
export async function openPipeline({ file, spec, ...how }: PipelineOptions): Promise<Pipeline> {
  const head = headOf(spec.head);
  const session = await openSession(file, { input: spec.input, outputs: head.outputs(spec.head), ...how });
  let looked = false; // at what a run shows of the model: its first image is enough

  function postprocess(outputs: Tensors, { geometry, damage }: FittedImage, plan: DetectPlan): Outcome {
    const outcome: Outcome = detectionsFrom(outputs, spec, geometry, plan);
    const found = outcome.detections.length;
    const warnings = looked ? [] : doubtsOf(outputs, spec.head, geometry, spec.labels.length, found);
    looked = true;
    if (damage !== undefined) outcome.damage = damage;
    if (warnings.length > 0) outcome.warnings = warnings;
    return outcome;
  }

  async function detect(source: ImageSource, plan: DetectPlan): Promise<Outcome> {
    const fitted = await decodeImage(source, spec.input, plan);
    return session.run(
      (picture) => makeFeeds(fitted, spec.input, picture),
      (outputs) => postprocess(outputs, fitted, plan),
    );
  }

  return {
    detect,
    async detectWritten(source, plan) {
      const outcome = await detect(source, plan);
      return { ...outcome, detections: detectionsJson(outcome.detections) };
    },
    close: () => session.close(),
  };
}
