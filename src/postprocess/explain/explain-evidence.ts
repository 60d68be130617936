import type { RuledDetections } from '../../labels/rules/apply-rules.js';
import type { Box, Detection, RemovedRegion } from '../../types/detections.js';
import type {
  EvidenceRow,
  ExplainedMiss,
  ExplainedRegion,
  ExplainedScore,
  Explanation,
  ScoreEvidence,
} from '../../types/explanations.js';
import { iou } from '../suppress/measures.js';
import { type ScoreContext, scoresAt, scoresOfRow } from './explain-scores.js';
import { isInside } from './gather-evidence.js';

/** Suppressed detections that a region lists, near misses of an image, and of a single place in it. */
const SHOWN = { suppressed: 3, misses: 10, missesThere: 3 };

export interface ExplainOptions extends Omit<ScoreContext, 'kept'> {
  /** What rules and thresholds make of the detections; null: these are the answer */
  over: ((detections: readonly Detection[]) => RuledDetections) | null;
  /** [x, y] in pixels of the image; null: all regions */
  at: readonly [number, number] | null;
}

/** Regions, with the scores of all classes there, and places that nearly became regions. */
export function explainEvidence(
  evidence: ScoreEvidence,
  { over, at, ...rest }: ExplainOptions,
): Pick<Explanation, 'regions' | 'misses'> {
  const context: ScoreContext = { ...rest, kept: evidence.kept };
  const { detections, removed = [] } = over === null ? evidence : over(evidence.detections);
  const isShown = ({ box }: { box: Box }) => at === null || isInside(box, at);
  const shown = [...detections, ...removed.map(asRegion)].filter(isShown);
  const others = othersOf(evidence, context, at);
  const used = new Set<ExplainedMiss>();
  const regions = shown.map((region) => {
    const suppressed = others.filter((miss) => isSuppressedBy(miss, region)).slice(0, SHOWN.suppressed);
    for (const miss of suppressed) used.add(miss);
    return explained(region, evidence, context, suppressed);
  });
  return { regions, misses: missesOf(others, shown, used).slice(0, at === null ? SHOWN.misses : SHOWN.missesThere) };
}

function asRegion({
  box,
  dropped,
  violated,
}: RemovedRegion): Pick<Detection, 'box' | 'labels' | 'dropped' | 'violated'> {
  return { box, labels: [], dropped, violated };
}

type Region = ReturnType<typeof asRegion>;

function explained(
  { box, labels, dropped, violated }: Region,
  { kept, rows }: ScoreEvidence,
  context: ScoreContext,
  suppressed: ExplainedMiss[],
): ExplainedRegion {
  const byRow = new Map(rows.map((row) => [row.row, row]));
  const own = [...labels, ...(dropped ?? [])];
  const sources = own.flatMap(({ classId, score }) => {
    const near = kept.filter((each) => each.classId === classId && each.score <= score && iou(each.box, box) > 0);
    near.sort((a, b) => iou(b.box, box) - iou(a.box, box));
    return near.length === 0 ? [] : [[classId, near[0]!] as const];
  });
  const rowOfLabel = new Map(sources.map(([classId, { row }]) => [classId, byRow.get(row)]));
  const at = kept.find((each) => sameBox(each.box, box)) ?? sources[0]?.[1];
  const first = (at && byRow.get(at.row)) ?? nearestRow(rows, box);
  const scores =
    first === undefined
      ? []
      : scoresAt((classId) => rowOfLabel.get(classId) ?? first, { labels, ...(dropped && { dropped }) }, context);
  return { box, labels, ...(dropped && { dropped }), ...(violated && { violated }), scores, suppressed };
}

function sameBox(a: Box, b: Box): boolean {
  return a.every((edge, i) => edge === b[i]);
}

/** Of fused boxes no row has the very box. */
function nearestRow(rows: readonly EvidenceRow[], box: Box): EvidenceRow | undefined {
  return [...rows].sort((a, b) => iou(b.box, box) - iou(a.box, box))[0];
}

/** Rows that became no detection, the nearest to a threshold first. */
function othersOf({ kept, rows }: ScoreEvidence, context: ScoreContext, at: ExplainOptions['at']): ExplainedMiss[] {
  const taken = new Set(kept.map(({ row }) => row));
  return rows
    .filter(({ row, box }) => !taken.has(row) && (at === null || isInside(box, at)))
    .map((row) => ({ box: row.box, scores: scoresOfRow(row, context) }))
    .filter(({ scores }) => nearest(scores) !== undefined)
    .sort((a, b) => margin(nearest(b.scores)!) - margin(nearest(a.scores)!));
}

/** The score that is nearest to its threshold, or furthest above it. */
function nearest(scores: readonly ExplainedScore[]): ExplainedScore | undefined {
  const wanted = scores.filter(({ threshold }) => threshold !== null);
  return wanted.sort((a, b) => margin(b) - margin(a))[0];
}

function margin({ score, threshold }: ExplainedScore): number {
  return score - (threshold ?? Number.POSITIVE_INFINITY);
}

function isSuppressedBy({ scores }: ExplainedMiss, { box, labels, dropped = [] }: Region): boolean {
  const { by } = nearest(scores)!;
  if (by === undefined || iou(by.box, box) === 0) return false;
  return [...labels, ...dropped].some(({ classId }) => classId === by.classId) && iou(by.box, box) >= 0.5;
}

/** Of misses at one place the best, and none at a place where a region has the label already. */
function missesOf(
  others: readonly ExplainedMiss[],
  regions: readonly Region[],
  used: ReadonlySet<ExplainedMiss>,
): ExplainedMiss[] {
  const misses: ExplainedMiss[] = [];
  for (const miss of others) {
    const { classId, outcome } = nearest(miss.scores)!;
    if (used.has(miss) || outcome === 'suppressed') continue;
    const isThere = ({ box, labels, dropped = [] }: Region) =>
      [...labels, ...dropped].some((own) => own.classId === classId) && iou(box, miss.box) > 0.5;
    const isSaid = ({ box, scores }: ExplainedMiss) => nearest(scores)!.classId === classId && iou(box, miss.box) > 0.5;
    if (!regions.some(isThere) && !misses.some(isSaid)) misses.push(miss);
  }
  return misses;
}
