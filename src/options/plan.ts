import { complain } from '../errors.js';
import type { HeadSpec } from '../heads/index.js';
import { takesAnySize } from '../image/fit.js';
import { candidateModel } from '../postprocess/candidate-model.js';
import { makePlan, type PlannedModel } from '../postprocess/make-plan.js';
import type { PostprocessOptions } from '../postprocess/options/postprocess-options.js';
import type { InputSpec } from '../types/model.js';
import type { DetectPlan, ModelLooks, PostprocessPlan, ViewPlan } from '../types/plan.js';
import type { Augmentation } from '../types/views.js';
import { augmentationOf, type GivenLook } from '../views/augment-options.js';
import { tilePlan } from '../views/tile-options.js';
import { checkDetectOptions, type SettledDetect, settleDetect } from './detect-options.js';

/** @throws SigboxError E_ARGUMENT  an unknown option, or one out of its range */
export function settleOptions(options: unknown): SettledDetect {
  return settleDetect(checkDetectOptions(options, 'detect'));
}

/** What a plan has to know of a model that detects. */
type DetectingModel = PlannedModel & { head?: HeadSpec; input?: PlannedInput };

/** One of several models. */
export interface JoinedModel {
  spec: DetectingModel;
  /** What it counts, above 0. */
  weight: number;
  /** Calibration and score thresholds of its own. */
  thresholds: PostprocessOptions;
  /** [its classes] the class among those of all models that each of its own is. */
  classIds: number[];
}

/**
 * Compiles what detection needs.
 *
 * @param spec    of the model; of several, with the labels of all of them
 * @param models  if there are several
 * @throws SigboxError E_ARGUMENT  an unknown option, one out of its range, or a label that the model does not have
 */
export function planOf(spec: DetectingModel, options: unknown, models?: readonly JoinedModel[]): DetectPlan {
  const { background, lenient, tiles, tileOverlap, wholeImage, augment = [], ...others } = settleOptions(options);
  const { minModels = 1, ...given } = others;
  const ways: Ways = { tiles: { ...(tiles === undefined ? {} : { tiles }), tileOverlap, wholeImage }, augment };
  requireVoters(minModels, models?.length ?? 1);
  const isOneLook = tiles === undefined && augment.length === 0 && models === undefined;
  const views = isOneLook ? null : { ...viewPlan(spec, { ways, given, models }), minModels };
  return { ...makePlan(plannedModel(spec), given), views, background, lenient, recording: null };
}

/** In which ways each model looks at an image. */
interface Ways {
  tiles: Parameters<typeof tilePlan>[0];
  augment: readonly GivenLook[];
}

function requireVoters(received: number, models: number): void {
  if (received <= models) return;
  const expected =
    models === 1 ? 'no minModels beside one model' : `options.minModels up to ${models}, of so many models`;
  throw complain('E_ARGUMENT', { where: 'detect', expected, received, mend: '--model may be given several times.' });
}

interface ViewsAsked {
  ways: Ways;
  given: PostprocessOptions;
  models: readonly JoinedModel[] | undefined;
}

function viewPlan(spec: DetectingModel, { ways, given, models }: ViewsAsked): Omit<ViewPlan, 'minModels'> {
  const { labels, parents = [] } = spec;
  const { calibration, ...rest } = given;
  const joined = makePlan({ labels, parents, needsSuppression: true }, models === undefined ? given : rest);
  if (models === undefined) return { looks: [{ ...looksOf(spec, ways, given), own: joined }], joined };
  const looks = models.map(({ spec: own, thresholds, classIds }) => {
    const options = ownOptions(
      { ...given, ...(calibration && { calibration }) },
      { spec: own, thresholds, classIds, joined },
    );
    return { ...looksOf(own, ways, options), own: unlimited(makePlan(plannedModel(own), options)), classIds };
  });
  return { looks, joined: { ...joined, modelWeights: models.map(({ weight }) => weight) } };
}

