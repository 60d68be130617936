import { withinLimits } from '../postprocess/select/size-limits.js';
import { someCandidates } from '../postprocess/select/some-candidates.js';
import type { Geometry } from '../types/pictures.js';
import type { Candidates, PostprocessPlan, TilePlan } from '../types/plan.js';
import { joinViews } from './join-views.js';
import { seenCandidates, type ViewCandidates } from './seen-candidates.js';

/**
 * The candidates of an image that was seen in several views, ready for suppression.
 *
 * @param geometry  of the whole image
 */
export function joinedCandidates(seen: readonly ViewCandidates[], tiles: TilePlan, geometry: Geometry): Candidates {
  const views = seen.map(({ view }) => view);
  const joined = joinViews(seenCandidates(seen), views, tiles.candidates);
  return withinLimits(overThresholds(joined, tiles.joined), geometry, tiles.joined);
}

/** Joining looks at weaker candidates than those that count, and lowers scores. */
function overThresholds(candidates: Candidates, { scoreThresholds }: PostprocessPlan): Candidates {
  const { scores, classIds } = candidates;
  const kept = [...scores.keys()].filter((i) => scores[i]! >= scoreThresholds[classIds[i]!]!);
  return kept.length === scores.length ? candidates : someCandidates(candidates, Uint32Array.from(kept));
}
