import { someCandidates } from '../postprocess/select/some-candidates.js';
import type { Tensors } from '../types/model.js';
import type { Geometry } from '../types/pictures.js';
import type { Candidates } from '../types/plan.js';
import type { View } from '../types/views.js';

/** Strides of the three levels of YOLO heads, the finest first, as their rows lie. */
const STRIDES = [8, 16, 32];
/** Boxes per cell that such heads have. */
const ANCHORS = [1, 3];

/**
 * The candidates of a view without those of the level that it leaves out. Only heads whose rows are those of three levels with
 * strides of 8, 16 and 32 have such levels; the candidates of others are left as they are.
 *
 * Source: what augment=True of Ultralytics does with the tails of its largest and its smallest view.
 */
export function withoutLevel(
  candidates: Candidates,
  { without }: Pick<View, 'without'>,
  { outputs, geometry }: { outputs: Tensors; geometry: Pick<Geometry, 'inputWidth' | 'inputHeight'> },
): Candidates {
  if (without === undefined) return candidates;
  const levels = rowsOfLevels(outputs, geometry);
  if (levels === null) return candidates;
  const [first, last] = without === 'finest' ? [levels.finest, levels.all] : [0, levels.all - levels.coarsest];
  const { rows } = candidates;
  const kept = [...rows.keys()].filter((i) => rows[i]! >= first && rows[i]! < last);
  return kept.length === rows.length ? candidates : someCandidates(candidates, Uint32Array.from(kept));
}

/** @returns null for outputs that are not of such a head */
function rowsOfLevels(outputs: Tensors, { inputWidth, inputHeight }: Pick<Geometry, 'inputWidth' | 'inputHeight'>) {
  const cells = STRIDES.map((stride) => (inputWidth / stride) * (inputHeight / stride));
  const all = cells.reduce((sum, each) => sum + each, 0);
  const anchors = ANCHORS.find((count) => Object.values(outputs).some(({ dims }) => dims.includes(count * all)));
  if (anchors === undefined || !Number.isInteger(cells.at(-1))) return null;
  return { all: anchors * all, finest: anchors * cells[0]!, coarsest: anchors * cells.at(-1)! };
}
