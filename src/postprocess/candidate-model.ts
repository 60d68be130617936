import { type HeadSpec, headOf } from '../heads/index.js';
import type { CandidateModel } from '../types/candidates.js';

/** What post-processing has to know of a spec once there are candidates. */
export function candidateModel({
  head: spec,
  labels,
  parents = [],
}: Pick<CandidateModel, 'labels' | 'parents'> & { head: HeadSpec }): CandidateModel {
  const head = headOf(spec);
  return { labels, parents, needsSuppression: head.needsSuppression(spec), finished: head.finished === true };
}
