import type { HeadSpec } from '../heads/index.js';
import { candidateModel } from '../postprocess/candidate-model.js';
import { makePlan, type PlannedModel } from '../postprocess/make-plan.js';
import type { PostprocessOptions } from '../postprocess/options/postprocess-options.js';
import type { DetectPlan, TilePlan } from '../types/plan.js';
import { type TileGrid, tilePlan } from '../views/tile-options.js';
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
  { head, input = NO_INPUT, ...rest }: PlannedModel & { head?: HeadSpec; input?: InputSize },
  options: unknown,
): DetectPlan {
  const { background, lenient, tiles, tileOverlap, wholeImage, ...given } = settleOptions(options);
  const grid = tilePlan({ ...(tiles === undefined ? {} : { tiles }), tileOverlap, wholeImage }, input);
  const model = head === undefined ? rest : candidateModel({ ...rest, head });
  return {
    ...makePlan(model, given),
    tiles: grid === null ? null : withPlans(grid, model, given),
    ...{ background, lenient, recording: null },
  };
}

interface InputSize {
  width: number;
  height: number;
}

/** Of a model whose input nobody knows, as in plans for results that are there already. */
const NO_INPUT = { width: 640, height: 640 };

/** Score from which joining looks at candidates: a weak whole box may say that a strong one is cut. */
const VIEW_FLOOR = 0.05;

function withPlans(grid: TileGrid, model: PlannedModel, options: PostprocessOptions): TilePlan {
  const { scoreThreshold = VIEW_FLOOR, labelThresholds = {}, ...others } = options;
  const { minSide: _1, maxSide: _2, minArea: _3, maxArea: _4, ...unlimited } = others;
  const low = Object.entries(labelThresholds).map(([label, score]) => [label, Math.min(score, VIEW_FLOOR)]);
  const weak = { scoreThreshold: Math.min(scoreThreshold, VIEW_FLOOR), labelThresholds: Object.fromEntries(low) };
  const { labels, parents = [] } = model;
  return {
    ...grid,
    candidates: makePlan(model, { ...unlimited, ...weak }),
    joined: makePlan({ labels, parents, needsSuppression: true }, options),
  };
}
