import { type OptionsOf, option, optionsCheck } from '../../check/option.js';
import { list, oneOf } from '../../check/shapes.js';
import { flag, fraction, positive } from '../../check/words.js';
import { complain } from '../../errors.js';
import { FUSED_SCORES } from '../../types/options.js';
import { POSTPROCESS_OPTIONS } from '../options/postprocess-options.js';
import { scoreOfFused } from '../suppress/fused-score.js';
import { type Fused, type Fusion, fuseIntoBest, fuseWeighted } from '../suppress/fusion.js';
import { overlapBy } from '../suppress/measures.js';
import { byBucket, limited } from '../suppress/method.js';
import { scoredBoxes } from './number-arrays.js';

const where = 'fuseBoxes';

/** The boxes that one model found in an image. */
export interface ModelBoxes {
  /** [n, 4] xyxy, in the unit of all models */
  boxes: Float32Array;
  /** [n] from 0 on; boxes with 0 are left out */
  scores: Float32Array;
  /** [n] in a numbering that all models share */
  classIds: Uint16Array;
}

const FUSE_OPTIONS = {
  /** 'wbf': weighted boxes fusion; 'nmw': non-maximum weighted. Default 'wbf' */
  method: option(oneOf('wbf', 'nmw'), { default: 'wbf' }),
  /** How much each model counts. Default: 1 each */
  weights: option(list('an array of positive numbers', positive)),
  /** In [0, 1]; a box joins others that it overlaps by more than this. Default 0.55 */
  iouThreshold: option(fraction, { default: 0.55 }),
  /** In [0, 1]; lower-scoring boxes are left out. Default 0 */
  scoreThreshold: option(fraction, { default: 0 }),
  /**
   * The score of a fused box, with 'wbf'. 'avg': the mean of its members', less where models have none of it. 'max': the
   * highest. 'box_and_model_avg': the mean by weight, times the part of the weights that took part.
   * 'absent_model_aware_avg': the mean by weight, to which absent models give 0. Default 'avg'
   */
  fusedScore: option(oneOf(...FUSED_SCORES), { default: 'avg' }),
  /** With 'avg': let several boxes of one model count as if they were of several. Default false */
  allowOverflow: option(flag, { default: false }),
  /** How overlap is measured. Default 'iou' */
  measure: POSTPROCESS_OPTIONS.measure,
  /** Exponent of the distance in 'diou', above 0. Default 1 */
  diouBeta: POSTPROCESS_OPTIONS.diouBeta,
};

export interface FuseOptions extends OptionsOf<typeof FUSE_OPTIONS> {}

const checkFuseOptions = optionsCheck(FUSE_OPTIONS);

/** All boxes of all models, one after the other. */
interface Pool extends ModelBoxes {
  /** [n] number of the model */
  models: Uint16Array;
  /** [n] score · weight of the model */
  weighted: Float64Array;
}

/**
 * Fuses what several models found in one image, separately for each class.
 *
 * @param models  at least one. Not changed. Numbers of other types are taken as well, as by `nms`.
 * @returns the fused boxes, highest score first; equal scores: the one whose best member stands first. `members` are the
 * numbers of the boxes each was made of, best first, counted through all models.
 * @throws SigboxError E_ARGUMENT  no arrays of numbers, lengths that disagree, a score below 0 or that is no number, a class that is
 * no whole number from 0 to 65535, an option out of its range.
 *
 * Source: ensemble-boxes, weighted_boxes_fusion and non_maximum_weighted. Other than there, boxes may have any unit and
 * are left as they are: one that is empty or inverted overlaps nothing and is kept.
 */
