import { mappingOf } from '../postprocess/regions/restore.js';
import type { Candidates } from '../types/plan.js';
import { unflipped, type ViewCandidates } from './seen-candidates.js';

/**
 * The candidates of views of a whole image, one view after the other, in pixels of the image. Boxes are not clipped: they
 * suppress each other as they were found.
 *
 * @returns row ids are those of the views, made distinct
 */
export function allCandidates(seen: readonly ViewCandidates[]): Candidates {
  const fields = { rows: [] as number[], classIds: [] as number[], scores: [] as number[], boxes: [] as number[] };
  const perView = 1 + Math.max(0, ...seen.map(({ candidates: { rows } }) => rows[rows.length - 1] ?? 0));
  for (const [number, { view, geometry, candidates }] of seen.entries()) {
    const { rows, classIds, scores, boxes, space } = candidates;
    const { scaleX, scaleY, offsetX, offsetY } = mappingOf({ geometry, space });
    for (let i = 0; i < scores.length; i++) {
      const [x1, y1, x2, y2] = boxes.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number];
      const x = (value: number) => (value - offsetX) / scaleX;
      const y = (value: number) => (value - offsetY) / scaleY;
      fields.rows.push(number * perView + rows[i]!);
      fields.classIds.push(classIds[i]!);
      fields.scores.push(scores[i]!);
      fields.boxes.push(...unflipped([x(x1), y(y1), x(x2), y(y2)], view));
    }
  }
  return {
    rows: Uint32Array.from(fields.rows),
    classIds: Uint16Array.from(fields.classIds),
    scores: Float32Array.from(fields.scores),
    boxes: Float32Array.from(fields.boxes),
    space: 'image',
  };
}
