import type { Box } from '../../types/detections.js';
import type { Geometry } from '../../types/pictures.js';
import type { Candidates, SizeLimits } from '../../types/plan.js';
import { restoreBox } from '../regions/restore.js';
import { someCandidates } from './some-candidates.js';

export function limitsSize({ minSide, maxSide, minArea, maxArea }: SizeLimits): boolean {
  return minSide > 0 || minArea > 0 || maxSide < Number.POSITIVE_INFINITY || maxArea < Number.POSITIVE_INFINITY;
}

/** Whether a box is within the limits, which count in its own unit. */
export function fitsSize([x1, y1, x2, y2]: Box, { minSide, maxSide, minArea, maxArea }: SizeLimits): boolean {
  const [width, height] = [x2 - x1, y2 - y1];
  if (Math.min(width, height) < minSide || Math.max(width, height) > maxSide) return false;
  return width * height >= minArea && width * height <= maxArea;
}

/**
 * The candidates whose boxes, inside the image and in its pixels, are within the limits. Others neither suppress nor
 * count.
 *
 * @returns the candidates themselves where there are no limits
 */
export function withinLimits(candidates: Candidates, geometry: Geometry, limits: SizeLimits): Candidates {
  if (!limitsSize(limits)) return candidates;
  const { boxes, space } = candidates;
  const fitting = [...candidates.scores.keys()].filter((i) => {
    const box = restoreBox(boxes, i, { geometry, space });
    return box !== null && fitsSize(box, limits);
  });
  return someCandidates(candidates, Uint32Array.from(fitting));
}
