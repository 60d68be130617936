import { type HeadSpec, headOf } from '../../heads/index.js';
import { selectClasses } from '../../heads/selection.js';
import { labelledColumns } from '../../labels/class-selection.js';
import type { CutCandidates, ImageCandidates } from '../../types/candidates.js';
import type { LabelList, Tensors } from '../../types/model.js';
import type { Geometry } from '../../types/pictures.js';
import type { CandidateRecording, Candidates, PostprocessPlan } from '../../types/plan.js';
import { someCandidates } from '../select/some-candidates.js';
import { strongest } from '../suppress/method.js';

/** What is recorded of a model's candidates: everything that a plan can use, and whatever reaches the floor. */
export function candidateRecording(
  plan: PostprocessPlan,
  { floor: wanted, max }: { floor: number; max: number },
): CandidateRecording {
  const lowest = plan.selection.scoreThresholds.reduce((low, each) => (each < low ? each : low), wanted);
  const labelled = labelledColumns(plan.labels);
  const scoreThresholds = new Float64Array(plan.labels.length).fill(lowest);
  const of = (single: boolean) => selectClasses({ scoreThresholds, labelled, single });
  return { floor: lowest, max, all: of(false), best: of(true) };
}

/**
 * The candidates in a model's outputs, from the floor on; the lowest ones are cut off where there are more than `max`.
 *
 * @throws SigboxError E_MODEL  the outputs do not have the dims that the head promises
 */
export function recordCandidates(
  outputs: Tensors,
  spec: HeadSpec,
  geometry: Geometry,
  { floor, max, all, best }: CandidateRecording,
): Omit<ImageCandidates, 'model'> {
  const head = headOf(spec);
  const found = head.candidates(outputs, spec, geometry, all);
  const { candidates, cut } = strongestOf(found, max);
  const ofRows = head.finished === true ? null : head.candidates(outputs, spec, geometry, best);
  const { rows, classIds, scores, boxes, space } = candidates;
  return { geometry, space, rows, classIds, scores, boxes, best: bestFlags(candidates, ofRows), floor, cut };
}

function strongestOf(candidates: Candidates, max: number): { candidates: Candidates; cut: CutCandidates | null } {
  const count = candidates.scores.length - max;
  if (count <= 0) return { candidates, cut: null };
  const order = strongest(candidates, candidates.scores.length);
  const cut = { count, highest: candidates.scores[order[max]!]! };
  return { candidates: someCandidates(candidates, order.slice(0, max).sort()), cut };
}

/** @param ofRows  the best of each row, both by row; null: a row has one candidate at most, which competes with other rows */
function bestFlags({ rows, classIds }: Candidates, ofRows: Candidates | null): Uint8Array {
  const flags = new Uint8Array(rows.length);
  if (ofRows === null) return flags;
  for (let i = 0, k = 0; i < rows.length; i++) {
    while (k < ofRows.rows.length && ofRows.rows[k]! < rows[i]!) k++;
    if (ofRows.rows[k] === rows[i] && ofRows.classIds[k] === classIds[i]) flags[i] = 1;
  }
  return flags;
}

/** Whether labels are missing that candidates were recorded with, so that other classes may be the best of their rows. */
export function dropsLabels(labels: LabelList, recorded: LabelList): boolean {
  return recorded.some((label, classId) => label !== null && (labels[classId] ?? null) === null);
}
