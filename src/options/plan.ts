import { complain } from '../errors.js';
import type { HeadSpec } from '../heads/index.js';
import { takesAnySize } from '../image/fit.js';
import { candidateModel } from '../postprocess/candidate-model.js';
import { makePlan, type PlannedModel } from '../postprocess/make-plan.js';
import type { PostprocessOptions } from '../postprocess/options/postprocess-options.js';
import type { InputSpec } from '../types/model.js';
import type { DetectPlan, ViewPlan } from '../types/plan.js';
import type { Augmentation } from '../types/views.js';
import { augmentationOf } from '../views/augment-options.js';
import { tilePlan } from '../views/tile-options.js';
import { checkDetectOptions, type SettledDetect, settleDetect } from './detect-options.js';

/** @throws SigboxError E_ARGUMENT  an unknown option, or one out of its range */
export function settleOptions(options: unknown): SettledDetect {
  return settleDetect(checkDetectOptions(options, 'detect'));
}

/**
 * Compiles what detection needs.
 *
 * @throws SigboxError E_ARGUMENT  an unknown option, one out of its range, or a label that the model does not have
 */
export function planOf(
  { head, input = NO_INPUT, ...rest }: PlannedModel & { head?: HeadSpec; input?: PlannedInput },
  options: unknown,
): DetectPlan {
  const { background, lenient, tiles, tileOverlap, wholeImage, augment = [], ...given } = settleOptions(options);
  const grid = tilePlan({ ...(tiles === undefined ? {} : { tiles }), tileOverlap, wholeImage }, input);
  const looks = augment.map((look) => augmentationOf(look)!);
  requireRoom(looks, input);
  const model = head === undefined ? rest : candidateModel({ ...rest, head });
  return {
    ...makePlan(model, given),
    views: grid === null && looks.length === 0 ? null : viewPlan({ tiles: grid, augment: looks }, model, given),
    ...{ background, lenient, recording: null },
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

function viewPlan(
  { tiles, augment }: Pick<ViewPlan, 'tiles' | 'augment'>,
  model: PlannedModel,
  options: PostprocessOptions,
): ViewPlan {
  const { labels, parents = [] } = model;
  const joined = makePlan({ labels, parents, needsSuppression: true }, options);
  const { minSide: _1, maxSide: _2, minArea: _3, maxArea: _4, ...unlimited } = options;
  const weak = tiles === null ? unlimited : { ...unlimited, ...weakThresholds(options) };
  return { tiles, augment, candidates: makePlan(model, weak), joined };
}

function weakThresholds({ scoreThreshold = VIEW_FLOOR, labelThresholds = {} }: PostprocessOptions) {
  const low = Object.entries(labelThresholds).map(([label, score]) => [label, Math.min(score, VIEW_FLOOR)]);
  return { scoreThreshold: Math.min(scoreThreshold, VIEW_FLOOR), labelThresholds: Object.fromEntries(low) };
}
