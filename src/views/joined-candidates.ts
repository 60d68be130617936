import { withinLimits } from '../postprocess/select/size-limits.js';
import { someCandidates } from '../postprocess/select/some-candidates.js';
import type { Geometry } from '../types/pictures.js';
import type { Candidates, ModelLooks, PostprocessPlan } from '../types/plan.js';
import { allCandidates } from './all-candidates.js';
import { joinViews } from './join-views.js';
import { seenCandidates, type ViewCandidates } from './seen-candidates.js';

/**
 * The candidates of an image that one model saw in several views, ready for suppression. Where it was cut, seams are understood;
 * where it was only augmented, candidates of all views stand beside each other.
 *
 * @param geometry  of the whole image
 */
export function joinedCandidates(
  seen: readonly ViewCandidates[],
  { candidates, own }: Pick<ModelLooks, 'candidates' | 'own'>,
  geometry: Geometry,
): Candidates {
  const views = seen.map(({ view }) => view);
  const isCut = views.some(({ kind }) => kind === 'tile');
  const all = isCut ? joinViews(seenCandidates(seen), views, candidates) : allCandidates(seen);
  return withinLimits(reachingThresholds(all, own), geometry, own);
}

/** Joining looks at weaker candidates than those that count, and lowers scores. */
export function reachingThresholds(candidates: Candidates, { scoreThresholds }: PostprocessPlan): Candidates {
  const { scores, classIds } = candidates;
  const kept = [...scores.keys()].filter((i) => scores[i]! >= scoreThresholds[classIds[i]!]!);
  return kept.length === scores.length ? candidates : someCandidates(candidates, Uint32Array.from(kept));
}
