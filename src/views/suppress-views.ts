import { withinLimits } from '../postprocess/select/size-limits.js';
import { someCandidates } from '../postprocess/select/some-candidates.js';
import { overlapBy } from '../postprocess/suppress/measures.js';
import { limited, type Survivors } from '../postprocess/suppress/method.js';
import { suppress } from '../postprocess/suppress/suppress.js';
import type { Geometry } from '../types/pictures.js';
import type { Candidates, ModelLooks, SuppressionPlan, ViewPlan } from '../types/plan.js';
import { joinedCandidates, reachingThresholds } from './joined-candidates.js';
import type { ViewCandidates } from './seen-candidates.js';

/** What is left of an image's candidates. */
export interface ViewSurvivors {
  candidates: Candidates;
  survivors: Survivors;
}

/**
 * Joins what models saw in the views of an image, and suppresses it.
 *
 * What several models find is suppressed for each model first, by NMS unless its graph has done so; then the boxes of all
 * models enter the plan's suppression. WBF and NMW count the models' weights as ensemble-boxes does; for other methods the
 * scores of a model are multiplied by its weight over the largest one. Boxes that fewer than `minModels` found are dropped:
 * of a fused box its members count, of others the boxes that they overlap by more than the threshold.
 *
 * @param seen      of each model, view after view. Not changed.
 * @param geometry  of the whole image
 */
export function suppressViews(
  seen: readonly (readonly ViewCandidates[])[],
  { looks, joined, minModels }: ViewPlan,
  geometry: Geometry,
): ViewSurvivors {
  const [first] = looks as [ModelLooks];
  if (looks.length === 1) {
    const candidates = joinedCandidates(seen[0]!, first, geometry);
    return { candidates, survivors: suppress(candidates, joined) };
  }
  const ofModels = looks.map((look, model) => ownSurvivors(seen[model]!, look, geometry));
  const all = weighed(concat(ofModels, looks), joined);
  const candidates = withinLimits(reachingThresholds(all, joined), geometry, joined);
  if (minModels === 1) return { candidates, survivors: suppress(candidates, joined) };
  const unlimited = { ...joined, maxDetections: Number.POSITIVE_INFINITY, maxPerClass: Number.POSITIVE_INFINITY };
  const survivors = suppress(candidates, unlimited);
  return { candidates, survivors: withVotes(survivors, candidates, joined, minModels) };
}

/** What one model finds, once it has suppressed its own boxes. */
function ownSurvivors(seen: readonly ViewCandidates[], look: ModelLooks, geometry: Geometry): Candidates {
  const candidates = joinedCandidates(seen, look, geometry);
  const { keep } = suppress(candidates, look.own);
  return someCandidates(candidates, keep.slice().sort());
}

/** One model after the other. Row ids are made distinct. */
function concat(ofModels: readonly Candidates[], looks: readonly ModelLooks[]): Candidates {
  const perModel = 1 + ofModels.reduce((most, { rows }) => rows.reduce((high, row) => Math.max(high, row), most), 0);
  return {
    rows: Uint32Array.from(ofModels.flatMap(({ rows }, model) => Array.from(rows, (row) => model * perModel + row))),
    classIds: Uint16Array.from(
      ofModels.flatMap(({ classIds }, model) => Array.from(classIds, (id) => looks[model]!.classIds?.[id] ?? id)),
    ),
    scores: Float32Array.from(ofModels.flatMap(({ scores }) => [...scores])),
    boxes: Float32Array.from(ofModels.flatMap(({ boxes }) => [...boxes])),
    models: Uint16Array.from(ofModels.flatMap(({ scores }, model) => Array.from(scores, () => model))),
    space: 'image',
  };
}

/** Fusion counts weights itself. */
function weighed(candidates: Candidates, { suppression, modelWeights = [] }: SuppressionPlan): Candidates {
  if (suppression === 'wbf' || suppression === 'nmw') return candidates;
  const most = Math.max(...modelWeights);
  const { models } = candidates;
  return { ...candidates, scores: candidates.scores.map((score, i) => (score * modelWeights[models![i]!]!) / most) };
}

/** The survivors that enough models found, within the limits. */
function withVotes(survivors: Survivors, candidates: Candidates, plan: SuppressionPlan, least: number): Survivors {
  const { keep, scores, members } = survivors;
  const votes = (k: number) =>
    new Set(Array.from(members?.[k] ?? agreeing(candidates, keep[k]!, plan), (i) => candidates.models![i]!)).size;
  const found = Array.from(keep, (candidate, k) => ({ candidate, score: scores[k]!, k })).filter(
    ({ k }) => votes(k) >= least,
  );
  const kept = limited(found, candidates.classIds, plan).map((i) => found[i]!.k);
  return {
    keep: Uint32Array.from(kept, (k) => keep[k]!),
    scores: Float32Array.from(kept, (k) => scores[k]!),
    boxes: Float32Array.from(kept.flatMap((k) => [...survivors.boxes.subarray(4 * k, 4 * k + 4)])),
    ...(members !== undefined && { members: kept.map((k) => members[k]!) }),
  };
}

/** A candidate and those of its label that it overlaps by more than the threshold. */
function agreeing({ classIds, boxes }: Candidates, candidate: number, plan: SuppressionPlan): number[] {
  const overlap = overlapBy(plan.measure, plan.diouBeta);
  const threshold = plan.iouThresholds[classIds[candidate]!]!;
  const agrees = (i: number) =>
    i === candidate || (classIds[i] === classIds[candidate] && overlap(boxes, boxes, candidate, i) > threshold);
  return [...classIds.keys()].filter(agrees);
}