export function fuseBoxes(
  models: readonly Record<keyof ModelBoxes, ArrayLike<number>>[],
  options?: FuseOptions,
): ModelBoxes & { members: Uint32Array[] } {
  const given = checkFuseOptions(options, where);
  const checked = checkedModels(models);
  const weights = given.weights ?? checked.map(() => 1);
  requireWeights(weights, checked.length);
  const { method = 'wbf', iouThreshold = 0.55, measure = 'iou' } = given;
  const relative = method === 'nmw' ? weights.map((weight) => weight / Math.max(...weights)) : weights;
  const pool = poolOf(checked, relative);
  const fusion: Fusion = {
    boxes: pool.boxes,
    weights: pool.weighted,
    overlap: overlapBy(measure, given.diouBeta),
    thresholdOf: () => iouThreshold,
  };
  const fuse = method === 'nmw' ? fuseIntoBest : fuseWeighted;
  const { fusedScore = 'avg', allowOverflow } = given;
  const scoreOf = ({ members }: Fused) => scoreOfFused(members, { ...pool, weights }, fusedScore, allowOverflow);
  const found: (Fused & { candidate: number; score: number })[] = [];
  for (const rivals of byBucket(orderOf(pool, given.scoreThreshold ?? 0), pool.classIds, identity(pool.classIds))) {
    for (const group of fuse(rivals, fusion)) {
      const score = method === 'nmw' ? pool.weighted[group.members[0]!]! : scoreOf(group);
      found.push({ ...group, candidate: group.members[0]!, score });
    }
  }
  const kept = limited(found, pool.classIds, { maxDetections: Infinity, maxPerClass: Infinity }).map((i) => found[i]!);
  return {
    boxes: Float32Array.from(kept.flatMap(({ box }) => [...box])),
    scores: Float32Array.from(kept, ({ score }) => score),
    classIds: Uint16Array.from(kept, ({ candidate }) => pool.classIds[candidate]!),
    members: kept.map(({ members }) => Uint32Array.from(members)),
  };
}

function poolOf(models: readonly ModelBoxes[], weights: readonly number[]): Pool {
  const modelOf = models.flatMap(({ scores }, model) => Array.from(scores, () => model));
  const scores = Float32Array.from(models.flatMap((model) => [...model.scores]));
  return {
    boxes: Float32Array.from(models.flatMap(({ boxes }) => [...boxes])),
    scores,
    classIds: Uint16Array.from(models.flatMap(({ classIds }) => [...classIds])),
    models: Uint16Array.from(modelOf),
    weighted: Float64Array.from(scores, (score, i) => score * weights[modelOf[i]!]!),
  };
}

/** Boxes above 0 that reach the threshold, by score · weight; ties: the first. */
function orderOf({ scores, weighted }: Pool, scoreThreshold: number): Uint32Array {
  const numbers = Array.from(scores.keys()).filter((i) => scores[i]! >= scoreThreshold && scores[i]! > 0);
  return Uint32Array.from(numbers.sort((a, b) => weighted[b]! - weighted[a]! || a - b));
}

function identity(classIds: Uint16Array): Uint16Array {
  const classes = 1 + classIds.reduce((highest, classId) => Math.max(highest, classId), -1);
  return Uint16Array.from({ length: classes }, (_, classId) => classId);
}

function checkedModels(models: unknown): ModelBoxes[] {
  if (!Array.isArray(models)) throw complain('E_ARGUMENT', { where, expected: 'an array of models', received: models });
  return models.map((model: unknown, number) => {
    const whose = `${where}: model ${number}`;
    if (typeof model !== 'object' || model === null) {
      throw complain('E_ARGUMENT', { where: whose, expected: '{ boxes, scores, classIds }', received: model });
    }
    const found = scoredBoxes(model as ModelBoxes, whose);
    const wrong = found.scores.findIndex((score) => !(score >= 0 && score < Infinity));
    if (wrong < 0) return found;
    const expected = `scores[${wrong}] to be a number from 0`;
    throw complain('E_ARGUMENT', { where: whose, expected, received: found.scores[wrong] });
  });
}

function requireWeights(weights: readonly number[], models: number): void {
  if (weights.length === models && models > 0) return;
  const expected = 'a weight for each of at least one model';
  throw complain('E_ARGUMENT', { where, expected, received: `${weights.length} for ${models}` });
}
