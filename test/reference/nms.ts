import type { Candidates } from '../../src/types/plan.js';

/**
 * Greedy non-maximum suppression, separately for each class, as its definition says: take the best of what is left,
 * strike out what overlaps it, again. Slow, in double precision; `suppress` is compared with it.
 */
export function nms({ scores, classIds, boxes }: Candidates, iouThreshold: number, maxDetections: number): number[] {
  let left = Array.from(scores, (_, i) => i);
  const kept: number[] = [];
  while (left.length > 0) {
    const best = left.reduce((a, b) => (scores[b] > scores[a] ? b : a)); // ties: the lower number
    kept.push(best);
    left = left.filter(
      (i) => i !== best && !(classIds[i] === classIds[best] && overlap(boxes, i, best) > iouThreshold),
    );
  }
  return kept.slice(0, maxDetections);
}

/** Intersection over union; a box that is empty, inverted or not a number has no area and meets nothing. */
function overlap(boxes: Float32Array, i: number, j: number): number {
  const [a, b] = [i, j].map((row) => Array.from(boxes.subarray(4 * row, 4 * row + 4)));
  const shared = [0, 1].map((axis) => Math.max(a[axis], b[axis]));
  const ends = [2, 3].map((axis) => Math.min(a[axis], b[axis]));
  const common = area([...shared, ...ends]);
  return common === 0 ? 0 : common / (area(a) + area(b) - common);
}

function area([x1, y1, x2, y2]: number[]): number {
  return x2 > x1 && y2 > y1 ? (x2 - x1) * (y2 - y1) : 0;
}
