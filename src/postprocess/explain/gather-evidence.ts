import { type HeadSpec, headOf } from '../../heads/index.js';
import { selectClasses } from '../../heads/selection.js';
import type { Box } from '../../types/detections.js';
import type { EvidenceRow, ScoreEvidence } from '../../types/explanations.js';
import type { Tensors } from '../../types/model.js';
import type { Geometry } from '../../types/pictures.js';
import type { Candidates, PostprocessPlan } from '../../types/plan.js';
import { type Find, suppressBestFirst } from '../best-first.js';
import { imageDetections } from '../detections.js';
import { labelRegions } from '../regions/label-regions.js';
import { restoreBox } from '../regions/restore.js';
import { restoreDetections } from '../regions/restore-detections.js';
import { findCandidates } from '../select/find-candidates.js';

/** Rows besides those of detections, by their best scores. */
const MORE_ROWS = 400;
/** Columns that are read at a time: a place in memory for every row and column is too much for a thousand classes. */
const COLUMNS = 128;

/**
 * Detects, and gathers all scores of the rows that matter: those of detections, and those with the best scores besides.
 *
 * @param at  [x, y] in pixels of the image: of the other rows only those whose boxes contain it. null: all
 * @throws SigboxError E_MODEL  the outputs do not have the dims that the head promises
 */
export function gatherEvidence(
  outputs: Tensors,
  head: HeadSpec,
  { geometry, plan, at }: { geometry: Geometry; plan: PostprocessPlan; at: readonly [number, number] | null },
): ScoreEvidence {
  const find: Find = (budget) => findCandidates(outputs, head, geometry, plan, budget);
  const suppressed = suppressBestFirst(find, plan);
  const boxes = restoreDetections(suppressed, geometry, plan);
  const found = imageDetections(labelRegions(boxes, plan), suppressed.candidates, geometry, plan);
  const kept = boxes.map(({ row, classId, score, box }) => ({ row, classId, score, box }));
  const wanted = bestRows(outputs, head, { geometry, plan, at });
  for (const { row } of kept) wanted.add(row);
  return { ...found, kept, rows: rowsOf(outputs, head, { geometry, plan, wanted }) };
}

interface Place {
  geometry: Geometry;
  plan: PostprocessPlan;
}

/** Rows by the best score that a wanted class has there. */
function bestRows(
  outputs: Tensors,
  head: HeadSpec,
  { geometry, plan, at }: Place & { at: readonly [number, number] | null },
): Set<number> {
  const asked = plan.scoreThresholds.map((threshold) => (Number.isNaN(threshold) ? Number.NaN : 0));
  const labelled = Uint16Array.from(asked.keys()).filter((column) => asked[column] === 0);
  const selection = selectClasses({ scoreThresholds: asked, labelled, single: true });
  const all = headOf(head).candidates(outputs, head, geometry, selection);
  const { rows, scores } = all;
  const near = Array.from(rows.keys()).filter((i) => at === null || isInside(boxAt(all, i, geometry), at));
  near.sort((a, b) => scores[b]! - scores[a]! || a - b);
  return new Set(near.slice(0, MORE_ROWS).map((i) => rows[i]!));
}

function rowsOf(
  outputs: Tensors,
  head: HeadSpec,
  { geometry, plan, wanted }: Place & { wanted: ReadonlySet<number> },
): EvidenceRow[] {
  const columns = plan.labels.length;
  const found = new Map<number, EvidenceRow>();
  for (let from = 0; from < columns; from += COLUMNS) {
    const some = Uint16Array.from({ length: Math.min(COLUMNS, columns - from) }, (_, i) => from + i);
    const scoreThresholds = new Float64Array(columns).fill(Number.NaN);
    for (const column of some) scoreThresholds[column] = 0;
    const selection = selectClasses({ scoreThresholds, labelled: some, single: false });
    const all = headOf(head).candidates(outputs, head, geometry, selection);
    for (let i = 0; i < all.rows.length; i++) {
      const row = all.rows[i]!;
      if (!wanted.has(row)) continue;
      const own = found.get(row) ?? evidenceRow(row, boxAt(all, i, geometry), columns);
      if (own === null) continue;
      own.scores[all.classIds[i]!] = all.scores[i]!;
      found.set(row, own);
    }
  }
  return [...found.values()].sort((a, b) => a.row - b.row);
}

function evidenceRow(row: number, box: Box | null, columns: number): EvidenceRow | null {
  return box === null ? null : { row, box, scores: new Float32Array(columns).fill(Number.NaN) };
}

function boxAt({ boxes, space }: Candidates, i: number, geometry: Geometry): Box | null {
  return restoreBox(boxes, i, { geometry, space });
}

export function isInside(box: Box | null, [x, y]: readonly [number, number]): boolean {
  return box !== null && x >= box[0] && x < box[2] && y >= box[1] && y < box[3];
}
