import { bestOfEqualBoxes } from '../../heads/decode/equal-boxes.js';
import type { ImageCandidates } from '../../types/candidates.js';
import type { Candidates, PostprocessPlan } from '../../types/plan.js';
import { someCandidates } from '../select/some-candidates.js';
import { dropsLabels } from './record-candidates.js';

/** What a head would have selected, from what was recorded. */
export interface Selection {
  /** `floor` is set where some that were cut off may be missing. */
  candidates: Candidates;
  /** Why it may not be what the head would have selected; null: it is. */
  doubt: string | null;
}

/** The candidates that a plan looks for. */
export function selectRecorded(recorded: ImageCandidates, plan: PostprocessPlan): Selection {
  const { scoreThresholds, single } = plan.selection;
  const { rows, classIds, scores, boxes, space, cut, floor } = recorded;
  const lowest = lowestThreshold(plan);
  const reaches = (i: number) => scores[i]! >= scoreThresholds[classIds[i]!]!; // NaN: never
  const ofRows = single && !recorded.model.finished ? bestOfRows(recorded, plan) : null;
  const keep: number[] = [];
  for (let i = 0; i < rows.length; i++) if (reaches(i) && (ofRows === null || ofRows.best[i] === 1)) keep.push(i);
  const all: Candidates = { rows, classIds, scores, boxes, space };
  const found = keep.length === rows.length ? all : someCandidates(all, Uint32Array.from(keep));
  const candidates = single && recorded.model.finished ? bestOfEqualBoxes(found) : found;
  if (cut !== null && lowest <= cut.highest) candidates.floor = cut.highest;
  if (lowest < floor)
    return { candidates, doubt: `scores from ${lowest} on are wanted, from ${floor} on are recorded` };
  if (ofRows?.isTied === true) return { candidates, doubt: 'two labels of a row have the same score' };
  return { candidates, doubt: null };
}

/** In the model's own scores; ∞: nothing is looked for. */
function lowestThreshold({ selection: { scoreThresholds, labelled } }: PostprocessPlan): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < labelled.length; i++) lowest = Math.min(lowest, orInfinity(scoreThresholds[labelled[i]!]!));
  return lowest;
}

function orInfinity(threshold: number): number {
  return Number.isNaN(threshold) ? Number.POSITIVE_INFINITY : threshold;
}

/**
 * The best class of each row. Where the recorded best has no label any more, it is the best of those that have one; of equal
 * scores it can't be told, as logits may differ where their sigmoids do not.
 */
function bestOfRows({ rows, classIds, scores, best, model }: ImageCandidates, { labels }: PostprocessPlan) {
  if (!dropsLabels(labels, model.labels)) return { best, isTied: false };
  const own = new Uint8Array(rows.length);
  let isTied = false;
  for (let from = 0, to = 0; from < rows.length; from = to) {
    let [first, ties, isRecorded] = [-1, 0, false];
    for (to = from; to < rows.length && rows[to] === rows[from]; to++) {
      if (best[to] === 1) isRecorded = true;
      if ((labels[classIds[to]!] ?? null) === null) continue;
      if (best[to] === 1) [first, ties] = [to, Number.NEGATIVE_INFINITY];
      else if (first < 0 || (best[first] !== 1 && scores[to]! > scores[first]!)) [first, ties] = [to, 0];
      else if (scores[to] === scores[first]) ties++;
    }
    if (first >= 0) own[first] = 1;
    if (first >= 0 && (ties > 0 || !isRecorded)) isTied = true;
  }
  return { best: own, isTied };
}
