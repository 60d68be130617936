import { nearLogit, softmaxRows } from '../../kernels/maths/activation.js';
import { firstOfLabel } from '../../labels/label-map.js';
import type { Detection } from '../../types/detections.js';
import type { EvidenceRow, ExplainedScore, ScoreEvidence, ScoreOutcome, Suppressor } from '../../types/explanations.js';
import type { PostprocessPlan } from '../../types/plan.js';
import { calibrated } from '../options/calibration.js';
import { overlapBy } from '../suppress/measures.js';

/** What scores are explained by. */
export interface ScoreContext {
  /** Of the options, not lowered for the sake of rules. */
  plan: PostprocessPlan;
  kept: ScoreEvidence['kept'];
  /** Whether the head's scores are a softmax. */
  isSoftmax: boolean;
}

/** The scores of a row that no region has, highest first. */
export function scoresOfRow(row: EvidenceRow, context: ScoreContext): ExplainedScore[] {
  return scoresAt(() => row, null, context);
}

/**
 * The scores of all classes with a label, highest first; equal scores: lower class number first.
 *
 * @param rowOf   the row that has the score of a class
 * @param region  null: the place became none
 */
export function scoresAt(
  rowOf: (classId: number) => EvidenceRow,
  region: Pick<Detection, 'labels' | 'dropped'> | null,
  context: ScoreContext,
): ExplainedScore[] {
  const { plan } = context;
  const softmaxes = new Map<EvidenceRow, Float32Array | null>();
  const softmaxOf = (row: EvidenceRow) => {
    if (!softmaxes.has(row)) softmaxes.set(row, softmaxOfRow(row, context.isSoftmax));
    return softmaxes.get(row)!;
  };
  const first = firstOfLabel(plan.labels);
  const scores: ExplainedScore[] = [];
  for (const [classId, label] of plan.labels.entries()) {
    if (label === null || first[classId] !== classId) continue;
    const row = rowOf(classId);
    const column = bestColumn(row, classId, first);
    const raw = row.scores[column]!;
    if (Number.isNaN(raw)) continue;
    const curve = plan.calibrations[column] ?? null;
    const score = curve === null ? raw : Math.fround(calibrated(curve, raw));
    const limit = plan.scoreThresholds[classId]!;
    const own = { label, classId, logit: nearLogit(raw), raw, softmax: softmaxOf(row)?.[column] ?? null, score };
    const threshold = Number.isNaN(limit) ? null : limit;
    scores.push({ ...own, threshold, ...outcomeOf({ classId, score, threshold, row }, region, context) });
  }
  return scores.sort((a, b) => b.score - a.score || a.classId - b.classId);
}

/** Of several columns with one label, the one with the best score. */
function bestColumn({ scores }: EvidenceRow, classId: number, first: Uint16Array): number {
  let best = classId;
  for (let column = 0; column < first.length; column++) {
    if (first[column] === classId && !(scores[column]! <= scores[best]!)) best = column;
  }
  return best;
}

function softmaxOfRow({ scores }: EvidenceRow, isSoftmax: boolean): Float32Array | null {
  if (isSoftmax) return scores;
  if (scores.some(Number.isNaN)) return null;
  return softmaxRows(scores.map((score) => nearLogit(score)));
}

interface Scored {
  classId: number;
  score: number;
  threshold: number | null;
  row: EvidenceRow;
}

function outcomeOf(
  scored: Scored,
  region: Pick<Detection, 'labels' | 'dropped'> | null,
  context: ScoreContext,
): { outcome: ScoreOutcome; by?: Suppressor } {
  const { classId, score, threshold, row } = scored;
  const own = region?.labels.find((label) => label.classId === classId);
  if (own !== undefined) return { outcome: own.by === 'rule' ? 'added by a rule' : 'label' };
  if (region?.dropped?.some((label) => label.classId === classId)) return { outcome: 'dropped by a rule' };
  if (threshold === null) return { outcome: 'not wanted' };
  if (score < threshold) return { outcome: 'under its threshold' };
  if (context.kept.some((kept) => kept.row === row.row && kept.classId === classId)) {
    return { outcome: 'label of another region' };
  }
  if (context.plan.single && !isBestOfRow(scored, context.plan)) return { outcome: 'not the best of its box' };
  const by = suppressorOf(scored, context);
  return by === null ? { outcome: 'beyond a limit' } : { outcome: 'suppressed', by };
}

function isBestOfRow({ classId, row }: Scored, { labels }: PostprocessPlan): boolean {
  return row.scores.every((score, column) => labels[column] === null || !(score > row.scores[classId]!));
}

/** The detection that overlaps a score's box most, of those that suppress it. */
export function suppressorOf({ classId, score, row }: Scored, { plan, kept }: ScoreContext): Suppressor | null {
  const between = overlapBy(plan.measure, plan.diouBeta);
  const iouThreshold = plan.iouThresholds[classId]!;
  let found: Suppressor | null = null;
  for (const rival of kept) {
    const overlap = between(rival.box, row.box);
    const suppresses = plan.buckets[rival.classId] === plan.buckets[classId] && rival.score >= score;
    if (!suppresses || overlap <= iouThreshold || overlap <= (found?.overlap ?? 0)) continue;
    const { box, classId: other, score: best } = rival;
    found = { label: plan.labels[other]!, classId: other, score: best, box, overlap, iouThreshold };
  }
  return found;
}
