import { complain, SigboxError } from '../errors.js';
import type { LabelMapGiven } from '../identify/sidecars/label-map.js';
import { applyLabelMap } from '../identify/spec/apply-label-map.js';
import type { DetectOptions } from '../options/detect-options.js';
import { planOf, settleOptions } from '../options/plan.js';
import { detectionsOfRecorded } from '../postprocess/api/postprocess-candidates.js';
import type { ImageDetections } from '../postprocess/detections.js';
import { POSTPROCESS_OPTIONS, type PostprocessOptions } from '../postprocess/options/postprocess-options.js';
import { DEFAULT_FLOOR, lowestRecorded } from '../postprocess/options/recording-thresholds.js';
import { detectionsJson } from '../text/detections-json.js';
import type { CandidateModel, ImageCandidates } from '../types/candidates.js';
import type { Detection, DetectionResult } from '../types/detections.js';
import type { DetectPlan } from '../types/plan.js';
import type { RuleMode } from '../types/rules.js';
import { detectionsOfRecordedViews } from '../views/detections-of-views.js';
import { candidateModels, joinedModels } from './record/joined-models.js';
import type { RecordedImage, Run } from './record/read-run.js';
import type { RunHeader } from './record/run-header.js';

/** @throws SigboxError E_ARGUMENT  a run without candidates */
export function requireCandidates({ folder, header }: Run): void {
  if (header.candidates !== undefined) return;
  const mend = 'annotate --candidates records them.';
  throw complain('E_ARGUMENT', { where: folder, expected: 'a run with candidates', received: 'one without', mend });
}

/** What the run is with other options. */
export async function postprocessedHeader(
  header: RunHeader,
  given: PostprocessOptions,
  { map, rules }: { map?: LabelMapGiven | undefined; rules?: RuleMode | undefined } = {},
): Promise<RunHeader> {
  requireOwnLabels(header, map);
  const { spec } = await applyLabelMap({ spec: header.spec, warnings: [] }, map, rules ?? header.spec.rules?.mode);
  const { own, looking } = partsOf(header);
  const base = given.preset === undefined ? ownOptions(own, given) : {};
  const { scoreThreshold, labelThresholds, ...settled } = settleOptions({ ...base, ...given, ...looking });
  const thresholds = { scoreThreshold, labelThresholds };
  const { floor = DEFAULT_FLOOR } = header.candidates ?? {};
  const fuses = settled.suppression === 'wbf' || settled.suppression === 'nmw';
  const lowest = lowestRecorded(fuses || floor === DEFAULT_FLOOR ? undefined : floor, thresholds, settled);
  planOf(spec, { ...settled, ...thresholds }, joinedModels({ ...header, spec })); // its labels are the model's
  const rendering = { pictures: false, pictureSize: null, crops: false };
  return { ...header, spec, options: { ...settled, ...lowest }, thresholds, rendering };
}

/** A run's options: those of post-processing, and how its images were read and looked at, which stays as it was. */
function partsOf({ options, thresholds }: RunHeader) {
  const isLooking = ([name]: [string, unknown]) => !Object.hasOwn(POSTPROCESS_OPTIONS, name);
  const all = Object.entries({ ...options, ...thresholds });
  return {
    own: Object.fromEntries(all.filter((entry) => !isLooking(entry))) as PostprocessOptions,
    looking: Object.fromEntries(all.filter(isLooking)) as DetectOptions,
  };
}

/** Labels of several models were united when they were recorded. */
function requireOwnLabels({ models }: RunHeader, map: LabelMapGiven | undefined): void {
  if (models === undefined || map === undefined) return;
  const expected = 'no map for several models';
  const mend = 'annotate --map, with the models, makes a run with other labels.';
  throw complain('E_ARGUMENT', { where: 'postprocessRun', expected, received: String(map), mend });
}

/** A score for all labels replaces those of single labels, as beside a thresholds file. */
function ownOptions(own: PostprocessOptions, given: PostprocessOptions): PostprocessOptions {
  const { labelThresholds, labelIouThresholds, ...rest } = own;
  return {
    ...rest,
    ...(given.scoreThreshold === undefined && labelThresholds !== undefined && { labelThresholds }),
    ...(given.iouThreshold === undefined && labelIouThresholds !== undefined && { labelIouThresholds }),
  };
}

/** A run as other options of post-processing would have made it, down to its floor. */
export interface PostprocessedRun {
  header: RunHeader;
  plan: DetectPlan;
}

/**
 * Settles what a run is with other options of post-processing.
 *
 * @throws SigboxError E_ARGUMENT  a run without candidates, an option that can't be right
 */
export async function postprocessedRun(run: Run, given: PostprocessOptions): Promise<PostprocessedRun> {
  requireCandidates(run);
  const header = await postprocessedHeader(run.header, given);
  return { header, plan: planOf(header.spec, header.options, joinedModels(header)) };
}

/** An image of a run, post-processed again. */
export interface PostprocessedImage {
  result: RecordedImage['result'];
  found: ImageDetections;
}

/**
 * All images of a run with the detections that a plan makes of their candidates, in the run's order.
 *
 * @throws SigboxError E_ARGUMENT  candidates that a result depends on were not recorded
 */
export async function* postprocessedImages(run: Run, plan: DetectPlan): AsyncGenerator<PostprocessedImage> {
  const models = candidateModels(run.header);
  for await (const { result, candidates } of run.recorded()) {
    yield { result, found: certainDetections({ image: result.image, candidates }, plan, models) };
  }
}

/** Detections with the numbers that a run's record has of them: the shortest that are the same float32. */
export function asRecorded(detections: readonly Detection[]): Detection[] {
  return JSON.parse(detectionsJson(detections));
}

/**
 * Reads all candidates of a run, so that it can be post-processed again as often as wanted.
 *
 * @returns makes results, down to the run's floor, of options in place of the run's own
 * @throws SigboxError E_ARGUMENT  a run without candidates; of what is returned: candidates that a result depends on were not
 *   recorded
 */
export async function recallRun(run: Run): Promise<(given: PostprocessOptions) => DetectionResult[]> {
  requireCandidates(run);
  const { spec, options } = run.header;
  const [images, models] = [[] as RecalledImage[], candidateModels(run.header)];
  for await (const { result, candidates } of run.recorded()) images.push({ image: result.image, candidates });
  return (given) => {
    const plan = planOf(spec, { ...options, ...given }, joinedModels(run.header));
    return images.map((each) => ({ ...certainDetections(each, plan, models), image: each.image }));
  };
}

interface RecalledImage {
  image: string;
  candidates: ImageCandidates;
}

/**
 * @param models  of the run, by number
 * @throws SigboxError E_ARGUMENT  candidates that the result depends on were not recorded
 */
function certainDetections(
  { image, candidates }: RecalledImage,
  plan: DetectPlan,
  models: readonly CandidateModel[],
): ImageDetections {
  const { views, geometry } = candidates;
  const { detections, doubt } =
    views === undefined
      ? detectionsOfRecorded(candidates, plan)
      : detectionsOfRecordedViews({ views, geometry }, models, plan.views!);
  if (doubt !== null) throw uncertain(image, doubt);
  return detections;
}

function uncertain(image: string, doubt: string): SigboxError {
  return new SigboxError(
    'E_ARGUMENT',
    `${image}: the result is not certain: ${doubt}. Annotate it again with --candidates and a lower --floor or a higher ` +
      '--max-candidates, or ask for higher scores.',
  );
}
