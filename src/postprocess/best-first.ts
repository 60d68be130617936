/**
 * Best first: suppression mostly needs a few hundred candidates, and a dense output has a hundred thousand. So only the best
 * are looked at first, and all of them only where these do not settle the result. The result is exactly the same.
 *
 * Three steps, each of which may be skipped:
 *
 * 1. A plan has a *budget*: how many of the best candidates are likely to be enough. Greedy suppression stops at
 *    maxDetections, and most candidates are suppressed by a detection, so the budget is a few times maxDetections. Methods
 *    that look at every candidate have a budget of what maxCandidates lets through, or none.
 * 2. A scan that finds far more hits than the budget gives up, estimates from a sample a score that about as many hits
 *    reach, the *floor*, and collects the hits from the floor on (kernels/scan/scan-best.ts). Its result is complete above
 *    the floor: that is all that the next step relies on, so the estimate decides how long it takes and nothing else.
 * 3. Suppression runs on these. If its result cannot depend on what lies at or below the floor, it is the result; else all
 *    candidates are collected and suppressed.
 *
 * Why step 3 is exact: greedy suppression visits candidates from the highest score down, and a visit depends only on
 * candidates visited before. So a run on the candidates above the floor makes the same decisions as a run on all of them, up
 * to where it would go below the floor. It never gets there if maxDetections is reached by detections above the floor, or if
 * there are maxCandidates above the floor, because no more are visited. The second holds for every method: each looks at the
 * maxCandidates best and at nothing else. Candidates that equal the floor may be missing, so both compare with `>`.
 *
 * The budget is no limit where the best candidates of the scan may not be the best later on: calibration with different
 * curves changes their order, and limits of size drop an unknown part of them. The note about cut candidates needs their
 * number; where calibration or merged labels drop some after the scan has counted, all are collected again to count them.
 *
 * Numbers and alternatives: docs/decisions/014-best-first.md.
 */
import type { Budget, Candidates, PostprocessPlan } from '../types/plan.js';
import { limitsSize } from './select/size-limits.js';
import type { Survivors } from './suppress/method.js';
import { suppress } from './suppress/suppress.js';

/** Finds candidates: all, or at least the best of them as a budget says. */
export type Find = (budget: Budget) => Candidates;

/** Candidates, and what suppression left of them. */
export interface Suppressed {
  candidates: Candidates;
  survivors: Survivors;
}

/** What suppression leaves of the candidates that `find` finds. */
export function suppressBestFirst(find: Find, plan: PostprocessPlan): Suppressed {
  const countAbove = plan.maxCandidates;
  const best = plan.budget === Number.POSITIVE_INFINITY ? null : find({ max: plan.budget, countAbove });
  if (best !== null && isCounted(best, plan)) {
    const survivors = suppress(best, plan);
    if (isSettled(best, survivors, plan)) return { candidates: best, survivors };
  }
  const candidates = find({ max: Number.POSITIVE_INFINITY, countAbove });
  return { candidates, survivors: suppress(candidates, plan) };
}

/** Candidates looked at first for each detection that may stay: docs/decisions/014-best-first.md. */
const PER_DETECTION = 6;
/** How many more than may be looked at, as the number is estimated. */
const MARGIN = 1.25;

export function budgetOf(plan: PostprocessPlan): number {
  if (limitsSize(plan)) return Number.POSITIVE_INFINITY;
  const ofDetections = goesFromTheBest(plan) ? PER_DETECTION * plan.maxDetections : Number.POSITIVE_INFINITY;
  return Math.ceil(Math.min(ofDetections, MARGIN * plan.maxCandidates));
}

/** Whether a method visits candidates from the highest score down, and stops at a limit. */
function goesFromTheBest({ suppression }: PostprocessPlan): boolean {
  return suppression === 'nms' || suppression === 'none';
}

/** Whether the number of all candidates is known as far as it matters. */
function isCounted({ total = 0 }: Candidates, { calibrates, firstOfLabel, maxCandidates }: PostprocessPlan): boolean {
  return (!calibrates && firstOfLabel === null) || total <= maxCandidates;
}

/** Whether candidates that are missing can have no part in the result. */
export function isSettled({ floor, scores }: Candidates, survivors: Survivors, plan: PostprocessPlan): boolean {
  if (floor === undefined) return true;
  const { length } = survivors.scores;
  if (goesFromTheBest(plan) && length >= plan.maxDetections && survivors.scores[length - 1]! > floor) return true;
  let above = 0;
  for (let i = 0; i < scores.length; i++) if (scores[i]! > floor) above++;
  return above >= plan.maxCandidates;
}
