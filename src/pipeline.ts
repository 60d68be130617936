import { doubtsOf } from './heads/doubts.js';
import { headOf } from './heads/index.js';
import type { ModelSpec } from './identify/spec/model-spec.js';
import { decodeFull, decodeImage } from './image/decode.js';
import { makeFeeds } from './model/feeds.js';
import { openSession } from './model/session.js';
import { type Find, suppressBestFirst } from './postprocess/best-first.js';
import { encodeCandidates } from './postprocess/candidates/codec.js';
import { recordCandidates } from './postprocess/candidates/record-candidates.js';
import { imageDetections } from './postprocess/detections.js';
import { gatherEvidence } from './postprocess/explain/gather-evidence.js';
import { labelRegions } from './postprocess/regions/label-regions.js';
import { restoreDetections } from './postprocess/regions/restore-detections.js';
import { findCandidates } from './postprocess/select/find-candidates.js';
import { detectionsJson } from './text/detections-json.js';
import type { RecordedView } from './types/candidates.js';
import type { Outcome, WrittenOutcome } from './types/detections.js';
import type { ScoreEvidence } from './types/explanations.js';
import type { Provider } from './types/model.js';
import type { ImageSource, RawPixels } from './types/pictures.js';
import type { CandidateRecording, DetectPlan, ViewPlan } from './types/plan.js';
import { detectionsOfViews, recordOfViews } from './views/detections-of-views.js';
import { type Looker, lookAt } from './views/look.js';
import { isOneLook, planViews } from './views/plan-views.js';
import type { ViewCandidates } from './views/seen-candidates.js';

export interface PipelineOptions {
  /** Path of the ONNX file. */
  file: string;
  spec: ModelSpec;
  /** Further models that look at each image. Default none */
  others?: readonly { file: string; spec: ModelSpec }[];
  /** Threads per inference; 0: one per core. */
  threads: number;
  /** Default 'cpu' */
  provider?: Provider;
}

/** A loaded model with everything around it, from an image to its regions, in this process. */
export interface Pipeline {
  detect(source: ImageSource, plan: DetectPlan): Promise<Outcome>;
  /** The same with the detections as JSON: a string is the cheapest to send to another process. */
  detectWritten(source: ImageSource, plan: DetectPlan): Promise<WrittenOutcome>;
  /**
   * What `detect` finds, with the scores of the rows that matter.
   *
   * @param at  [x, y] in pixels of the image: near misses only of boxes that contain it; null: of all
   */
  explain(source: ImageSource, plan: DetectPlan, at: readonly [number, number] | null): Promise<ScoreEvidence>;
  close(): Promise<void>;
}

interface Seen extends Pick<WrittenOutcome, 'candidates'> {
  outcome: Outcome;
}

/** @throws SigboxError E_ARGUMENT  a provider that is not available. E_MODEL  a model that can't be loaded, or does not fit its spec */
export async function openPipeline({ file, spec, others = [], ...how }: PipelineOptions): Promise<Pipeline> {
  const lookers = await openLookers([{ file, spec }, ...others], how);
  const [{ session, head, input, classes }] = lookers;
  let looked = false; // for what a run shows to be wrong with the model: its first image is enough

  /** The whole way of an image. Nothing between the turn and its end waits, but for the inference itself. */
  async function detect(source: ImageSource, plan: DetectPlan, recording: CandidateRecording | null): Promise<Seen> {
    const image = await decodeImage(source, input, plan); // decode and fit: a JPEG is shrunk while it is decoded
    const { geometry, damage } = image;
    using turn = await session.turn(); // the image after this one is decoded meanwhile
    const tensors = makeFeeds(image, input, turn.picture);
    const outputs = await turn.run(tensors);
    const find: Find = (budget) => findCandidates(outputs, head, geometry, plan, budget);
    const suppressed = suppressBestFirst(find, plan); // candidates, suppress: once more where the best did not settle it
    const boxes = restoreDetections(suppressed, geometry, plan);
    const regions = labelRegions(boxes, plan);
    const outcome: Outcome = imageDetections(regions, suppressed.candidates, geometry, plan);
    const warnings = looked ? [] : doubtsOf(outputs, head, geometry, classes, regions.length);
    looked = true;
    if (damage !== undefined) outcome.damage = damage;
    if (warnings.length > 0) outcome.warnings = warnings;
    if (recording === null) return { outcome };
    return { outcome, candidates: encodeCandidates(recordCandidates(outputs, head, geometry, recording)) };
  }

  async function explain(source: ImageSource, plan: DetectPlan, at: readonly [number, number] | null) {
    const image = await decodeImage(source, input, plan);
    using turn = await session.turn();
    const outputs = await turn.run(makeFeeds(image, input, turn.picture));
    return gatherEvidence(outputs, head, { geometry: image.geometry, plan, at });
  }

  /** The same for an image that is looked at in several ways: candidates of all views become one set. */
  async function detectInViews(
    source: ImageSource,
    plan: DetectPlan,
    { how, recording }: { how: ViewPlan; recording: CandidateRecording | null },
  ): Promise<Seen> {
    const full = await decodeFull(source, plan);
    const { geometry, damage, pixels: data } = full;
    const image: RawPixels = { data, width: geometry.imageWidth, height: geometry.imageHeight, channels: 3 };
    const views = how.looks.map(({ tiles, augment }) => planViews(image, tiles, augment));
    if (views.length === 1 && isOneLook(views[0]!)) return detect(source, plan, recording);
    const seen: ViewCandidates[][] = [];
    const recorded: RecordedView[] = [];
    const warnings: string[] = [];
    for (const [model, looker] of lookers.entries()) {
      const { candidates, recording: own } = how.looks[model]!;
      const looking = { plan: candidates, decoding: plan, doubting: !looked, recording: recording && own };
      const look = await lookAt(image, views[model]!, looker, looking);
      seen.push(look.seen);
      recorded.push(...look.recorded.map((each) => ({ model, ...each })));
      warnings.push(...look.doubts);
    }
    looked = true;
    const outcome: Outcome = detectionsOfViews(seen, how, geometry);
    if (damage !== undefined) outcome.damage = damage;
    if (warnings.length > 0) outcome.warnings = warnings;
    if (recording === null) return { outcome };
    return { outcome, candidates: encodeCandidates(recordOfViews(recorded, geometry, recording.floor)) };
  }

  const detectAny = (source: ImageSource, plan: DetectPlan, recording: CandidateRecording | null): Promise<Seen> =>
    plan.views === null ? detect(source, plan, recording) : detectInViews(source, plan, { how: plan.views, recording });

  return {
    detect: async (source, plan) => (await detectAny(source, plan, null)).outcome,
    async detectWritten(source, plan) {
      const { outcome, ...candidates } = await detectAny(source, plan, plan.recording);
      return { ...outcome, detections: detectionsJson(outcome.detections), ...candidates };
    },
    explain,
    async close() {
      for (const looker of lookers) await looker.session.close();
    },
  };
}

/** @throws as `openPipeline`; those that were opened are closed then */
async function openLookers(
  models: readonly { file: string; spec: ModelSpec }[],
  how: Pick<PipelineOptions, 'threads' | 'provider'>,
): Promise<[Looker, ...Looker[]]> {
  const lookers: Looker[] = [];
  try {
    for (const { file, spec } of models) {
      const { head, input, labels } = spec;
      const session = await openSession(file, { input, outputs: headOf(head).outputs(head), ...how });
      lookers.push({ session, head, input, classes: labels.length });
    }
  } catch (error) {
    for (const { session } of lookers) await session.close();
    throw error;
  }
  return lookers as [Looker, ...Looker[]];
}