/** A model's own suppression only takes out what it found twice. */
function unlimited(plan: PostprocessPlan): PostprocessPlan {
  const { POSITIVE_INFINITY: endless } = Number;
  return { ...plan, maxDetections: endless, maxPerClass: endless, maxCandidates: endless };
}

function plannedModel({ head, input: _, ...rest }: DetectingModel): PlannedModel {
  return head === undefined ? rest : candidateModel({ ...rest, head });
}

function looksOf(spec: DetectingModel, { tiles, augment }: Ways, options: PostprocessOptions): Omit<ModelLooks, 'own'> {
  const { input = NO_INPUT } = spec;
  const grid = tilePlan(tiles, input);
  const looks = augment.map((look) => augmentationOf(look)!);
  requireRoom(looks, input);
  const { minSide: _1, maxSide: _2, minArea: _3, maxArea: _4, ...anySize } = options;
  const weak = grid === null ? anySize : { ...anySize, ...weakThresholds(options) };
  return {
    tiles: grid,
    augment: looks,
    candidates: makePlan(plannedModel(spec), weak),
    classIds: null,
    recording: null,
  };
}

/**
 * Options for the candidates of one of several models: the thresholds of the labels that are wanted, unless it has its own.
 * Labels of other models are not its concern.
 */
function ownOptions(
  { iouThreshold, labelIouThresholds = {}, labels, measure, diouBeta, calibration }: PostprocessOptions,
  { spec, thresholds, classIds, joined }: Omit<JoinedModel, 'weight'> & { joined: PostprocessPlan },
): PostprocessOptions {
  const names = new Set(spec.labels.filter((label) => label !== null));
  const known = <Value>(byLabel: Readonly<Record<string, Value>> = {}) =>
    Object.fromEntries(Object.entries(byLabel).filter(([label]) => names.has(label)));
  const wanted = spec.labels.flatMap((label, i): [string, number][] => {
    const score = joined.scoreThresholds[classIds[i]!]!;
    return label === null || Number.isNaN(score) ? [] : [[label, score]];
  });
  const curves = thresholds.calibration ?? calibration ?? {};
  const own = thresholds.scoreThreshold;
  return {
    ...(iouThreshold !== undefined && { iouThreshold }),
    ...(labels !== undefined && { labels }),
    ...(measure !== undefined && { measure }),
    ...(diouBeta !== undefined && { diouBeta }),
    labelIouThresholds: known(labelIouThresholds),
    scoreThreshold: own ?? Math.min(1, ...wanted.map(([, score]) => score)),
    labelThresholds: { ...(own === undefined ? Object.fromEntries(wanted) : {}), ...known(thresholds.labelThresholds) },
    calibration: { ...(curves.shared && { shared: curves.shared }), labels: known(curves.labels) },
    suppression: 'nms',
  };
}

type PlannedInput = Pick<InputSpec, 'width' | 'height' | 'fit' | 'multipleOf'>;

/** Of a model whose input nobody knows, as in plans for results that are there already. */
const NO_INPUT: PlannedInput = { width: 640, height: 640, fit: 'shortest-edge', multipleOf: 1 };

/** @throws SigboxError E_ARGUMENT  a larger scale, and an input that can't be larger */
function requireRoom(looks: readonly Augmentation[], input: PlannedInput): void {
  const received = Math.max(0, ...looks.map(({ scale }) => scale));
  if (received <= 1 || takesAnySize(input)) return;
  const expected = `scales up to 1, as the model's input is fixed at ${input.width} × ${input.height}`;
  throw complain('E_ARGUMENT', { where: 'augment', expected, received, mend: 'Tiles show an image larger.' });
}

/** Score from which joining looks at candidates: a weak whole box may say that a strong one is cut. */
const VIEW_FLOOR = 0.05;

function weakThresholds({ scoreThreshold = VIEW_FLOOR, labelThresholds = {} }: PostprocessOptions) {
  const low = Object.entries(labelThresholds).map(([label, score]) => [label, Math.min(score, VIEW_FLOOR)]);
  return { scoreThreshold: Math.min(scoreThreshold, VIEW_FLOOR), labelThresholds: Object.fromEntries(low) };
}
