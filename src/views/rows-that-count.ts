import { someCandidates } from '../postprocess/select/some-candidates.js';
import type { RecordedCandidates } from '../types/candidates.js';
import type { Tensors } from '../types/model.js';
import type { Geometry } from '../types/pictures.js';
import type { Candidates } from '../types/plan.js';
import type { View } from '../types/views.js';

/** Strides of the three levels of YOLO heads, the finest first, as their rows lie. */
const STRIDES = [8, 16, 32];
/** Boxes per cell that such heads have. */
const ANCHORS = [1, 3];

/**
 * Which rows of a view count: not those of the level that it leaves out. Only heads whose rows are those of three levels with
 * strides of 8, 16 and 32 have such levels; all rows of others count.
 *
 * @returns from a row on, up to another one; null: all rows
 * Source: what augment=True of Ultralytics does with the tails of its largest and its smallest view.
 */
export function rowsThatCount(
  { without }: Pick<View, 'without'>,
  { outputs, geometry }: { outputs: Tensors; geometry: Pick<Geometry, 'inputWidth' | 'inputHeight'> },
): [first: number, end: number] | null {
  if (without === undefined) return null;
  const levels = rowsOfLevels(outputs, geometry);
  if (levels === null) return null;
  return without === 'finest' ? [levels.finest, levels.all] : [0, levels.all - levels.coarsest];
}

/** The candidates of rows that count. */
export function countedCandidates(candidates: Candidates, counted: readonly [number, number] | null): Candidates {
  const kept = keptOf(candidates.rows, counted);
  return kept === null ? candidates : someCandidates(candidates, kept);
}

/** The same of candidates as they are recorded. */
export function countedRecord(
  recorded: RecordedCandidates,
  counted: readonly [number, number] | null,
): RecordedCandidates {
  const kept = keptOf(recorded.rows, counted);
  if (kept === null) return recorded;
  const { rows, classIds, scores, boxes } = someCandidates(recorded, kept);
  return { ...recorded, rows, classIds, scores, boxes, best: Uint8Array.from(kept, (i) => recorded.best[i]!) };
}

function keptOf(rows: Uint32Array, counted: readonly [number, number] | null): Uint32Array | null {
  if (counted === null) return null;
  const [first, end] = counted;
  return Uint32Array.from([...rows.keys()].filter((i) => rows[i]! >= first && rows[i]! < end));
}

/** @returns null for outputs that are not of such a head */
function rowsOfLevels(outputs: Tensors, { inputWidth, inputHeight }: Pick<Geometry, 'inputWidth' | 'inputHeight'>) {
  const cells = STRIDES.map((stride) => (inputWidth / stride) * (inputHeight / stride));
  const all = cells.reduce((sum, each) => sum + each, 0);
  const anchors = ANCHORS.find((count) => Object.values(outputs).some(({ dims }) => dims.includes(count * all)));
  if (anchors === undefined || !Number.isInteger(cells.at(-1))) return null;
  return { all: anchors * all, finest: anchors * cells[0]!, coarsest: anchors * cells.at(-1)! };
}
